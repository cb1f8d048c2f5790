package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"

	"github.com/trellis-nas/trellis/process"
)

// perceptron is layers of weights, each row with its bias last.
type perceptron struct {
	act    activation
	Layers [][][]float64 `json:"layers"`
	Epoch  int           `json:"epoch"`
}

// activation is a function, and its derivative by the value of the function.
type activation struct{ f, df func(float64) float64 }

// newPerceptron makes the network of a trial. Decisions have the names of the space file.
func newPerceptron(a process.Assignment) (*perceptron, error) {
	var numbers []int
	for _, name := range []string{"width", "layers.depth"} {
		label, _ := a.Decisions.Option(name)
		n, err := strconv.Atoi(label)
		if err != nil {
			return nil, fmt.Errorf("only networks of the space can be trained: the decision %s is %q", name, label)
		}
		numbers = append(numbers, n)
	}
	name, _ := a.Decisions.Option("act")
	act, known := map[string]activation{
		"relu":    {func(x float64) float64 { return max(0, x) }, func(y float64) float64 { return math.Ceil(min(1, y)) }},
		"tanh":    {math.Tanh, func(y float64) float64 { return 1 - y*y }},
		"sigmoid": {func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, func(y float64) float64 { return y * (1 - y) }},
	}[name]
	if !known {
		return nil, fmt.Errorf("the activation %q is unknown", name)
	}
	sizes := []int{35}
	for range numbers[1] {
		sizes = append(sizes, numbers[0])
	}
	sizes = append(sizes, 10)
	p := &perceptron{act: act}
	r := rand.New(rand.NewPCG(a.Seed, 0))
	for k, n := range sizes[1:] {
		layer := make([][]float64, n)
		for j := range layer {
			layer[j] = make([]float64, sizes[k]+1)
			for i := range sizes[k] {
				layer[j][i] = r.NormFloat64() / math.Sqrt(float64(sizes[k]))
			}
		}
		p.Layers = append(p.Layers, layer)
	}
	return p, nil
}

// macs returns the multiply-accumulates of one forward pass.
func (p *perceptron) macs() int {
	n := 0
	for _, layer := range p.Layers {
		n += len(layer) * (len(layer[0]) - 1)
	}
	return n
}

// forward returns the values of all layers, the input first, and the probabilities of the digits last.
func (p *perceptron) forward(x []float64) [][]float64 {
	values := [][]float64{x}
	for k, layer := range p.Layers {
		y := make([]float64, len(layer))
		for j, row := range layer {
			y[j] = row[len(x)]
			for i, v := range x {
				y[j] += row[i] * v
			}
			if k+1 < len(p.Layers) {
				y[j] = p.act.f(y[j])
			}
		}
		values, x = append(values, y), y
	}
	top, total := math.Inf(-1), 0.0
	for _, v := range x {
		top = max(top, v)
	}
	for j, v := range x {
		x[j] = math.Exp(v - top)
		total += x[j]
	}
	for j := range x {
		x[j] /= total
	}
	return values
}

// step makes one step of gradient descent on one sample.
func (p *perceptron) step(s sample, rate float64) {
	values := p.forward(s.dots)
	gradient := values[len(p.Layers)]
	gradient[s.digit]--
	for k := len(p.Layers) - 1; k >= 0; k-- {
		below := values[k]
		back := make([]float64, len(below))
		for j, row := range p.Layers[k] {
			for i, v := range below {
				back[i] += gradient[j] * row[i]
				row[i] -= rate * gradient[j] * v
			}
			row[len(below)] -= rate * gradient[j]
		}
		for i, v := range below {
			back[i] *= p.act.df(v)
		}
		gradient = back
	}
}

// measure returns the accuracy and the mean cross-entropy, which is NaN when training has diverged.
func (p *perceptron) measure(samples []sample) process.Figures {
	var right, loss float64
	for _, s := range samples {
		probabilities := p.forward(s.dots)[len(p.Layers)]
		best := 0
		for j, x := range probabilities {
			if x > probabilities[best] {
				best = j
			}
		}
		if best == s.digit {
			right++
		}
		loss -= math.Log(max(probabilities[s.digit], 1e-30))
	}
	n := float64(len(samples))
	return process.Figures{"accuracy": right / n, "loss": loss / n}
}

func (p *perceptron) save(path string, epoch int) error {
	p.Epoch = epoch
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// load reads what save wrote, and returns the epoch.
func (p *perceptron) load(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	err = json.Unmarshal(text, p)
	return p.Epoch, err
}
