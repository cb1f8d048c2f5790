package search

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Derivation is an architecture of a region in the making. Whoever decides it option by option and takes only open ones, however
// they are chosen, ends in the region: nothing has to be rejected or repaired. *lattice.Derivation is one.
type Derivation interface {
	// Decision returns the next decision, as its place in Derivations.Decisions, or false if all are taken.
	Decision() (at int, ok bool)
	// Open returns the options of the next decision that lead to an architecture of the region, ascending; one at least unless all
	// decisions are taken. The slice is valid until the next call of Take.
	Open() []int
	// Take takes an open option, and panics if it is not.
	Take(option int)
	// Arch returns the architecture when all decisions are taken.
	Arch() space.Arch
}

// Derivations are the ways through a region, decision by decision.
type Derivations struct {
	Decisions []lattice.Decision // that a derivation may meet
	Longest   int                // the most decisions that one derivation meets
	begin     func() Derivation
}

// Begin returns the derivation in which nothing is decided yet.
func (d Derivations) Begin() Derivation { return d.begin() }

// maxEnumerated is how many architectures a region that is neither of a lattice nor a list may have to be written down as a list.
const maxEnumerated = 1 << 20

// DerivationsOf returns the derivations of a region: of a region of a lattice by its counts, of a list by its sorted rows. Another region
// is listed first, which is an error if it has more than about a million architectures.
func DerivationsOf(region Region) (Derivations, error) {
	if r, ok := region.(*lattice.CountedRegion); ok {
		l := r.Lattice()
		return Derivations{l.Decisions(), longest(l), func() Derivation { return r.Derive() }}, nil
	}
	l, err := listOf(region)
	if err != nil {
		return Derivations{}, err
	}
	return l.derivations()
}

// listOf returns a region as a list.
func listOf(region Region) (*Listed, error) {
	if l, ok := region.(*Listed); ok {
		return l, nil
	}
	n := region.Count()
	if n.Cmp(big.NewInt(maxEnumerated)) > 0 {
		return nil, fmt.Errorf("a region of %v architectures of space %s is neither of a lattice nor a list, and too large to be listed", n, region.Space().Name())
	}
	archs := make([]space.Arch, n.Int64())
	for i := range archs {
		a, err := region.Unrank(big.NewInt(int64(i)))
		if err != nil {
			return nil, err
		}
		archs[i] = a
	}
	return NewListed(region.Space(), archs)
}

// longest returns the most decisions of a derivation.
func longest(l *lattice.Lattice) int {
	return lattice.Fold(l, most{}, func(s lattice.Step) int {
		if s.Fixed {
			return 0
		}
		return 1
	})
}

// most is the semiring of the longest path; −1 is no path.
type most struct{}

func (most) Zero() int         { return -1 }
func (most) One() int          { return 0 }
func (most) Plus(a, b int) int { return max(a, b) }
func (most) Times(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

// ways are what derivations of a list need.
type ways struct {
	whole *lattice.CountedRegion // of the space, which says what is decided when
	rows  [][]int                // the choices of the listed architectures, sorted
}

func (l *Listed) findWays() (ways, error) {
	compiled, err := lattice.Compile(l.space)
	if err != nil {
		return ways{}, err
	}
	whole, err := compiled.Within()
	if err != nil {
		return ways{}, err
	}
	w := ways{whole, make([][]int, len(l.archs))}
	for i, a := range l.archs {
		w.rows[i] = a.Choices()
	}
	slices.SortFunc(w.rows, slices.Compare)
	return w, nil
}

func (l *Listed) derivations() (Derivations, error) {
	w, err := l.ways()
	if err != nil {
		return Derivations{}, err
	}
	begin := func() Derivation { return &listedDerivation{whole: w.whole.Derive(), rows: w.rows} }
	longest := slices.MaxFunc(w.rows, func(a, b []int) int { return len(a) - len(b) })
	return Derivations{w.whole.Lattice().Decisions(), len(longest), begin}, nil
}

// listedDerivation is a derivation of one of some architectures. No list of choices is the beginning of another one's.
type listedDerivation struct {
	whole *lattice.Derivation
	rows  [][]int // sorted; those that begin with what was taken
	depth int
	open  []int
}

func (d *listedDerivation) Decision() (int, bool) { return d.whole.Decision() }

func (d *listedDerivation) Open() []int {
	d.open = d.open[:0]
	for from := 0; from < len(d.rows) && d.depth < len(d.rows[0]); {
		option := d.rows[from][d.depth]
		d.open = append(d.open, option)
		from += d.beginWith(d.rows[from:], option)
	}
	return d.open
}

// beginWith returns how many of some rows go on with an option, where none goes on with a lower one.
func (d *listedDerivation) beginWith(rows [][]int, option int) int {
	n, _ := slices.BinarySearchFunc(rows, option+1, func(r []int, o int) int { return r[d.depth] - o })
	return n
}

func (d *listedDerivation) Take(option int) {
	below := d.beginWith(d.rows, option-1)
	d.rows = d.rows[below : below+d.beginWith(d.rows[below:], option)]
	if len(d.rows) == 0 {
		panic(fmt.Sprintf("search: option %d of decision %d leads to no architecture of the list", option, d.depth))
	}
	d.whole.Take(option)
	d.depth++
}

func (d *listedDerivation) Arch() space.Arch { return d.whole.Arch() }
