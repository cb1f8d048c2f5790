package kernel

// spinArgs says how many turns to take and receives the floating-point operations of one turn.
type spinArgs struct{ turns, flop int }

func goSpin(t *spinArgs) {
	var acc [4]float32
	x := float32(len(acc) - 4)
	for range t.turns {
		for i := range acc {
			acc[i] = fma32(x, x, acc[i])
		}
	}
	t.flop = 2 * len(acc)
}

// SpinFMA takes turns of independent fused multiply-adds between registers (at least one) and returns how many
// floating-point operations it did: timed by the caller, their rate is one thread's peak with the kernels in use.
func SpinFMA(turns int) (flop float64) {
	t := &spinArgs{turns: max(turns, 1)}
	active.spin(t)
	return float64(t.flop) * float64(t.turns)
}
