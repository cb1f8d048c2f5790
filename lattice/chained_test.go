package lattice_test

import (
	"testing"
)

func TestAChainedLatticeIsNotChainedAgain(t *testing.T) {
	plain := compiled(t, nb201(t))
	l := plain.Chained()
	items, _ := l.Size()
	if fewer, _ := plain.Size(); items != 1+1+5*5 || fewer != 7 { // the end, the root, and five decisions after each of five options
		t.Errorf("%d items chained, %d not", items, fewer)
	}
	if l.Chained() != l {
		t.Error("a chained lattice has another one")
	}
}
