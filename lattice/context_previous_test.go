package lattice_test

import (
	"testing"
)

func TestWithPreviousOfALatticeThatHasThemChangesNothing(t *testing.T) {
	plain := compiled(t, nb201(t))
	l := plain.WithPrevious()
	items, _ := l.Size()
	if fewer, _ := plain.Size(); items != 1+1+5*5 || fewer != 7 { // the end, the root, and five decisions after each of five options
		t.Errorf("%d items with previous options, %d without", items, fewer)
	}
	if l.WithPrevious() != l {
		t.Error("a lattice with previous options has another one")
	}
}
