package kernel

import "math"

// exp is eʸ for y in [−87, 88], clamped, in float32 and the same on every machine.
func exp(y float32) float32 {
	q, s := expParts(y)
	return fma32(q, s, s)
}

// log is the natural logarithm of a positive finite x, the same on every machine (math.Log is not: some have it in
// assembly). With x = m·2^e and √½ ≤ m < √2 it is e·ln 2 + 2·artanh((m−1)/(m+1)), the series taken to the 21st power.
func log(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	s := (m - 1) / (m + 1)
	z := float64(s * s)
	sum := 0.0
	for k := 21; k >= 1; k -= 2 {
		sum = float64(sum*z) + 1/float64(k)
	}
	return float64(float64(e)*math.Ln2) + float64(2*s*sum)
}

// power is bⁿ for n ≥ 0 by repeated squaring, the same on every machine.
func power(b float64, n int) float64 {
	r := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r *= b
		}
		b *= b
	}
	return r
}

// Gumbel returns the quantile −log(−log u) of the standard Gumbel distribution for u in (0, 1), the same on every machine.
func Gumbel(u float64) float64 { return -log(-log(u)) }
