package strategy

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/magnitude"
	"github.com/trellis-nas/trellis/internal/nearest"
)

// Kind is what the value of a setting may be.
type Kind string

// The kinds of settings.
const (
	Whole  Kind = "whole number" // "20", "100k"
	Number Kind = "number"       // "0.5"
	Word   Kind = "word"         // one of Setting.Words
	Switch Kind = "true or false"
	Path   Kind = "file" // relative to the study file, or on a command line to the folder one is in
)

// Setting is one setting of a strategy.
type Setting struct {
	Name    string
	Kind    Kind
	Default string   // as a user would write it; empty where the strategy decides by itself, which Doc explains
	Least   float64  // of a number
	Most    float64  // of a number
	Words   []string // that a word may be
	Doc     string   // one line
}

// Range describes the values that are valid: "2 to 100000", "best, first", "true, false".
func (s Setting) Range() string {
	switch s.Kind {
	case Word:
		text := ""
		for i, w := range s.Words {
			if i > 0 {
				text += ", "
			}
			text += w
		}
		return text
	case Switch:
		return "true, false"
	case Path:
		return "a file"
	}
	return strconv.FormatFloat(s.Least, 'g', -1, 64) + " to " + strconv.FormatFloat(s.Most, 'g', 10, 64)
}

// fault says what is wrong with a value as it is written; empty means nothing.
func (s Setting) fault(text string) string {
	switch s.Kind {
	case Word:
		if !slices.Contains(s.Words, text) {
			return fmt.Sprintf("%s %q is unknown; %s", s.Name, text, nearest.Advice(text, s.Words))
		}
		return ""
	case Path:
		if text == "" {
			return fmt.Sprintf("%s names no file", s.Name)
		}
		return ""
	case Switch:
		if text != "true" && text != "false" {
			return fmt.Sprintf("%s is %q, want true or false", s.Name, text)
		}
		return ""
	}
	x, ok := s.number(text)
	switch {
	case !ok:
		return fmt.Sprintf("%s is %q, want a %s", s.Name, text, s.Kind)
	case x < s.Least:
		return fmt.Sprintf("%s is %s, want at least %v", s.Name, text, s.Least)
	case x > s.Most:
		return fmt.Sprintf("%s is %s, want at most %.10g", s.Name, text, s.Most)
	}
	return ""
}

func (s Setting) number(text string) (float64, bool) {
	if s.Kind == Whole {
		n, ok := magnitude.Count(text)
		return float64(n), ok
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// Values are the values of a strategy's settings: those given, and the defaults of the others. Asking for a setting that
// the strategy does not have is a mistake of the program and panics.
type Values struct {
	settings []Setting
	given    []assignment  // valid, in the order in which they were given
	files    []settingFile // that were read already
}

// settingFile is the file that a setting names.
type settingFile struct{ setting, path, text string }

// assignment is a setting and its value as it was written.
type assignment struct{ name, text string }

// Given reports whether a value was given.
func (v Values) Given(name string) bool {
	return slices.ContainsFunc(v.given, func(a assignment) bool { return a.name == name })
}

// Int returns a whole number: 0 if none is given and there is no default.
func (v Values) Int(name string) int {
	n, _ := magnitude.Count(v.text(name, Whole))
	return int(n)
}

// Float returns a number: 0 if none is given and there is no default.
func (v Values) Float(name string) float64 {
	x, _ := strconv.ParseFloat(v.text(name, Number), 64)
	return x
}

// Word returns a word: empty if none is given and there is no default.
func (v Values) Word(name string) string { return v.text(name, Word) }

// Bool returns true or false, which is the default of a default.
func (v Values) Bool(name string) bool { return v.text(name, Switch) == "true" }

// File returns the path of a file as errors name it, and its text, which it reads where the study has not.
func (v Values) File(name string) (path, text string, err error) {
	for _, f := range v.files {
		if f.setting == name {
			return f.path, f.text, nil
		}
	}
	path = v.text(name, Path)
	b, err := files.Read(path, name+" file")
	return path, string(b), err
}

func (v Values) text(name string, kind Kind) string {
	i := slices.IndexFunc(v.settings, func(s Setting) bool { return s.Name == name && s.Kind == kind })
	if i < 0 {
		panic(fmt.Sprintf("strategy: the strategy has no setting %s that is a %s", name, kind))
	}
	for _, a := range v.given {
		if a.name == name {
			return a.text
		}
	}
	return v.settings[i].Default
}

// Files returns the settings that were given and name files, in the order of the catalogue.
func (v Values) Files() []string {
	var out []string
	for _, s := range v.settings {
		if s.Kind == Path && v.Given(s.Name) {
			out = append(out, s.Name)
		}
	}
	return out
}

// WithFile returns the values with the text of the file that a setting names, so that it need not be read again; path names it in errors.
func (v Values) WithFile(setting, path, text string) Values {
	v.files = append(slices.Clip(v.files), settingFile{setting, path, text})
	return v
}
