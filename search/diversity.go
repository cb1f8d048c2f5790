package search

import (
	"fmt"

	"github.com/trellis-nas/trellis/space"
)

// Diverse is an optional ability of a Strategy: it says how diverse its proposals are, so that a search that has collapsed on a few
// architectures is seen.
type Diverse interface {
	Strategy
	Diversity() Diversity
}

// Diversity says how diverse the proposals of a strategy are.
type Diversity struct {
	Variety           // of its latest proposals
	Entropy   float64 // of what it draws from, in nats
	Repeats   float64 // share of known architectures among what it draws: a running mean over some fifty draws
	Bonus     float64 // of entropy, at present
	Collapses int     // proposals for which it drew nothing new
	Restarts  int
}

// String returns a sentence for people.
func (d Diversity) String() string {
	text := fmt.Sprintf("the policy has an entropy of %.1f nats, its proposals differ in %.0f%% of their decisions, and %.0f%% of what it draws is known", d.Entropy, 100*d.Distance, 100*d.Repeats)
	if d.Collapses > 0 {
		text += fmt.Sprintf("; it collapsed %d times and was restarted %d times", d.Collapses, d.Restarts)
	}
	return text
}

func (d *Diversity) drew(fresh bool) {
	const blend = 0.02
	known := 1.0
	if fresh {
		known = 0
	}
	d.Repeats += blend * (known - d.Repeats)
}

// proposedLately holds the latest proposals, as many as a look at variety takes into account.
type proposedLately []space.Arch

func (l *proposedLately) add(a space.Arch) {
	*l = append(*l, a)
	if len(*l) > 2*Recent {
		*l = (*l)[1:]
	}
}
