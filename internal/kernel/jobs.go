package kernel

// jobs holds the arguments of the operation that a pool is running, one of each kind, so that starting an operation
// allocates nothing. Each is cleared when its operation ends, so that the pool keeps no caller's memory alive.
type jobs struct {
	gemm gemmJob
	conv convJob
	grad convGradJob
	fold foldJob
	vec  vecJob
}

// scratch returns n floats shared by the tasks of one operation, contents undefined.
func (p *Pool) scratch(n int) []float32 {
	if cap(p.mem) < n {
		p.mem = make([]float32, n+n/8)
	}
	return p.mem[:n]
}
