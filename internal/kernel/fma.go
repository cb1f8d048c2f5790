package kernel

import "math"

// fma32 returns a·b+c with one rounding, as the machine's float32 fused multiply-add does.
//
// The product of two float32 is exact in float64. The sum is then rounded to 53 bits and again to 24, which is wrong
// only when the first rounding lands on (or leaves) the middle between two float32; then the sum is re-rounded to
// odd (Boldo and Melquiond, 2008: "Emulation of FMA and correctly rounded sums"), after which the second rounding is right.
func fma32(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	z := float64(c)
	s := p + z
	bits := math.Float64bits(s)
	if bits&0x1fffffff != 0x10000000 && bits<<1 >= 0x381<<54 {
		return float32(s) // not at a middle, and not below the smallest normal float32 where middles lie elsewhere
	}
	return fmaOdd(p, z, s)
}

// fmaOdd rounds p+z to odd at 53 bits and the result to float32; s is p+z rounded to nearest.
func fmaOdd(p, z, s float64) float32 {
	if math.IsInf(s, 0) || s != s {
		return float32(s)
	}
	pp := s - z
	err := (p - pp) + (z - (s - pp)) // exact error of s (Knuth's two-sum)
	if err == 0 {
		return float32(s)
	}
	bits := math.Float64bits(s)
	if bits&1 == 0 {
		if (err > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
	}
	return float32(math.Float64frombits(bits))
}
