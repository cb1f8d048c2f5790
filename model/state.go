package model

import (
	"fmt"
	"io"
	"iter"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

// State returns the live tensors of the model by name: parameters, then running statistics.
func (m *Model) State() []tensor.Named { return m.store.State() }

// Snapshot returns a copy of the state, and Restore brings it back: for keeping the best weights.
func (m *Model) Snapshot() []tensor.Named { return m.store.Snapshot() }

// Restore copies a snapshot, or the state of another model of the same graph, into this model. It wants exactly the
// names and shapes of State and changes nothing otherwise.
func (m *Model) Restore(from []tensor.Named) error {
	if err := m.store.Restore(from); err != nil {
		return fmt.Errorf("model: %w", err)
	}
	return nil
}

// Save writes the state as safetensors, with metadata (which may be nil).
func (m *Model) Save(w io.Writer, metadata map[string]string) error {
	return nn.WriteSafetensors(w, m.State(), metadata)
}

// Load reads what Save wrote for the same graph and returns its metadata. On error the model is unchanged.
func (m *Model) Load(r io.Reader) (metadata map[string]string, err error) {
	tensors, metadata, err := nn.ReadSafetensors(r)
	if err != nil {
		return nil, err
	}
	return metadata, m.Restore(tensors)
}

// Reestimate replaces the running statistics by the mean of those of the given batches (samples in NHWC order), as is
// needed after averaging weights or changing them by hand (Izmailov et al., 2018). It stops at the first wrong batch.
func (m *Model) Reestimate(batches iter.Seq[[]float32]) error {
	i := 0
	for x := range batches {
		if len(x) == 0 || len(x)%m.InputSize() != 0 {
			return fmt.Errorf("model: batch %d has %d numbers, no whole number of samples of shape %v", i, len(x), m.graph.Input())
		}
		p := m.program(autograd.Train, len(x)/m.InputSize())
		p.input.Feed(x)
		clear(p.labels.Class) // the loss does not matter
		i++
		p.Blend(1 / float32(i))
		p.Forward(uint64(m.step))
		p.Blend(autograd.DefaultBlend)
		if err := p.Fault(); err != nil {
			return fmt.Errorf("model: batch %d: %w", i-1, err)
		}
	}
	return nil
}
