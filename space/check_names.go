package space

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// checkName allows letters, digits, - and _ in the names of decisions and scopes.
func checkName(n Node, part, name string) error {
	if name == "" {
		return mistake(n, part, "the %s is empty", strings.TrimRight(part, "s[]0123456789"))
	}
	for _, r := range name {
		if !letter(r) && !(r >= '0' && r <= '9') && r != '-' {
			return mistake(n, part, "name %q holds %q; names are of letters, digits, - and _", name, r)
		}
	}
	return nil
}

// checkVariable allows letters, digits and _ in the names of variables, and no digit in front.
func checkVariable(n Node, name string) error {
	for i, r := range name {
		if !letter(r) && !(i > 0 && r >= '0' && r <= '9') {
			return mistake(n, "var", "variable %q holds %q at position %d; variables are of letters, digits and _, with no digit in front", name, r, i+1)
		}
	}
	if name == "" {
		return mistake(n, "var", "the variable has no name")
	}
	return nil
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' }

// checkLabels wants at least one label, each once, without white space.
func checkLabels(n Node, part string, labels []string) error {
	if len(labels) == 0 {
		return mistake(n, part, "there must be at least one option")
	}
	for i, l := range labels {
		at := indexed(part, i)
		if part == "options" {
			at = "options." + l
		}
		switch {
		case l == "":
			return mistake(n, at, "label %d is empty", i+1)
		case strings.ContainsFunc(l, blank):
			return mistake(n, at, "label %q holds a space or an unprintable character", l)
		case slices.Index(labels, l) != i:
			return mistake(n, at, "label %q is given twice", l)
		}
	}
	return nil
}

func blank(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

func indexed(part string, i int) string { return fmt.Sprintf("%s[%d]", part, i) }

func dagPart(k, j int) string { return fmt.Sprintf("nodes[%d][%d]", k, j) }
