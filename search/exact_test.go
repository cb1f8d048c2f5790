package search_test

import (
	"cmp"
	"iter"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
)

// shuffled orders a region by the seed of the problem, which an order that is given does not see.
func shuffled(p search.Problem) iter.Seq[space.Arch] {
	all := make([]space.Arch, p.Region.Count().Int64())
	for i := range all {
		all[i], _ = p.Region.Unrank(big.NewInt(int64(i)))
	}
	stream.New(p.Seed, "order").Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return slices.Values(all)
}

func TestAnExactSearchKeepsTheContractOfStrategies(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy { return search.NewExact(p, shuffled(p)) })
}

func TestAnExactSearchProposesTheBestOfALatticeInOrderAndEndsWithTheWorst(t *testing.T) {
	l, err := lattice.Compile(conform.Space(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	_, most := must(l.Within()).Range(lattice.MACs)
	region := must(l.Within(lattice.AtMost(lattice.MACs, most/2)))
	var want []float64
	for i := range region.Count().Int64() {
		a, err := region.Unrank(big.NewInt(i))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, scoreOf(region.Space(), a))
	}
	slices.SortFunc(want, func(a, b float64) int { return cmp.Compare(b, a) })
	s := search.NewExact(search.Problem{Region: region}, func(yield func(space.Arch) bool) {
		for b := range region.Best(weight) {
			if !yield(b.Arch) {
				return
			}
		}
	})
	seen := map[space.Arch]bool{}
	for i, score := range want {
		p, state := s.Ask(1)
		if state != search.Ready || len(p) != 1 || seen[p[0].Arch] || p[0].Origin != search.OriginBest {
			t.Fatalf("proposal %d of %d is %v (%s)", i, len(want), p, state)
		}
		seen[p[0].Arch] = true
		if got := scoreOf(region.Space(), p[0].Arch); got != score {
			t.Fatalf("proposal %d scores %v, and there is one of %v left", i, got, score)
		}
	}
	if p, state := s.Ask(1); state != search.Done || len(p) > 0 {
		t.Errorf("after all %d architectures it is %s", len(want), state)
	}
}

func must(r *lattice.CountedRegion, err error) *lattice.CountedRegion {
	if err != nil {
		panic(err)
	}
	return r
}

// worth scores an option of a decision.
func worth(decision, option string) (score float64) {
	for i, c := range decision + option {
		score += float64((i + 3) * int(c) % 17)
	}
	return score
}

func weight(s lattice.Step) float64 { return worth(s.Decision, s.Option) }

// scoreOf scores an architecture by its decisions.
func scoreOf(s *space.Space, a space.Arch) (score float64) {
	for _, d := range s.Decisions(a) {
		score += worth(d.Name, d.Options[d.Chosen])
	}
	return score
}
