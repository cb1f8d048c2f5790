package kernel

// jobs holds the arguments of the operation that a pool is running, one of each kind, so that starting an operation
// allocates nothing. Each is cleared when its operation ends, so that the pool keeps no caller's memory alive.
type jobs struct {
	gemm     gemmJob
	pack     packJob
	conv     convJob
	grad     convGradJob
	fold     foldJob
	vec      vecJob
	avg      averageJob
	glob     globalJob
	max      maxJob
	maxGrad  maxGradJob
	copy     copyJob
	soft     softmaxJob
	turn     transposeJob
	lstm     lstmJob
	gru      gruJob
	step     lstmStepJob
	entropy  entropyJob
	row      rowJob
	attend   attendJob
	embed    embedJob
	batch    batchJob
	glu      gluJob
	steps    stepsJob
	affine   affineJob
	finite   finiteJob
	mix      mixtureJob
	diagonal diagonalJob
}

// scratch returns n floats shared by the tasks of one operation, contents undefined.
func (p *Pool) scratch(n int) []float32 {
	if cap(p.mem) < n {
		p.mem = make([]float32, n+n/8)
	}
	return p.mem[:n]
}

// second is another shared buffer, for operations that run another one which needs the first.
func (p *Pool) second(n int) []float32 {
	if cap(p.mem2) < n {
		p.mem2 = make([]float32, n+n/8)
	}
	return p.mem2[:n]
}

// third is a shared buffer for the partial sums of gradients.
func (p *Pool) third(n int) []float32 {
	if cap(p.mem3) < n {
		p.mem3 = make([]float32, n+n/8)
	}
	return p.mem3[:n]
}

// fourth is a shared buffer for the weights of a convolution as its loops want them.
func (p *Pool) fourth(n int) []float32 {
	if cap(p.mem4) < n {
		p.mem4 = make([]float32, n+n/8)
	}
	return p.mem4[:n]
}
