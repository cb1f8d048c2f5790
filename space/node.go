package space

import (
	"fmt"
	"strconv"

	"github.com/trellis-nas/trellis/network"
)

// Node is a part of a space: one of *[Leaf], *[Seq], *[Scope], *[Choice], *[Let], *[Case], *[Repeat], *[Parallel], *[Residual], *[Dag],
// *[Skips] and *[Cells]. Nodes are pointers and are compared by identity; one node may stand at several places of a tree, where it means the
// same but its decisions are separate. A node must not be changed once it is part of a Space.
type Node interface{ isNode() }

// Leaf appends a fixed little network.
type Leaf struct{ Block Block }

// Seq applies its nodes one after another. Without nodes it gives its input.
type Seq struct{ Nodes []Node }

// Scope puts a name before the names of the decisions in Body and around its operators in the network: a decision "kernel" in a scope
// "stage1" is called "stage1.kernel".
type Scope struct {
	Name string
	Body Node
}

// Choice is a decision between nodes, used once. With a single option it is no decision.
type Choice struct {
	Name    string
	Options []Option
}

// Option is one alternative of a [Choice]. Labels are unique in their Choice and hold no white space.
type Option struct {
	Label string
	Node  Node
}

// Let is a decision about the value of a variable, valid in Body: attributes read it by [Var], and [Case] nodes by its index. The
// decision is called like the variable. With a single value it is no decision but a constant with a name.
type Let struct {
	Var    string
	Values []Value
	Labels []string // one for each value; nil means the texts of the values
	Body   Node
}

// Label returns the label of value i.
func (l *Let) Label(i int) string {
	if l.Labels != nil {
		return l.Labels[i]
	}
	return l.Values[i].String()
}

// Bind returns env with the variable bound to value i: the environment of Body.
func (l *Let) Bind(env Env, i int) Env { return env.bind(l.Var, i, l.Values[i]) }

// Case goes on with the node at the index of the value that a variable of a surrounding [Let] has. It decides nothing.
type Case struct {
	Var    string
	Labels []string // if not nil, they must be the labels of the Let, as a check that the order of Nodes is the one intended
	Nodes  []Node   // one for each value of the Let
}

// Pick returns the node that the case goes on with under env.
func (c *Case) Pick(env Env) (Node, error) {
	i, err := c.index(env)
	if err != nil {
		return nil, err
	}
	return c.Nodes[i], nil
}

func (c *Case) index(env Env) (int, error) {
	i, ok := env.Index(c.Var)
	if !ok || i >= len(c.Nodes) {
		return 0, fmt.Errorf("variable $%s is not bound to one of %d values", c.Var, len(c.Nodes))
	}
	return i, nil
}

// Repeat applies Body as often as one of Counts says, and each copy has decisions of its own, in the scopes "block1", "block2" and so
// on. The decision about the count is called "depth"; with a single count there is none. A Name puts a scope around all of that.
type Repeat struct {
	Name   string
	Counts []int    // at least 0, each once
	Labels []string // one for each count; nil means the counts
	First  Node     // stands in for Body in the first copy, to change shape there; nil means Body
	Body   Node
}

// Label returns the label of count i.
func (r *Repeat) Label(i int) string {
	if r.Labels != nil {
		return r.Labels[i]
	}
	return strconv.Itoa(r.Counts[i])
}

// Copy returns the node of copy i, counted from 0.
func (r *Repeat) Copy(i int) Node {
	if i == 0 && r.First != nil {
		return r.First
	}
	return r.Body
}

// LeafOf returns the leaf of a block.
func LeafOf(b Block) *Leaf { return &Leaf{Block: b} }

// SeqOf returns the sequence of nodes.
func SeqOf(nodes ...Node) *Seq { return &Seq{Nodes: nodes} }

// Join says how several tensors become one.
type Join uint8

const (
	Add    Join = iota // the sum of tensors of one shape
	Concat             // the channels behind one another, of tensors of one height and width
)

// String returns "add" or "concat".
func (j Join) String() string {
	if j == Concat {
		return "concat"
	}
	return "add"
}

func (j Join) op() network.Op {
	if j == Concat {
		return network.Concat{}
	}
	return network.Add{}
}

// Shape returns the shape of tensors joined, or an error if they do not fit. One tensor stays as it is. Joining has no params and no MACs.
func (j Join) Shape(in ...network.Shape) (network.Shape, error) {
	if len(in) == 1 {
		return in[0], nil
	}
	return j.op().Infer(in)
}

// Parallel gives its input to every branch and joins what comes out. The branches have the scopes "branch1", "branch2" and so on.
// Derivations whose shapes do not fit are not part of the space.
type Parallel struct {
	Join     Join
	Branches []Node
}

// Residual adds its input to what Body makes of it if the two have the same shape, and otherwise is just Body.
type Residual struct{ Body Node }

// Dag is the body of a cell. Its node 0 is the input; node i+1 is the sum of what Nodes[i] brings to it. The edge from node j to node k has
// the scope "nodek.fromj". Derivations in which the shapes do not fit are not part of the space.
type Dag struct {
	Nodes  [][]Edge
	Output []int // the nodes that are joined to the output; nil means the last
	Join   Join  // of the output
}

// Edge leads from an earlier node of a [Dag] through Node.
type Edge struct {
	From int
	Node Node
}

// Outputs returns the nodes that are joined to the output.
func (d *Dag) Outputs() []int {
	if d.Output == nil {
		return []int{len(d.Nodes)}
	}
	return d.Output
}

// Skips is a chain of layers in which every layer decides which of the earlier ones feed it besides the last (the macro space of ENAS,
// Pham et al. 2018). The first layer gives out₁ = layer₁(x); layer k gives
//
//	outₖ = BatchNorm(layerₖ(outₖ₋₁) + Σ adapt(outⱼ)) over the chosen j < k,
//
// where adapt is an average pooling to the height and width of layerₖ and a pointwise convolution to its channels, each only where it
// is needed. After the decisions of layer k come k−1 binary ones, called "layerk.from-layerj" and labelled 0 and 1. The shapes that
// come out of a layer must not depend on its decisions.
type Skips struct {
	Layers []Node
	Names  []string // of the layers; nil means layer1, layer2 and so on
}

func (*Leaf) isNode()     {}
func (*Seq) isNode()      {}
func (*Scope) isNode()    {}
func (*Choice) isNode()   {}
func (*Let) isNode()      {}
func (*Case) isNode()     {}
func (*Repeat) isNode()   {}
func (*Parallel) isNode() {}
func (*Residual) isNode() {}
func (*Dag) isNode()      {}
func (*Skips) isNode()    {}
func (*Cells) isNode()    {}
