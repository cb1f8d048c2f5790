package kernel

import "math"

// Act names an activation function. The zero value is the identity.
type Act uint8

// The activation functions. HSwish and HSigmoid are those of MobileNetV3 (Howard et al., 2019), GELU is the tanh
// form (Hendrycks and Gimpel, 2016).
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
	for i, v := range x {
		y[i] = actForward(act, v)
	}
}

// ActBackward computes dx = dy·act'(x), x being the input of the activation; dx may be dy or x.
func ActBackward(p *Pool, dx, dy, x []float32, act Act) {
	for i, v := range x {
		dx[i] = dy[i] * actSlope(act, v)
	}
}

func actForward(act Act, x float32) float32 {
	switch act {
	case ReLU:
		return max(x, 0)
	case ReLU6:
		return min(max(x, 0), 6)
	case HSwish:
		return x * hsigmoid32(x)
	case SiLU:
		return x * sigmoid32(x)
	case Sigmoid:
		return sigmoid32(x)
	case HSigmoid:
		return hsigmoid32(x)
	case Tanh:
		return float32(math.Tanh(float64(x)))
	case GELU:
		return x * sigmoid32(geluInner(x))
	}
	return x
}

func actSlope(act Act, x float32) float32 {
	switch act {
	case ReLU:
		if x > 0 {
			return 1
		}
		return 0
	case ReLU6:
		if x > 0 && x < 6 {
			return 1
		}
		return 0
	case HSwish:
		switch {
		case x <= -3:
			return 0
		case x >= 3:
			return 1
		}
		return x/3 + 0.5
	case SiLU:
		s := sigmoid32(x)
		return s * (1 + x*(1-s))
	case Sigmoid:
		s := sigmoid32(x)
		return s * (1 - s)
	case HSigmoid:
		if x > -3 && x < 3 {
			return 1. / 6
		}
		return 0
	case Tanh:
		t := float32(math.Tanh(float64(x)))
		return 1 - t*t
	case GELU:
		s := sigmoid32(geluInner(x))
		return s + x*s*(1-s)*(1.5957691216*(1+0.134145*x*x))
	}
	return 1
}

func geluInner(x float32) float32 { return 1.5957691216 * (x + 0.044715*x*x*x) }

func sigmoid32(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func hsigmoid32(x float32) float32 { return min(max(x+3, 0), 6) * (1. / 6) }
