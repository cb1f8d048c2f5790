package space

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/trellis-nas/trellis/network"
)

// Space is a set of architectures: the derivations of a tree of nodes for one shape of samples, less those that cannot be built. It is
// immutable, may be used from several goroutines at once, and is made by [New], [ParseFile], [Open] or the built-in spaces.
type Space struct {
	name     string
	input    network.Shape
	root     Node
	template *template
	vars     map[Node][]string
	applied  sync.Map // item → application
}

// Decision is a decision as one derivation meets it.
type Decision struct {
	Name    string   // with scopes, as "stage1.block2.kernel"; unique within a derivation
	Options []string // the labels
	Chosen  int      // index into Options
}

// Name returns the name of the space.
func (s *Space) Name() string { return s.name }

// Input returns the shape of a sample.
func (s *Space) Input() network.Shape { return s.input }

// Root returns the tree, which must not be changed.
func (s *Space) Root() Node { return s.root }

// Vars returns the free variables of a node of the tree, sorted: those it reads from a Let outside of it.
func (s *Space) Vars(n Node) []string { return s.vars[n] }

type item struct {
	leaf  *Leaf
	env   string
	shape network.Shape
}

type application struct {
	out  network.Shape
	cost network.Cost
	err  error
}

// apply is Leaf.Apply with a memory.
func (s *Space) apply(l *Leaf, env Env, in network.Shape) (network.Shape, network.Cost, error) {
	key := item{l, env.Key(s.vars[l]), in}
	if known, ok := s.applied.Load(key); ok {
		a := known.(application)
		return a.out, a.cost, a.err
	}
	var a application
	a.out, a.cost, a.err = l.Apply(env, in)
	s.applied.Store(key, a)
	return a.out, a.cost, a.err
}

// Network builds the network of an architecture. It is an error if a is not of this space.
func (s *Space) Network(a Arch) (*network.Graph, error) {
	b := network.NewBuilder(s.input)
	out, err := follow(s, builder{b}, b.Input(), a, nil)
	if err != nil {
		// The walk over shapes gives the same error without the numbers of nodes, unless the network is too large to be built at all.
		if refused := s.Check(a); refused != nil {
			return nil, refused
		}
		return nil, s.refuse(a, err)
	}
	return b.Build(out)
}

// Check returns nil if a is an architecture of this space, and otherwise an error that says why not.
func (s *Space) Check(a Arch) error {
	if _, err := follow(s, s.Shapes(), s.input, a, nil); err != nil {
		return s.refuse(a, err)
	}
	return nil
}

func (s *Space) refuse(a Arch, err error) error {
	return fmt.Errorf("architecture %q is not of space %s: %w", a.String(), s.name, err)
}

// follow walks to an architecture, whose choices it must use up. met, if not nil, is called with every decision and the option taken.
func follow[V any](s *Space, algebra Algebra[V], x V, a Arch, met func(p Point, option int)) (V, error) {
	choices, next := a.Choices(), 0
	out, err := Walk(s, algebra, x, Pick[V](func(p Point) (int, error) {
		if next == len(choices) {
			return 0, fmt.Errorf("it has %d choices, and none for decision %s", next, p.FullName())
		}
		if met != nil {
			met(p, choices[next])
		}
		next++
		return choices[next-1], nil
	}))
	if err == nil && next < len(choices) {
		err = fmt.Errorf("it has %d choices, but there are %d decisions", len(choices), next)
	}
	return out, err
}

// walkShapes walks to the architecture whose options pick gives.
func (s *Space) walkShapes(pick func(Point) (int, error)) error {
	_, err := Walk(s, s.Shapes(), s.input, Pick[network.Shape](pick))
	return err
}

// Decisions returns the decisions that the derivation of a meets, in order. It panics if a is not of this space; see [Space.Check].
func (s *Space) Decisions(a Arch) []Decision {
	var out []Decision
	_, err := follow(s, s.Shapes(), s.input, a, func(p Point, option int) {
		out = append(out, Decision{p.FullName(), p.Options(), option})
	})
	if err != nil {
		panic(s.refuse(a, err))
	}
	return out
}

