package kernel

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// fmaBig is a·b+c computed exactly and rounded once.
func fmaBig(a, b, c float32) float32 {
	p := new(big.Float).SetPrec(2000).Mul(big.NewFloat(float64(a)), big.NewFloat(float64(b)))
	p.Add(p, big.NewFloat(float64(c)))
	f, _ := p.Float32()
	return f
}

func checkFMA(t interface{ Fatalf(string, ...any) }, a, b, c float32) {
	for _, v := range []float32{a, b, c} {
		if v != v || math.IsInf(float64(v), 0) {
			return
		}
	}
	got, want := fma32(a, b, c), fmaBig(a, b, c)
	if want == 0 && got == 0 {
		return // big.Float's sign of an exact zero differs from IEEE; the instruction itself is the judge of that
	}
	if math.Float32bits(got) != math.Float32bits(want) {
		t.Fatalf("fma32(%x, %x, %x) = %x; want %x", a, b, c, got, want)
	}
}

func TestFMARoundsOnceForAnyBits(t *testing.T) {
	bits := rapid.Uint32()
	rapid.Check(t, func(t *rapid.T) {
		checkFMA(t, math.Float32frombits(bits.Draw(t, "a")), math.Float32frombits(bits.Draw(t, "b")), math.Float32frombits(bits.Draw(t, "c")))
	})
}

// The hard cases: the sum lies within a hair of the middle of two float32, in the normal and the subnormal range.
func TestFMARoundsOnceNextToMiddles(t *testing.T) {
	hits := 0
	for exp := -149; exp < 100; exp += 3 {
		for mant := uint32(0); mant < 64; mant++ {
			for _, hair := range []int{-60, -30, -26, -25, -24, -2, -1, 0} {
				for _, sign := range []float32{1, -1, 0} {
					c := float32(math.Ldexp(float64(1<<23+mant*131071+mant%3), max(exp-23, -149)))
					half := math.Ldexp(1, max(exp-23, -149)-1)
					b := float32(math.Ldexp(1, -20))
					a := float32((half + float64(sign)*math.Ldexp(half, hair)) * math.Ldexp(1, 20))
					checkFMA(t, a, b, c)
					checkFMA(t, a, -b, c)
					checkFMA(t, a, b, -c)
					hits++
				}
			}
		}
	}
	for i := range 200000 {
		x := uint64(i)*0x9e3779b97f4a7c15 + 12345
		a := math.Float32frombits(uint32(x>>32)&0x007fffff | 0x3f800000)
		b := math.Float32frombits(uint32(x)&0x007ff000 | 0x3f800000)
		c := math.Float32frombits(uint32(x>>7)&0x007fffff | uint32(0x3f800000+(i%60-30)<<23))
		if float64(a)*float64(b)+float64(c) != 0 {
			checkFMA(t, a, b, c)
		}
	}
}
