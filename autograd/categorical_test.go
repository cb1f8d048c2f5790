package autograd_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/tensor"
)

func TestSamplesFollowTheirDistributionAvoidForbiddenClassesAndRepeatByStep(t *testing.T) {
	const n, c = 20000, 4
	tape := autograd.NewTape(autograd.Eval, nil)
	logits := tape.Input(tensor.Of(n, 1, 1, c))
	d := tape.Categorical(logits, []bool{true, false, true, true})
	tokens := autograd.NewTokens(n)
	d.Sample(tokens, 1, "test")
	logp := tape.Hold(d.LogProb(tokens))
	entropy := tape.Hold(d.Entropy())
	p := tape.Compile(new(tensor.Arena), nil)
	x := make([]float32, n*c)
	for i := range n {
		copy(x[i*c:], []float32{0, 9, float32(math.Log(2)), float32(math.Log(5))})
	}
	logits.Feed(x)
	draw := func(step uint64) []int32 {
		p.Forward(step)
		return append([]int32(nil), tokens.ID...)
	}
	first, other, again := draw(1), draw(2), draw(1)
	probs := []float64{1. / 8, 0, 2. / 8, 5. / 8}
	count, moved := make([]float64, c), 0
	for i, k := range first {
		count[k]++
		if k != other[i] {
			moved++
		}
		if k != again[i] {
			t.Fatalf("row %d drew %d and then %d in the same step", i, k, again[i])
		}
		if got := logp.Value()[i]; math.Abs(float64(got)-math.Log(probs[k])) > 1e-5 {
			t.Fatalf("class %d has log-probability %v; want %v", k, got, math.Log(probs[k]))
		}
	}
	for k, want := range probs {
		if math.Abs(count[k]/n-want) > 0.015 || want == 0 && count[k] > 0 {
			t.Errorf("class %d was drawn %v times of %d; want a share of %v", k, count[k], n, want)
		}
	}
	if moved < n/4 {
		t.Errorf("only %d of %d draws differ between two steps", moved, n)
	}
	want := 0.0
	for _, q := range probs {
		if q > 0 {
			want -= q * math.Log(q)
		}
	}
	if got := float64(entropy.Value()[7]); math.Abs(got-want) > 1e-5 {
		t.Errorf("the entropy is %v; want %v", got, want)
	}
}

func TestGivenTokensAreLeftAsTheyAre(t *testing.T) {
	tape := autograd.NewTape(autograd.Eval, nil)
	logits := tape.Input(tensor.Of(2, 1, 1, 3))
	d := tape.Categorical(logits, nil)
	tokens := &autograd.Tokens{ID: []int32{2, 0}, Given: true}
	d.Sample(tokens, 1, "test")
	logp := tape.Hold(d.LogProb(tokens))
	p := tape.Compile(new(tensor.Arena), nil)
	logits.Feed([]float32{100, 0, 0, 0, 100, 100})
	p.Forward(0)
	if tokens.ID[0] != 2 || tokens.ID[1] != 0 || logp.Value()[0] > -99 {
		t.Errorf("given 2 and 0, Forward left %v with log-probabilities %v", tokens.ID, logp.Value())
	}
}
