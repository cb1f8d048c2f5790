package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// A width changes the shapes in the cells, and a kernel what their operations cost, together with the decisions about them. So neither
// variable can stay open, and the compiler has to notice.
func TestCellsAmongVariablesAgreeWithBruteForce(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		g := &trees{t: t, kernels: []string{"kernel"}, widths: []string{"width"}, lets: map[string]int{"kernel": 2, "width": 2}}
		s, err := space.New("drawn", network.Shape{H: 8, W: 8, C: 2}, &space.Let{Var: "width", Values: space.Values(2, 3), Body: &space.Let{
			Var: "kernel", Values: space.Values(3, 1), Body: space.SeqOf(g.leaf(), g.cells(), g.leaf()),
		}})
		if err != nil {
			return
		}
		l, err := lattice.Compile(s)
		if err != nil {
			t.Fatal(err)
		}
		if n := l.Count(); n.BitLen() > 11 {
			return
		}
		e, _ := enumerate(t, s, 1<<11)
		compared++
		agree(t, e, l, nil, 1)
		for range 2 {
			agree(t, e, l, e.budgets(t), 1)
		}
	})
	if compared < 20 {
		t.Errorf("only %d spaces could be compared", compared)
	}
	t.Logf("%d spaces were compared", compared)
}
