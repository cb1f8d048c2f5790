package nn

import (
	"math"
	"math/rand/v2"
)

// Init fills a new parameter with its initial numbers.
type Init func(r *rand.Rand, values []float32)

// Fill sets every number to v: 0 for biases and shifts, 1 for scales.
func Fill(v float32) Init {
	return func(_ *rand.Rand, values []float32) {
		for i := range values {
			values[i] = v
		}
	}
}

// He draws from a normal distribution of variance 2/fan, which keeps the variance of signals through layers with
// rectifiers (He et al., 2015, "Delving Deep into Rectifiers"). Convolutions use the fan-out, kernel²·Cout/groups,
// which keeps the variance of gradients, as ResNet and MobileNet implementations do.
func He(fan int) Init {
	return Normal(math.Sqrt(2 / float64(max(fan, 1))))
}

// Normal draws from a normal distribution of the given standard deviation. Embeddings use it.
func Normal(deviation float64) Init {
	return func(r *rand.Rand, values []float32) {
		for i := range values {
			values[i] = float32(r.NormFloat64() * deviation)
		}
	}
}

// Glorot draws uniformly from ±√(6/(fanIn+fanOut)) (Glorot & Bengio, 2010). Dense layers use it.
func Glorot(fanIn, fanOut int) Init {
	return Uniform(math.Sqrt(6 / float64(max(fanIn+fanOut, 1))))
}

// Uniform draws uniformly from ±bound. Recurrent layers of H units use 1/√H, as PyTorch does.
func Uniform(bound float64) Init {
	return func(r *rand.Rand, values []float32) {
		for i := range values {
			values[i] = float32((2*r.Float64() - 1) * bound)
		}
	}
}
