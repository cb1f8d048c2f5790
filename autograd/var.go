package autograd

import "github.com/trellis-nas/trellis/tensor"

// Var is one value of a tape. Its storage exists once the tape is compiled; until then only its shape is known.
type Var struct {
	shape    tensor.Shape
	value    []float32
	grad     []float32
	producer int  // index of the operation that writes it, or -1 for inputs and parameters
	wants    bool // a gradient flows into it: it is a parameter or depends on one
	outside  bool // value (and gradient, if wanted) live outside the plan
	held     bool // its value must survive the whole step
	of       *Var // the Var whose storage it views, or nil
	share    *Var // the Var whose gradient buffer it shares, or nil; set by the planner
	took     bool // it alone uses the buffer it shares after all other readers, and may write to it
	plan     lives
}

// lives is what the planner learns about a Var: first and last step in which its value and its gradient are alive.
type lives struct {
	value, grad       tensor.Lifetime
	hasValue, hasGrad bool
}

// Shape returns the shape.
func (v *Var) Shape() tensor.Shape { return v.shape }

// Value returns the numbers of v. They are defined after Forward, and only for inputs, parameters and Vars passed to
// Hold: the memory of others may already serve another value.
func (v *Var) Value() []float32 { return v.value }

// Grad returns the gradient of a parameter or of a Var passed to Hold, defined after Backward, or nil if none flows into v.
func (v *Var) Grad() []float32 { return v.grad }

// root returns the Var that owns the storage of v's value.
func (v *Var) root() *Var {
	for v.of != nil {
		v = v.of
	}
	return v
}

// gradRoot returns the Var that owns the storage of v's gradient.
func (v *Var) gradRoot() *Var {
	for v.share != nil {
		v = v.share
	}
	return v
}

// Param is a trained tensor: a name unique in its network, its value, and the gradient that Backward overwrites.
// Decay says whether weight decay applies; it spares biases and the scales and shifts of norms.
type Param struct {
	Name  string
	Value tensor.Tensor
	Grad  tensor.Tensor
	Decay bool
}

// NewParam returns a parameter of zeros.
func NewParam(name string, shape tensor.Shape, decay bool) Param {
	return Param{Name: name, Value: tensor.New(shape), Grad: tensor.New(shape), Decay: decay}
}
