package space

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/trellis-nas/trellis/network"
)

// Setting changes a space while [New] makes it.
type Setting func(*Space) error

// ClassesVar is the variable that holds the number of classes in the spaces of [Classes] and in space files. The classes of a [Head]
// are this variable unless they are given.
const ClassesVar = "classes"

const maxClasses = 1 << 20

// Classes defines the variable [ClassesVar] for the whole tree.
func Classes(n int) Setting {
	return func(s *Space) error {
		if n < 1 || n > maxClasses {
			return fmt.Errorf("classes is %d; it must be from 1 to %d", n, maxClasses)
		}
		s.root = &Let{Var: ClassesVar, Values: Values(n), Body: s.root}
		return nil
	}
}

// New returns the space of a tree of nodes for samples of shape input. The nodes belong to the space and must not be changed
// afterwards. Mistakes in the tree are errors of type *[Mistake]: two decisions of one name, variables that are not defined, attributes out of range.
// A tree without a single network that can be built is an error too.
func New(name string, input network.Shape, root Node, settings ...Setting) (*Space, error) {
	s := &Space{name: name, input: input, root: root, vars: map[Node][]string{}}
	if err := input.Check(); err != nil {
		return nil, fmt.Errorf("space %s: input: %w", name, err)
	}
	for _, set := range settings {
		if err := set(s); err != nil {
			return nil, fmt.Errorf("space %s: %w", name, err)
		}
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("space %s: %w", name, err)
	}
	return s, nil
}

func (s *Space) check() error {
	if s.name == "" || strings.ContainsFunc(s.name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("the name %q is empty or holds an unprintable character", s.name)
	}
	if err := checkTree(s.root); err != nil {
		return err
	}
	if err := checkSize(s.root); err != nil {
		return err
	}
	if err := checkNames(s.root); err != nil {
		return err
	}
	freeVars(s.root, s.vars)
	if err := s.template.check(s.root); err != nil {
		return err
	}
	return s.checkNotEmpty()
}
