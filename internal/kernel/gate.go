package kernel

// GateForward computes y[n][hw][c] = x[n][hw][c]·gate[n][c].
func GateForward(p *Pool, y, x, gate []float32, n, hw, c int) {
	p.For(n, func(i int) {
		gt := gate[i*c:][:c]
		for r := range hw {
			in, out := x[(i*hw+r)*c:][:c], y[(i*hw+r)*c:][:c]
			for j, v := range gt {
				out[j] = in[j] * v
			}
		}
	})
}

// GateBackward computes dx = dy·gate and dgate[n][c] = Σ dy·x over the hw pixels; both are overwritten, and dx may be dy.
func GateBackward(p *Pool, dx, dgate, dy, x, gate []float32, n, hw, c int) {
	p.For(n, func(i int) {
		gt, dg := gate[i*c:][:c], dgate[i*c:][:c]
		clear(dg)
		for r := range hw {
			at := (i*hw + r) * c
			for j, v := range gt {
				d := dy[at+j]
				dg[j] = fma32(d, x[at+j], dg[j])
				dx[at+j] = d * v
			}
		}
	})
}
