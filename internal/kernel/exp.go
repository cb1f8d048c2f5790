package kernel

import "math"

// expParts returns q and s with exp(y) = s + s·q for y in [−87, 88], to which y is clamped (a NaN stays NaN):
// n = round(y/ln 2), r = y − n·ln 2 in two steps, s = 2^n, q = e^r − 1 = r + r²·P(r), where P of degree 4 interpolates
// (e^r − 1 − r)/r² at the Chebyshev points of |r| ≤ ln 2/2; the relative error of e^r is below 2·10⁻⁸ before rounding.
// The parts serve exp and expm1 alike: s·q + (s − 1) loses nothing near zero.
func expParts(y float32) (q, s float32) {
	y = atMost(atLeast(y, -87), 88)
	const shifter = 12582912 // 1.5·2²³: adding it rounds to an integer, which its low bits then hold
	t := fma32(y, 1.4426950408889634, shifter)
	n := t - shifter
	r := fma32(-n, 0.693145751953125, y)
	r = fma32(-n, 1.42860682028622e-06, r)
	p := float32(0.001392618358789702)
	p = fma32(p, r, 0.008363179052727866)
	p = fma32(p, r, 0.041666554617201146)
	p = fma32(p, r, 0.16666576989698692)
	p = fma32(p, r, 0.5)
	q = fma32(p, float32(r*r), r)
	return q, math.Float32frombits(math.Float32bits(t)<<23 + 0x3f800000)
}

// atLeast is max(c, x) that keeps a NaN x and the sign of a zero x, as VMAXPS does.
func atLeast(x, c float32) float32 {
	if c > x {
		return c
	}
	return x
}

// atMost is min(c, x) that keeps a NaN x.
func atMost(x, c float32) float32 {
	if c < x {
		return c
	}
	return x
}

func sigmoid(x float32) float32 {
	q, s := expParts(0 - x)
	return 1 / (fma32(q, s, s) + 1)
}

// tanh is m/(m+2) with m = exp(2x) − 1.
func tanh(x float32) float32 {
	q, s := expParts(x + x)
	m := fma32(q, s, s-1)
	return m / (m + 2)
}
