package kernel

import (
	"math"
	"testing"
)

func TestChannelsAreCopiedAndAddedBetweenOffsets(t *testing.T) {
	src := []float32{1, 2, 3, 4, 5, 6}
	dst := []float32{10, 10, 10, 10, 20, 20, 20, 20}
	CopyChannels(nil, dst, 4, 1, src, 3, 1, 2, 2)
	sameBits(t, "copy", dst, []float32{10, 2, 3, 10, 20, 5, 6, 20})
	AddChannels(nil, dst, 4, 2, src, 3, 0, 2, 1)
	sameBits(t, "add", dst, []float32{10, 2, 4, 10, 20, 5, 10, 20})
}

func TestSumsAndChecksSeeEveryElement(t *testing.T) {
	x := values(1000, 3)
	var sum, squares float64
	for _, v := range x {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	if got := Sum(nil, x); math.Abs(got-sum) > 1e-9 {
		t.Errorf("sum %v; want %v", got, sum)
	}
	if got := SumSquares(nil, x); math.Abs(got-squares) > 1e-9*squares {
		t.Errorf("sum of squares %v; want %v", got, squares)
	}
	if !AllFinite(nil, x) {
		t.Error("finite numbers are said not to be")
	}
	for i, v := range map[int]float64{0: math.NaN(), 500: math.Inf(1), 999: math.Inf(-1)} {
		y := append([]float32(nil), x...)
		y[i] = float32(v)
		if AllFinite(nil, y) {
			t.Errorf("%v at %d goes unseen", v, i)
		}
	}
}

func TestAMaskKeepsAndScales(t *testing.T) {
	y := make([]float32, 4)
	ApplyMask(nil, y, []float32{1, 2, 3, float32(math.Inf(1))}, []uint8{1, 0, 255, 0}, 2)
	sameBits(t, "masked", y, []float32{2, 0, 6, 0})
}
