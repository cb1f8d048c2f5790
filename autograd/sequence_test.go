package autograd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

// Finite differences cannot see over a kink, so the fused layer is compared with its parts, which they have checked.
func TestAnAffineLayerWithItsActivationEqualsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, h, w, c := drawImage(t)
		out := rapid.IntRange(1, 20).Draw(t, "out")
		act := rapid.SampledFrom([]kernel.Act{kernel.ReLU, kernel.ReLU6}).Draw(t, "act")
		seed := rapid.Uint64().Draw(t, "numbers")
		held := rapid.Bool().Draw(t, "held")
		run := func(fused bool) [][]float32 {
			tape := autograd.NewTape(autograd.Train, nil)
			var params []autograd.Param
			leaf := func(dims ...int) *autograd.Var {
				p := autograd.NewParam("p", tensor.Of(dims...), true)
				for i := range p.Value.Data() {
					seed = seed*6364136223846793005 + 1442695040888963407
					p.Value.Data()[i] = float32(int32(seed>>32)) / (1 << 30)
				}
				params = append(params, p)
				return tape.Param(p)
			}
			x, weights, bias := leaf(n, h, w, c), leaf(c, out), leaf(out)
			var y *autograd.Var
			if fused {
				y = tape.Affine(x, weights, bias, act)
			} else {
				y = tape.Activate(tape.Affine(x, weights, bias, kernel.None), act)
			}
			if held {
				tape.Hold(y)
			}
			z := tape.Hold(tape.Multiply(y, leaf(n, h, w, out)))
			p := tape.Compile(new(tensor.Arena), tape.Mean(z))
			p.Forward(0)
			p.Backward()
			results := [][]float32{append([]float32(nil), z.Value()...)}
			for _, p := range params {
				results = append(results, p.Grad.Data())
			}
			return results
		}
		start := seed
		a := run(true)
		seed = start
		b := run(false)
		for i := range a {
			for j := range a[i] {
				if a[i][j] != b[i][j] {
					t.Fatalf("result %d[%d] is %v fused and %v in parts", i, j, a[i][j], b[i][j])
				}
			}
		}
	})
}

// The slope of a layer norm has no bounds where a row is nearly constant, which is too much for differences in a whole
// network; there it is compared with its parts instead.
func TestFusedLayerNormsInARandomNetworkEqualTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n, h, w, c = 2, 1, 3, 4
		type step struct{ kind, a, b int }
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
			return step{rapid.IntRange(0, 3).Draw(t, "kind"), rapid.IntRange(0, 4).Draw(t, "a"), rapid.IntRange(0, 4).Draw(t, "b")}
		}), 1, 10).Draw(t, "steps")
		run := func(fused bool) [][]float32 {
			p := newProbe(t, autograd.Train)
			p.rand = rand.New(rand.NewPCG(7, 7))
			values := []*autograd.Var{p.leaf(n, h, w, c), p.leaf(n, h, w, c)}
			for _, s := range steps {
				pick := func(back int) *autograd.Var { return values[max(0, len(values)-1-back)] }
				x, r := pick(s.a), pick(s.b)
				switch s.kind {
				case 0:
					x = p.tape.Add(x, r)
				case 1:
					x = p.tape.Affine(x, p.leaf(c, c), p.leaf(c), kernel.ReLU)
				case 2:
					x = p.tape.LayerNorm(x, nil, p.leaf(c), p.leaf(c))
				case 3:
					if gamma, beta := p.leaf(c), p.leaf(c); fused {
						x = p.tape.LayerNorm(x, r, gamma, beta)
					} else {
						x = p.tape.LayerNorm(p.tape.Add(x, r), nil, gamma, beta)
					}
				}
				values = append(values, x)
			}
			p.compile(values[len(values)-1])
			p.loss()
			p.program.Backward()
			results := [][]float32{append([]float32(nil), p.y.Value()...)}
			for _, p := range p.params {
				results = append(results, p.Grad.Data())
			}
			return results
		}
		a, b := run(true), run(false)
		for i := range a {
			for j := range a[i] {
				if a[i][j] != b[i][j] && a[i][j] == a[i][j] {
					t.Fatalf("result %d[%d] is %v fused and %v in parts", i, j, a[i][j], b[i][j])
				}
			}
		}
	})
}

func TestLengthsCountTheStepsUpToTheLastThatIsNoPadding(t *testing.T) {
	tape := autograd.NewTape(autograd.Eval, nil)
	ids := tape.Input(tensor.Of(4, 1, 3, 1))
	zero, nine := tape.Hold(tape.Lengths(ids, 0)), tape.Hold(tape.Lengths(ids, 9))
	p := tape.Compile(new(tensor.Arena), nil)
	ids.Feed([]float32{5, 0, 0, 0, 0, 7, 0, 0, 0, 1, 9, 9})
	p.Forward(0)
	for i, want := range []float32{1, 3, 0, 3} {
		if got := zero.Value()[i]; got != want {
			t.Errorf("without trailing 0, sequence %d has %v steps; want %v", i, got, want)
		}
	}
	if got := nine.Value()[3]; got != 1 {
		t.Errorf("without trailing 9, sequence 3 has %v steps; want 1", got)
	}
}

func TestATokenOutsideTheVocabularyIsAFaultThatNamesIt(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	ids := tape.Input(tensor.Of(2, 1, 3, 1))
	table := autograd.NewParam("table", tensor.Of(4, 2), true)
	p := tape.Compile(new(tensor.Arena), tape.Mean(tape.Embed(ids, tape.Param(table))))
	for _, c := range []struct {
		bad  float32
		want string
	}{
		{4, "token 1 of sample 1 is 4; ids are whole numbers from 0 to 3"},
		{-1, "token 1 of sample 1 is -1; ids are whole numbers from 0 to 3"},
		{0.5, "token 1 of sample 1 is 0.5; ids are whole numbers from 0 to 3"},
		{float32(math.NaN()), "token 1 of sample 1 is NaN; ids are whole numbers from 0 to 3"},
	} {
		ids.Feed([]float32{0, 1, 2, 3, c.bad, 0})
		p.Forward(0)
		p.Backward() // must not touch what is not there
		if err := p.Fault(); err == nil || err.Error() != c.want {
			t.Errorf("a token %v gave %v; want %s", c.bad, err, c.want)
		}
	}
	ids.Feed([]float32{0, 1, 2, 3, 0, 0})
	if p.Forward(0); p.Fault() != nil {
		t.Errorf("after a right batch there is still a fault: %v", p.Fault())
	}
}
