package kernel

import (
	"testing"
	"unsafe"
)

func TestAKernelGoesThroughWhatItIsToFetchAndComputesTheSame(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		const rows, inner, cols = 64, 32, 16
		a, b := values(rows*inner, 1), values(inner*cols, 2)
		far := values(4096, 3)
		run := func(soon ahead) ([]float32, ahead) {
			c := make([]float32, rows*cols)
			s := &tileArgs{a: at(a, 0), b: at(b, 0), c: at(c, 0), offs: unsafe.Pointer(&zeroOffset), lda: 4 * inner, ldb: 4 * cols, ldc: 4 * cols,
				taps: 1, k: inner, rows: 1, tail: 16, nv: 1, ahead: soon}
			sweep(p.set.tileNN[1], s, rows)
			return c, s.ahead
		}
		want, _ := run(ahead{})
		var soon ahead
		soon.then(far[:64])
		soon.then(nil)
		soon.then(far[2048:2112])
		got, after := run(soon)
		sameBits(t, "c", got, want)
		if soon.left != 1 {
			t.Fatalf("%d stretches are remembered beside the present; want 1", soon.left)
		}
		if p.set.name != "go" && (after.left != 0 || after.pace != 0) {
			t.Fatalf("after the product %d stretches are left and the pace is %d; want none of either", after.left, after.pace)
		}
	})
}

func TestOfManyStretchesToFetchTheFirstAreRemembered(t *testing.T) {
	var a ahead
	x := values(1000, 1)
	for i := range 2 * aheadMost {
		a.then(x[10*i:][:100])
	}
	if want := uintptr(unsafe.Pointer(&x[0])); a.left != aheadMost || a.next[0] != (stretch{want, want + 400}) {
		t.Fatalf("%d stretches are remembered, the first of them %v; want %d and %d to %d", a.left, a.next[0], aheadMost, want, want+400)
	}
}
