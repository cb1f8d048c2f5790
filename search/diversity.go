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
	Entropy   float64 // of what it draws from, in nats
	Distance  float64 // mean Hamming distance of the latest proposals: decisions in which two of them differ
	Repeats   float64 // share of known architectures among what it draws: a running mean over some fifty draws
	Bonus     float64 // of entropy, at present
	Collapses int     // proposals for which it drew nothing new
	Restarts  int
}

// String returns a sentence for people.
func (d Diversity) String() string {
	text := fmt.Sprintf("the policy has an entropy of %.1f nats, its proposals differ in %.1f decisions, and %.0f%% of what it draws is known", d.Entropy, d.Distance, 100*d.Repeats)
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

// proposedLately holds the latest proposals.
type proposedLately []space.Arch

const recentProposals = 20

func (l *proposedLately) add(a space.Arch) {
	*l = append(*l, a)
	if len(*l) > recentProposals {
		*l = (*l)[1:]
	}
}

// distance returns the mean Hamming distance of two different ones, 0 if there are none.
func (l proposedLately) distance(s *space.Space) float64 {
	places, sum, pairs := newEncoding(s), 0, 0
	vectors := make([][]uint16, len(l))
	for i, a := range l {
		vectors[i] = places.learn(a)
		for _, b := range vectors[:i] {
			sum += hamming(vectors[i], b)
			pairs++
		}
	}
	if pairs == 0 {
		return 0
	}
	return float64(sum) / float64(pairs)
}
