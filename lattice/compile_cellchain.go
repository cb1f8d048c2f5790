package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// In a cell all nodes wait for the output, whatever is decided; only whether its two inputs are read again is open. So where memory is
// limited, an item of a cell stands for the deferred constraints on the inputs too, one for every cell of its kind that differs in shapes or in
// what is live beside it.

// cellPlace is a cell of a chain as far as memory is concerned. Equal ones are held once.
type cellPlace struct {
	live  liveTensors   // beside the cell, and its inputs
	in    [2]value      // the inputs
	node  network.Shape // of every node
	out   network.Shape
	edges [2][]effect // by source and operation
}

// cellChain is a chain of cells where memory is limited.
type cellChain struct {
	places      [][]cellPlace // by kind
	constraints int32         // of what the inputs of all cells go through
	fits        bool
	open        *conflict
}

type chainKey struct {
	node *space.Cells
	env  string
	x    value
	next *frame
}

// chain is remembered for every item.
func (c *compiler) chain(n *space.Cells, e env, x value, next *frame) *cellChain {
	e = e.only(c.space.Vars(n))
	x.constraints = 0
	key := chainKey{n, c.envKey(e), x, next}
	known, ok := c.chains[key]
	if !ok {
		known = c.chainNow(n, e, x, next.waiting())
		c.chains[key] = known
	}
	return known
}

func (c *compiler) chainNow(n *space.Cells, e env, x value, k *liveTensors) *cellChain {
	chain := &cellChain{places: make([][]cellPlace, len(n.Kinds)), fits: true}
	seen := map[string]bool{}
	x = c.numbered(x, k, 0)
	older, last := x, x
	for t, cell := range n.Chain {
		last = c.numbered(last, k, only(older.number))
		beside := *k
		if t+1 < len(n.Chain) {
			beside = beside.with(last.number, last.shape, true)
		}
		first, fits := c.enters(chain, cell.Older, e, older, k.with(last.number, last.shape, true))
		if !fits {
			return chain
		}
		first = c.numbered(first, k, only(older.number)|only(last.number))
		second, fits := c.enters(chain, cell.Last, e, last, beside.with(first.number, first.shape, true))
		if !fits {
			return chain
		}
		second = c.numbered(second, k, only(last.number)|only(first.number))
		kind := &n.Kinds[cell.Kind]
		place := cellPlace{in: [2]value{first, second}, live: beside.with(first.number, first.shape, false).with(second.number, second.shape, false)}
		in := first.shape
		for source, operations := range [][]space.Option{kind.On(fromInput), kind.Operations}[:min(2, kind.Nodes)] {
			for _, o := range operations {
				place.edges[source] = append(place.edges[source], c.plain(o.Node, e, in))
			}
			place.node = place.edges[source][0].out
			in = place.node
		}
		place.out = place.node
		place.out.C *= kind.Nodes
		if key := fmt.Sprint(cell.Kind, place.live, place.in, place.node); !seen[key] {
			seen[key] = true
			chain.places[cell.Kind] = append(chain.places[cell.Kind], place)
		}
		older, last = last, value{shape: place.out}
	}
	return chain
}

// enters returns what an input of a cell goes through, or notes in the chain why it cannot.
func (c *compiler) enters(chain *cellChain, n space.Node, e env, x value, k liveTensors) (value, bool) {
	x.constraints = chain.constraints
	out, open, fits := c.through(x, c.plain(n, e, x.shape), &k)
	chain.constraints, chain.open, chain.fits = out.constraints, open, fits
	return value{shape: out.shape, number: out.number}, fits
}