// Derive returns the architecture whose options choose gives, called with every decision as it is met (Chosen is 0). It is an error
// if an option does not exist or the derivation cannot be built.
func (s *Space) Derive(choose func(d Decision) int) (Arch, error) {
	return s.derive(func(p Point) (int, error) {
		return choose(Decision{Name: p.FullName(), Options: p.Options()}), nil
	})
}

// derive returns the architecture whose options pick gives.
func (s *Space) derive(pick func(Point) (int, error)) (Arch, error) {
	var choices []int
	err := s.walkShapes(func(p Point) (int, error) {
		i, err := pick(p)
		choices = append(choices, i)
		return i, err
	})
	if err != nil {
		return Arch{}, err
	}
	return NewArch(choices...), nil
}

// Each enumerates all architectures in lexicographic order of their choices, by brute force. It is the oracle of the lattice, and of use
// only in spaces small enough.
func (s *Space) Each() iter.Seq[Arch] {
	return func(yield func(Arch) bool) {
		for a, err := range s.attempts() {
			if err == nil && !yield(a) {
				return
			}
		}
	}
}

// attempts enumerates the derivations in lexicographic order. Where one cannot be built, it gives the error once for all derivations
// that begin with the choices made until then.
func (s *Space) attempts() iter.Seq2[Arch, error] {
	return func(yield func(Arch, error) bool) {
		var choices, counts []int
		for {
			met := 0
			err := s.walkShapes(func(p Point) (int, error) {
				if met == len(choices) {
					choices, counts = append(choices, 0), append(counts, p.Count)
				}
				met++
				return choices[met-1], nil
			})
			if !yield(NewArch(choices[:met]...), err) {
				return
			}
			last := met - 1
			for last >= 0 && choices[last] == counts[last]-1 {
				last--
			}
			if last < 0 {
				return
			}
			choices, counts = choices[:last+1], counts[:last+1]
			choices[last]++
		}
	}
}

// Neighbours returns all architectures that differ from a in one decision, in the order of decisions and options. Where the change opens
// decisions that a does not have, or drops some, the ones of the same name keep their option and new ones take the first. Combinations
// that are not of the space are left out. It panics if a is not of this space.
func (s *Space) Neighbours(a Arch) iter.Seq[Arch] {
	decisions := s.Decisions(a)
	return func(yield func(Arch) bool) {
		for i, d := range decisions {
			for option := range d.Options {
				if option == d.Chosen {
					continue
				}
				if b, err := s.change(decisions, i, option); err == nil && !yield(b) {
					return
				}
			}
		}
	}
}

// change returns the architecture of decisions with decision i changed.
func (s *Space) change(decisions []Decision, i, option int) (Arch, error) {
	kept := labelsByName(decisions)
	kept[decisions[i].Name] = decisions[i].Options[option]
	return s.derive(func(p Point) (int, error) { return optionOf(p, kept[p.FullName()]), nil })
}

// Mutate draws a neighbour of a: a decision of a, uniformly, and another option of it, uniformly; drawn again if the result is not of
// the space. If a has no neighbour, it returns a. It panics if a is not of this space.
func (s *Space) Mutate(a Arch, r *rand.Rand) Arch {
	decisions := s.Decisions(a)
	type candidate struct{ decision, option int }
	left := make([][]candidate, len(decisions))
	for i, d := range decisions {
		for option := range d.Options {
			if option != d.Chosen {
				left[i] = append(left[i], candidate{i, option})
			}
		}
	}
	for len(left) > 0 {
		i := r.IntN(len(left))
		j := r.IntN(len(left[i]))
		c := left[i][j]
		if b, err := s.change(decisions, c.decision, c.option); err == nil {
			return b
		}
		left[i] = slices.Delete(left[i], j, j+1)
		if len(left[i]) == 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return a
}
