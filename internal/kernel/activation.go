package kernel

// Act names an activation function. The zero value is the identity.
type Act uint8

// The activation functions. HSwish and HSigmoid are those of MobileNetV3 (Howard et al., 2019), GELU is the tanh
// form (Hendrycks and Gimpel, 2016), written x·sigmoid(2·√(2/π)·(x + 0.044715·x³)).
const (
	None Act = iota
	ReLU
	ReLU6
	HSwish
	SiLU
	Sigmoid
	HSigmoid
	Tanh
	GELU
)

// ActForward computes y = act(x); y may be x.
func ActForward(p *Pool, y, x []float32, act Act) {
	p = p.or()
	p.flat(p.set.vec.actValue[act], y, x, nil)
}

// ActBackward computes dx = dy·act'(x), x being the input of the activation; dx may be dy or x. Where the slope is
// 0 or 1 (ReLU, ReLU6, HSwish, HSigmoid beyond their knees) dx is 0 or dy whatever dy is.
func ActBackward(p *Pool, dx, dy, x []float32, act Act) {
	p = p.or()
	p.flat(p.set.vec.actSlope[act], dx, dy, x)
}

func (act Act) value(x float32) float32 {
	switch act {
	case ReLU:
		return atLeast(x, 0)
	case ReLU6:
		return atMost(atLeast(x, 0), 6)
	case HSwish:
		return x * hsigmoid(x)
	case SiLU:
		return x * sigmoid(x)
	case Sigmoid:
		return sigmoid(x)
	case HSigmoid:
		return hsigmoid(x)
	case Tanh:
		return tanh(x)
	case GELU:
		s, _ := geluGate(x)
		return x * s
	}
	return x
}

// slope returns dy·act'(x).
func (act Act) slope(dy, x float32) float32 {
	switch act {
	case ReLU:
		return keep(dy, x > 0)
	case ReLU6:
		return keep(dy, x > 0 && x < 6)
	case HSwish:
		d := float32(dy * fma32(x, 1./3, 0.5))
		if !(x < 3) {
			d = dy
		}
		return keep(d, x > -3)
	case SiLU:
		s := sigmoid(x)
		return dy * fma32(x, fma32(-s, s, s), s)
	case Sigmoid:
		s := sigmoid(x)
		return dy * fma32(-s, s, s)
	case HSigmoid:
		return keep(float32(dy*(1./6)), x > -3 && x < 3)
	case Tanh:
		t := tanh(x)
		return dy * fma32(-t, t, 1)
	case GELU:
		s, u := geluGate(x)
		t := fma32(-s, s, s)
		return dy * fma32(float32(x*t), fma32(u, 3*geluCube, geluLinear), s)
	}
	return dy
}

func keep(v float32, when bool) float32 {
	if when {
		return v
	}
	return 0
}

func hsigmoid(x float32) float32 { return atMost(atLeast(x+3, 0), 6) * (1. / 6) }

const (
	geluLinear = 1.5957691216057308  // 2·√(2/π)
	geluCube   = 0.07135481627159225 // that times 0.044715
)

// geluGate returns the sigmoid of GELU and x².
func geluGate(x float32) (s, u float32) {
	u = x * x
	return sigmoid(float32(x * fma32(u, geluCube, geluLinear))), u
}
