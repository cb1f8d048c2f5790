package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// DecisionsOf returns the decisions that a rule names: those of this name or, after a star, those whose name ends so. That there are none
// is an error that names the nearest rule.
func (l *Lattice) DecisionsOf(rule string) ([]Decision, error) {
	var out []Decision
	for _, d := range l.decisions {
		if meant(rule, d.Name) {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		return nil, errors.New(l.noDecision(rule))
	}
	return out, nil
}

// noDecision is the sentence about a rule that names no decision.
func (l *Lattice) noDecision(rule string) string {
	end, star := strings.CutPrefix(rule, "*")
	var names []string
	for _, d := range l.decisions {
		name := d.Name
		if star {
			name = "*" + name[max(0, strings.LastIndexByte(name, '.')):]
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case star:
		return fmt.Sprintf("no decision of space %q has a name that ends in %q; %s", l.space.Name(), end, nearest.Advice(rule, names))
	case strings.Contains(rule, "*"):
		return fmt.Sprintf("a star stands at the beginning of a rule and nowhere else: %q", rule)
	}
	return fmt.Sprintf("space %q has no decision %q; %s", l.space.Name(), rule, nearest.Advice(rule, names))
}

// meant reports whether a rule, a name or a star and the end of names, is about a name.
func meant(rule, name string) bool {
	end, star := strings.CutPrefix(rule, "*")
	return name == rule || star && strings.HasSuffix(name, end)
}
