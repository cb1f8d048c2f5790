package main

import "math/rand/v2"

// font are the digits as 7 rows of 5 dots.
const font = "" +
	"01110100011001110101110011000101110" + "00100011000010000100001000010001110" + "01110100010000100010001000100011111" +
	"11111000100010000010000011000101110" + "00010001100101010010111110001000010" + "11111100001111000001000011000101110" +
	"00110010001000011110100011000101110" + "11111000010001000100010000100001000" + "01110100011000101110100011000101110" +
	"01110100011000101111000010001001100"

// sample is a picture and the digit that it shows.
type sample struct {
	dots  []float64
	digit int
}

// digits makes the samples of a split, the same whenever they are made.
func (e *evaluator) digits(split string, n int) []sample {
	stream := map[string]uint64{"train": 1, "validation": 2, "test": 3}[split]
	r := rand.New(rand.NewPCG(stream, 0))
	out := make([]sample, n)
	for i := range out {
		out[i].digit = i % 10
		for _, c := range font[35*(i%10) : 35*(i%10+1)] {
			dot := float64(c - '0')
			if r.Float64() < e.settings.Noise {
				dot = 1 - dot
			}
			out[i].dots = append(out[i].dots, dot+0.1*r.NormFloat64())
		}
	}
	return out
}
