package lattice

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/space"
)

// maxItems bounds the items of a lattice while it is compiled: about a gigabyte.
const maxItems = 1 << 21

// items is what a lattice may have too many of.
const items = "items"

// end is the item of the finished network.
const end = 0

// step is a step while a lattice is compiled.
type step struct {
	choice int32
	next   int32
	cost   costs
}

// compiler turns the tree of a space into items and steps, by recursion with memoization. For the space
//
//	seq(choice depth {1: conv, 2: seq(conv, conv)}, choice op {a, b}, dense)
//
// it derives the frame (choice depth, then the rest). Both of its options lead to the frame (choice op, then dense) and, if the convolutions
// leave the shape alone, to the same shape; so that frame is compiled once, to one item of two steps, and the steps of depth, of different
// costs, both lead there.
type compiler struct {
	space       *space.Space
	bound       int
	numbers     map[any]int
	deciding    map[space.Node]bool
	effects     map[placeKey]effect
	cells       map[placeKey]*cellCosts
	frames      map[frameKey]*frame
	outcomes    map[stateKey]outcome
	closed      map[*space.Let]bool // Lets found not to leave their variable open
	opened      []string            // the variables opened by the derivations under way, outermost first
	itemNumbers map[string]int32    // items by decision and steps
	names       map[string]int32    // decisions by name and labels
	built       *Lattice
	onOperator  func(space.Operator) // called with every operator on the way; may be nil

	peakLimit         int64 // the most bytes of activations alive at once; 0 is ignored
	under             int64 // the most that anything came to within the limit, and the least that was beyond it: between the two
	over              int64 // all limits give the same
	constraints       [][]deferredConstraint
	constraintNumbers map[string]int32 // the numbers of lists of constraints, from 1, by their text
	chains            map[chainKey]*cellChain
	states            [][]cellState
	stateNumbers      map[string]int32 // the numbers of states, from 1, by their text
}

// Compile returns the lattice of a space. It is a [*TooLargeError] if that takes more than two million items, and an error if the
// space has no architecture.
//
// The number of items is at most the number of different (place in the tree, values of variables still read, shapes), not of
// architectures: depths, widths, kernels of twenty layers give thousands of items. What multiplies them is a variable that is decided
// early, used late, and on which shapes depend, or costs together with other variables.
func Compile(s *space.Space) (*Lattice, error) { return newCompiler(s, maxItems).compile() }

func newCompiler(s *space.Space, bound int) *compiler {
	return &compiler{
		space: s, bound: bound,
		numbers:           map[any]int{},
		deciding:          map[space.Node]bool{},
		effects:           map[placeKey]effect{},
		cells:             map[placeKey]*cellCosts{},
		frames:            map[frameKey]*frame{},
		outcomes:          map[stateKey]outcome{},
		closed:            map[*space.Let]bool{},
		itemNumbers:       map[string]int32{},
		names:             map[string]int32{},
		over:              math.MaxInt64,
		constraintNumbers: map[string]int32{},
		chains:            map[chainKey]*cellChain{},
		stateNumbers:      map[string]int32{},
		built:             &Lattice{space: s, definitions: builtIn(), decisionOf: []int32{-1}, first: []int32{0, 0}, memoryLimit: DefaultMemoryLimit},
	}
}

func (c *compiler) compile() (l *Lattice, err error) {
	s := c.space
	defer func() {
		if r := recover(); r != nil {
			tooLarge, ok := r.(*TooLargeError)
			if !ok {
				panic(r)
			}
			l, err = nil, tooLarge
		}
	}()
	if c.peakLimit > 0 {
		if _, fits := c.require(0, s.Input().Bytes(), 0, &liveTensors{}); !fits {
			return nil, &nothingFits{s}
		}
		c.built.peakLimit = c.peakLimit
	}
	o := c.derive(c.push(s.Root(), "", nil), nil, value{shape: s.Input()})
	if !o.fits {
		return nil, &nothingFits{s}
	}
	c.built.fixed = o.cost.plus(c.offsets())
	c.built.reach(o.item)
	names := map[string]bool{}
	for _, d := range c.built.decisions {
		c.built.ambiguous = c.built.ambiguous || names[d.Name]
		names[d.Name] = true
	}
	return c.built, nil
}

// nothingFits is the error of a space without architectures, or without any within a limit on memory.
type nothingFits struct{ space *space.Space }

func (e *nothingFits) Error() string {
	return fmt.Sprintf("space %q has no architecture that can be built", e.space.Name())
}

// decision returns the number of a decision.
func (c *compiler) decision(name string, options int, label func(i int) string) int32 {
	d := Decision{Name: name, Options: make([]string, options)}
	key := name
	for i := range d.Options {
		d.Options[i] = label(i)
		key += "\x00" + d.Options[i]
	}
	n, ok := c.names[key]
	if !ok {
		n = int32(len(c.built.decisions))
		c.names[key] = n
		c.built.decisions = append(c.built.decisions, d)
	}
	return n
}

// item returns the item of a decision with these steps.
func (c *compiler) item(decision int32, steps []step) int32 {
	key := binary.AppendUvarint(nil, uint64(decision))
	for _, s := range steps {
		key = binary.AppendUvarint(key, uint64(s.choice))
		key = binary.AppendUvarint(key, uint64(s.next))
		for _, x := range s.cost {
			key = binary.AppendUvarint(key, uint64(x))
		}
	}
	n, ok := c.itemNumbers[string(key)]
	if !ok {
		l := c.built
		n = int32(len(l.decisionOf))
		c.itemNumbers[string(key)] = n
		l.decisionOf = append(l.decisionOf, decision)
		l.steps = append(l.steps, steps...)
		l.first = append(l.first, int32(len(l.steps)))
	}
	return n
}
