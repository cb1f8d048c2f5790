package study

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Origins of the trials that no strategy proposed.
const (
	OriginFinalist = "finalist"
	OriginBaseline = "baseline"
	OriginBest     = "best" // of an earlier stage, in a stage that is not that of the finalists
	OriginList     = "list"
)

// Network is a network with a name, such as a hand-designed one to compare with.
type Network struct {
	Name  string
	Graph *network.Graph
}

// FromNetworks is the source of named networks, each tried repeats times (at least once). The k-th repeats of a study's finalists and networks share
// their seed.
func FromNetworks(repeats int, networks ...Network) Source {
	return networkSource{networks, max(1, repeats)}
}

type networkSource struct {
	networks []Network
	repeats  int
}

func (s networkSource) String() string { return fmt.Sprintf("%d networks", len(s.networks)) }

// check implements checked.
func (s networkSource) check([]string, []string, []store.PriorStudy) error {
	for i, n := range s.networks {
		if n.Name == "" || n.Graph == nil {
			return fmt.Errorf("network %d needs a name and a graph", i+1)
		}
		for _, earlier := range s.networks[:i] {
			if earlier.Name == n.Name {
				return fmt.Errorf("two networks are named %s", n.Name)
			}
		}
	}
	return nil
}

// Open implements Source.
func (s networkSource) Open(_ *store.History, o Opening) (Feed, Choice, error) {
	if err := s.check(nil, nil, nil); err != nil {
		return nil, Choice{}, err
	}
	var out list
	for k := range s.repeats {
		for _, n := range s.networks {
			out = append(out, Candidate{Trial: trial.Trial{Name: n.Name, Network: n.Graph, Seed: finalSeed(o.Seed, k)}, Origin: OriginBaseline})
		}
	}
	return &out, Choice{}, nil
}

// FromList is the source of given architectures, in their order.
func FromList(archs ...space.Arch) Source { return listSource(archs) }

type listSource []space.Arch

func (s listSource) String() string { return fmt.Sprintf("list of %d", len(s)) }

// Open implements Source.
func (s listSource) Open(_ *store.History, o Opening) (Feed, Choice, error) {
	var out list
	for i, a := range s {
		out = append(out, Candidate{Trial: trial.Trial{Arch: a, Seed: stream.Seed(o.Seed, o.Stage, uint64(i))}, Origin: OriginList})
	}
	return &out, Choice{}, nil
}

// list is a feed that knows its candidates beforehand.
type list []Candidate

// Next implements Feed.
func (l *list) Next(trial.ID) (Candidate, search.State, error) {
	if len(*l) == 0 {
		return Candidate{}, search.Done, nil
	}
	c := (*l)[0]
	*l = (*l)[1:]
	return c, search.Ready, nil
}

// Tell implements Feed.
func (l *list) Tell(trial.Result) {}

// finalSeed is the seed of the k-th repeat of every finalist and network.
func finalSeed(study uint64, k int) uint64 { return stream.Seed(study, "final", uint64(k)) }
