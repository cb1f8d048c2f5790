package space_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
)

func FuzzParseArch(f *testing.F) {
	spaces := sampleSpaces(f)
	names := slices.Sorted(maps.Keys(spaces))
	for i, name := range names {
		a := randomArch(f, spaces[name], stream.New(10, name))
		f.Add(i, spaces[name].Format(a))
		f.Add(i, a.String())
	}
	f.Fuzz(func(t *testing.T, which int, text string) {
		var raw space.Arch
		if err := raw.UnmarshalText([]byte(text)); err == nil && raw.String() != text {
			t.Fatalf("%q was read and written as %q", text, raw)
		}
		if which < 0 || which >= len(names) {
			return
		}
		s := spaces[names[which]]
		if s.Check(raw) == nil {
			if _, err := s.Network(raw); err != nil {
				t.Fatalf("%v passes Check, but: %v", raw, err)
			}
		}
		a, err := s.Parse(text)
		if err != nil {
			return
		}
		if err := s.Check(a); err != nil {
			t.Fatalf("%q was read as %v, but: %v", text, a, err)
		}
		if b, err := s.Parse(s.Format(a)); err != nil || a != b {
			t.Fatalf("%q was read as %v and then as %v, %v", text, a, b, err)
		}
	})
}

// placed is how every error about a space file begins.
var placed = regexp.MustCompile(`^f\.yaml:[0-9]+:[0-9]+: [^\n]+$`)

func FuzzParseSpaceFile(f *testing.F) {
	texts, _ := brokenFiles(f)
	for _, text := range append(texts, documented(f)...) {
		f.Add(text)
	}
	for _, s := range sampleSpaces(f) {
		f.Add(s.YAML())
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := space.ParseFile("f.yaml", []byte(text))
		if err != nil {
			if !placed.MatchString(err.Error()) {
				t.Fatalf("the error has no place or several lines: %q", err)
			}
			return
		}
		written := s.YAML()
		again, err := space.ParseFile("f.yaml", []byte(written))
		if err != nil {
			t.Fatalf("%v\n%s\nwas written as\n%s", err, text, written)
		}
		if again.YAML() != written {
			t.Fatalf("it is not written the same again:\n%s\n%s", written, again.YAML())
		}
		for a := range s.Each() {
			if b, err := s.Parse(s.Format(a)); err != nil || a != b {
				t.Fatalf("%v is read as %v, %v", a, b, err)
			}
			break
		}
	})
}
