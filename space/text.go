package space

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Format returns the text form of an architecture for people: the labels of its options, joined by spaces or put into the holes of the
// space's [Template]. [Space.Parse] reads it back. It panics if a is not of this space; see [Space.Check].
func (s *Space) Format(a Arch) string {
	decisions := s.Decisions(a)
	labels := make([]string, len(decisions))
	for i, d := range decisions {
		labels[i] = d.Options[d.Chosen]
	}
	if s.template != nil {
		return s.template.format(labels)
	}
	return strings.Join(labels, " ")
}

// Parse reads the text form of an architecture of this space. White space may be wider than Format writes it, unless the space has a
// template.
func (s *Space) Parse(text string) (Arch, error) {
	reader := labelReader(&words{rest: strings.Fields(text)})
	if s.template != nil {
		reader = &holes{rest: text, literals: s.template.literals}
	}
	a, err := s.derive(reader.read)
	if err == nil {
		err = reader.end()
	}
	if err != nil {
		return Arch{}, fmt.Errorf("%q is no architecture of space %s: %w", text, s.name, err)
	}
	return a, nil
}

// labelReader reads the labels of decisions from a text, one after another.
type labelReader interface {
	read(p Point) (int, error)
	end() error
}

// words reads labels separated by white space.
type words struct {
	rest []string
}

func (w *words) read(p Point) (int, error) {
	options := p.Options()
	if len(w.rest) == 0 {
		return 0, fmt.Errorf("it ends before decision %s; %s", p.FullName(), oneOf(options))
	}
	word := w.rest[0]
	w.rest = w.rest[1:]
	if i := slices.Index(options, word); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%q is no option of decision %s; %s", word, p.FullName(), nearest.Advice(word, options))
}

func (w *words) end() error {
	if len(w.rest) > 0 {
		return fmt.Errorf("%q is left over after the last decision", strings.Join(w.rest, " "))
	}
	return nil
}

// holes reads labels between the literals of a template.
type holes struct {
	rest     string
	literals []string // those not read yet
	begun    bool
}

// literal reads the literal before the next hole.
func (h *holes) literal() error {
	next := h.literals[0]
	h.literals = h.literals[1:]
	if !strings.HasPrefix(h.rest, next) {
		return fmt.Errorf("%q stands where %q was expected", h.rest, next)
	}
	h.rest = h.rest[len(next):]
	return nil
}

func (h *holes) read(p Point) (int, error) {
	if !h.begun {
		h.begun = true
		if err := h.literal(); err != nil {
			return 0, err
		}
	}
	options := p.Options()
	last := len(h.literals) == 1
	for i, label := range options {
		text := label + h.literals[0]
		if h.rest == text || !last && strings.HasPrefix(h.rest, text) {
			h.rest = h.rest[len(label):]
			return i, h.literal()
		}
	}
	if h.rest == "" {
		return 0, fmt.Errorf("it ends before decision %s; %s", p.FullName(), oneOf(options))
	}
	return 0, fmt.Errorf("%q does not begin with an option of decision %s; %s", h.rest, p.FullName(), oneOf(options))
}

func (h *holes) end() error {
	if !h.begun {
		if err := h.literal(); err != nil {
			return err
		}
	}
	if h.rest != "" {
		return fmt.Errorf("%q is left over after the last decision", h.rest)
	}
	return nil
}

func oneOf(options []string) string { return "it is one of " + strings.Join(options, ", ") }
