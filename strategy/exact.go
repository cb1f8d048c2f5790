package strategy

import (
	"cmp"
	"fmt"
	"iter"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
)

// exactMethod is the search through the lattice in the order of a score file.
var exactMethod = Method{
	Name: "exact",
	Doc:  "the best architectures within the limits under a score file, in order, exactly, by dynamic programming on the lattice",
	Settings: []Setting{
		{Name: "score", Kind: Path, Doc: "the score file, see score-file.md; required"},
	},
	agree: func(v Values) (setting, fault string) {
		if !v.Given("score") {
			return "score", "exact needs the score file to follow, as its setting `score`"
		}
		return "", ""
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		path, text, err := v.File("score")
		if err != nil {
			return nil, err
		}
		order, err := bestFirst(p.Region, path, text)
		if err != nil {
			return nil, err
		}
		return search.NewExact(p, order), nil
	},
}

// listable is how many architectures a region that is none of a lattice may have to be ordered.
const listable = 1_000_000

// bestFirst returns the architectures of a region from the greatest score of a file to the least.
func bestFirst(region search.Region, path, text string) (iter.Seq[space.Arch], error) {
	r, ok := region.(*lattice.CountedRegion)
	if !ok {
		return listedFirst(region, path, text)
	}
	s, err := score.Parse(path, []byte(text), r.Lattice())
	if err != nil {
		return nil, err
	}
	if r, err = r.ForScore(s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return func(yield func(space.Arch) bool) {
		for b := range r.Best(s.Of) {
			if !yield(b.Arch) {
				return
			}
		}
	}, nil
}

// listedFirst is bestFirst for a region that is listed, as that of a published table: all are scored and sorted; of equal ones the first in the list
// comes first.
func listedFirst(region search.Region, path, text string) (iter.Seq[space.Arch], error) {
	l, err := lattice.Compile(region.Space())
	if err != nil {
		return nil, err
	}
	s, err := score.Parse(path, []byte(text), l)
	if err != nil {
		return nil, err
	}
	n := region.Count()
	if !n.IsInt64() || n.Int64() > listable {
		return nil, fmt.Errorf("exact: a list of %v architectures is too long to be ordered; %d are allowed", n, listable)
	}
	all := make([]lattice.Scored, n.Int64())
	for i := range all {
		a, err := region.Unrank(big.NewInt(int64(i)))
		if err != nil {
			return nil, err
		}
		score, err := l.Score(a, s)
		if err != nil {
			return nil, err
		}
		all[i] = lattice.Scored{Arch: a, Score: score}
	}
	slices.SortStableFunc(all, func(a, b lattice.Scored) int { return cmp.Compare(b.Score, a.Score) })
	return func(yield func(space.Arch) bool) {
		for _, b := range all {
			if !yield(b.Arch) {
				return
			}
		}
	}, nil
}
