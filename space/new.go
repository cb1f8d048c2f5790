package space

import "github.com/trellis-nas/trellis/network"

// Setting changes a space in [New].
type Setting func(*Space) error

// New returns the space of a tree of nodes for samples of shape input.
func New(name string, input network.Shape, root Node, settings ...Setting) (*Space, error) {
	s := &Space{name: name, input: input, root: root, vars: map[Node][]string{}}
	for _, set := range settings {
		if err := set(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}
