package network

// BatchNorm normalises each channel over batch, height and width, with epsilon 1e-5, and then scales and shifts it
// (Ioffe & Szegedy 2015). The running mean and variance are state, not params.
type BatchNorm struct{}

// Kind returns "batchnorm".
func (BatchNorm) Kind() string { return "batchnorm" }

// String returns "batchnorm".
func (BatchNorm) String() string { return "batchnorm" }

// Infer returns the shape of its one input.
func (BatchNorm) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost counts a scale and a shift for each channel.
func (BatchNorm) Cost(in []Shape) Cost { return Cost{Params: 2 * int64(in[0].C)} }

func (o BatchNorm) normal() Op { return o }
