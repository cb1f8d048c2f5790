package lattice_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func TestADrawingOfALatticeHasABoxForEachItemAndEveryOptionOnAnArrow(t *testing.T) {
	l := compiled(t, nbMacro(t))
	source, err := l.DOT()
	if err != nil {
		t.Fatal(err)
	}
	items, steps := l.Size()
	boxes, options := 0, 0
	for line := range strings.Lines(source) {
		switch {
		case strings.Contains(line, "->"):
			options += 1 + strings.Count(line, "<BR/>")
		case strings.HasPrefix(line, "\ti"):
			boxes++
		}
	}
	if boxes != items || options != steps {
		t.Errorf("%d boxes and %d options for %d items and %d steps in\n%s", boxes, options, items, steps, source)
	}
	for _, part := range []string{"layer1.op<BR/>", ">6,561<", ">2,187<", "6,561 architectures, "} {
		if !strings.Contains(source, part) {
			t.Errorf("%q is not in\n%s", part, source)
		}
	}
	if again, _ := l.DOT(); again != source {
		t.Error("the same lattice is drawn in two ways")
	}
}

func TestALatticeOfTooManyItemsIsNotDrawn(t *testing.T) {
	s, err := space.Mobile(space.MobileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var large *lattice.TooLargeError
	if _, err := compiled(t, s).WithPrevious().DOT(); !errors.As(err, &large) {
		t.Errorf("a lattice of many items: %v, want a TooLargeError", err)
	}
}
