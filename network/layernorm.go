package network

// LayerNorm normalises the channels of each position to mean 0 and variance 1, with epsilon 1e-5, and then scales and
// shifts each channel (Ba, Kiros & Hinton 2016).
type LayerNorm struct{}

// RMSNorm divides the channels of each position by their root mean square, with epsilon 1e-5, and then scales each
// channel (Zhang & Sennrich 2019).
type RMSNorm struct{}

// Kind returns "layernorm".
func (LayerNorm) Kind() string { return "layernorm" }

// String returns "layernorm".
func (LayerNorm) String() string { return "layernorm" }

// Infer returns the shape of its one input.
func (LayerNorm) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost counts a scale and a shift for each channel.
func (LayerNorm) Cost(in []Shape) Cost { return Cost{Params: 2 * int64(in[0].C)} }

func (o LayerNorm) normal() Op { return o }

// Kind returns "rmsnorm".
func (RMSNorm) Kind() string { return "rmsnorm" }

// String returns "rmsnorm".
func (RMSNorm) String() string { return "rmsnorm" }

// Infer returns the shape of its one input.
func (RMSNorm) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost counts a scale for each channel.
func (RMSNorm) Cost(in []Shape) Cost { return Cost{Params: int64(in[0].C)} }

func (o RMSNorm) normal() Op { return o }
