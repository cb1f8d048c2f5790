package nn

import (
	"fmt"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/tensor"
)

// Store holds the parameters (trained) and buffers (running statistics) of one network, in the order of their making.
// Each parameter begins with numbers from a stream of its own, named after it, so its initial value depends on the
// seed and its name and not on what else the network has.
type Store struct {
	seed    uint64
	params  []autograd.Param
	buffers []tensor.Named
	names   map[string]bool
}

// NewStore returns an empty store whose initial values follow from seed.
func NewStore(seed uint64) *Store { return &Store{seed: seed, names: map[string]bool{}} }

// Param makes a parameter. decay says whether weight decay applies to it. A name used before panics: names are made
// by the model, never by a user.
func (s *Store) Param(name string, shape tensor.Shape, init Init, decay bool) autograd.Param {
	s.claim(name)
	p := autograd.NewParam(name, shape, decay)
	init(stream.New(s.seed, "init "+name), p.Value.Data())
	s.params = append(s.params, p)
	return p
}

// Buffer makes a tensor that is saved with the network but not trained, filled with one number.
func (s *Store) Buffer(name string, shape tensor.Shape, fill float32) tensor.Tensor {
	s.claim(name)
	b := tensor.Named{Name: name, Tensor: tensor.New(shape)}
	Fill(fill)(nil, b.Data())
	s.buffers = append(s.buffers, b)
	return b.Tensor
}

func (s *Store) claim(name string) {
	if s.names[name] {
		panic(fmt.Sprintf("nn: two tensors are called %q", name))
	}
	s.names[name] = true
}

// Params returns the parameters. The slice must not be changed; the tensors are the live ones.
func (s *Store) Params() []autograd.Param { return s.params }

// Count returns the number of trained numbers.
func (s *Store) Count() int64 {
	var n int64
	for _, p := range s.params {
		n += int64(p.Value.Shape().Size())
	}
	return n
}

// State returns the live tensors, parameters first and then buffers.
func (s *Store) State() []tensor.Named {
	all := make([]tensor.Named, 0, len(s.params)+len(s.buffers))
	for _, p := range s.params {
		all = append(all, tensor.Named{Name: p.Name, Tensor: p.Value})
	}
	return append(all, s.buffers...)
}

// Snapshot returns a copy of the state, for restoring the best weights later.
func (s *Store) Snapshot() []tensor.Named {
	all := s.State()
	for i := range all {
		all[i].Tensor = all[i].Clone()
	}
	return all
}

// Restore copies tensors into the state. It wants exactly the names and shapes of State, in any order, and changes
// nothing if they differ.
func (s *Store) Restore(from []tensor.Named) error { return CopyState(s.State(), from) }

// CopyState copies tensors by name. It wants exactly the names and shapes of to, in any order; on error it has
// changed nothing.
func CopyState(to, from []tensor.Named) error {
	byName := make(map[string]tensor.Tensor, len(from))
	for _, f := range from {
		if _, twice := byName[f.Name]; twice {
			return fmt.Errorf("tensor %q is there twice", f.Name)
		}
		byName[f.Name] = f.Tensor
	}
	for _, t := range to {
		f, ok := byName[t.Name]
		if !ok {
			return fmt.Errorf("tensor %q of shape %v is missing", t.Name, t.Shape())
		}
		if f.Shape() != t.Shape() {
			return fmt.Errorf("tensor %q has shape %v; the network needs %v", t.Name, f.Shape(), t.Shape())
		}
	}
	if len(from) > len(to) {
		known := make(map[string]bool, len(to))
		for _, t := range to {
			known[t.Name] = true
		}
		for _, f := range from {
			if !known[f.Name] {
				return fmt.Errorf("tensor %q is not of this network", f.Name)
			}
		}
	}
	for _, t := range to {
		copy(t.Data(), byName[t.Name].Data())
	}
	return nil
}
