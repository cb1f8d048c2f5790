package kernel

// GateForward computes y[n][hw][c] = x[n][hw][c]·gate[n][c].
func GateForward(p *Pool, y, x, gate []float32, n, hw, c int) {
	p = p.or()
	p.byImage(vecJob{f: p.set.vec.gate, y: [3][]float32{y}, x: [4][]float32{x}, p: [4][]float32{gate}, sums: 1}, n, hw, c)
}

// GateBackward computes dx = dy·gate and dgate[n][c] = Σ dy·x over the hw pixels in order; both are overwritten, and
// dx may be dy.
func GateBackward(p *Pool, dx, dgate, dy, x, gate []float32, n, hw, c int) {
	p = p.or()
	p.byImage(vecJob{f: p.set.vec.gateGrad, y: [3][]float32{dx, dgate}, x: [4][]float32{dy, x}, p: [4][]float32{gate}, sums: 1}, n, hw, c)
}
