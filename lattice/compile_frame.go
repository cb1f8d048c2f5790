package lattice

import (
	"encoding/binary"
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// frame is what is left of a derivation: something to do with the tensor that comes in, and then next. Equal frames are one
// pointer, so that a frame, an env and a shape name an item. A nil frame is the end of the network.
type frame struct {
	kind     frameKind
	node     space.Node
	scope    string
	i, j     int             // how far the node is derived
	shapes   []network.Shape // of tensors that the rest of the node needs
	liveness liveness        // where memory is limited
	next     *frame
	number   int
	vars     []string    // free variables of all that is left, sorted
	live     liveTensors // by all that is left, where memory is limited
}

type frameKind uint8

const (
	whole    frameKind = iota // derive the node from the start
	branches                  // of a *space.Parallel: the tensor comes from branch i; shapes are the input and the join so far
	edges                     // of a *space.Dag: the tensor comes from edge j to node i+1; shapes are the nodes and the sum so far
	layers                    // of a *space.Skips: the tensor comes from layer i; shapes are the outputs of the layers before
	genes                     // of a *space.Cells: gene j of kind i is to be decided; the tensor is what entered the first cell
	links                     // of a *space.Skips: link j of layer i is to be decided; shapes as above
	sums                      // of a *space.Residual, where memory is limited: the tensor comes from the body; shapes are the input
)

type frameKey struct {
	kind     frameKind
	node     space.Node
	scope    string
	i, j     int
	shapes   string
	liveness string
	next     *frame
}

// frame returns the one frame of these properties.
func (c *compiler) frame(f frame) *frame {
	key := frameKey{f.kind, f.node, f.scope, f.i, f.j, shapesKey(f.shapes), f.liveness.key(), f.next}
	if known, ok := c.frames[key]; ok {
		return known
	}
	f.number = len(c.frames)
	f.vars = c.frameVars(&f)
	if c.peakLimit > 0 {
		f.live = f.liveBehind()
	}
	c.frames[key] = &f
	return &f
}

// push returns the frame that derives n and goes on with next.
func (c *compiler) push(n space.Node, scope string, next *frame) *frame {
	return c.frame(frame{kind: whole, node: n, scope: scope, next: next})
}

func shapesKey(shapes []network.Shape) string {
	var key []byte
	for _, s := range shapes {
		key = binary.AppendUvarint(key, uint64(s.H))
		key = binary.AppendUvarint(key, uint64(s.W))
		key = binary.AppendUvarint(key, uint64(s.C))
	}
	return string(key)
}

func (c *compiler) frameVars(f *frame) []string {
	var vars []string
	if f.next != nil {
		vars = slices.Clone(f.next.vars)
	}
	for _, n := range f.left() {
		vars = append(vars, c.space.Vars(n)...)
	}
	slices.Sort(vars)
	return slices.Compact(vars)
}

// left returns the nodes that are still to be derived before next.
func (f *frame) left() []space.Node {
	switch n := f.node.(type) {
	case *space.Parallel:
		if f.kind == branches {
			return n.Branches[f.i+1:]
		}
	case *space.Dag:
		if f.kind == edges {
			var out []space.Node
			for k := f.i; k < len(n.Nodes); k++ {
				for j, e := range n.Nodes[k] {
					if k > f.i || j > f.j {
						out = append(out, e.Node)
					}
				}
			}
			return out
		}
	case *space.Skips:
		if f.kind != whole {
			return n.Layers[f.i+1:]
		}
	}
	return []space.Node{f.node}
}

const depthName = space.DepthName

// under returns the path of a place inside a scope; either may be empty.
func under(scope, place string) string {
	if scope == "" || place == "" {
		return scope + place
	}
	return scope + "." + place
}
