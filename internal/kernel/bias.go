package kernel

// AddBias adds bias (length c) to each of the rows of y.
func AddBias(p *Pool, y, bias []float32, rows, c int) {
	p = p.or()
	p.byRows(vecJob{f: p.set.vec.bias, y: [3][]float32{y}, x: [4][]float32{y}, p: [4][]float32{bias}, sums: 1}, rows, c)
}

// BiasGrad adds to db (length c) the sum of the rows of dy, each channel summed in fixed chunks of rows and the chunks
// in float64. A nil db is not wanted.
func BiasGrad(p *Pool, db, dy []float32, rows, c int) {
	if db == nil {
		return
	}
	p = p.or()
	n := chunkCount(rows, c)
	part := p.scratch(n * c)
	p.byRows(vecJob{f: p.set.vec.colSum, y: [3][]float32{part}, x: [4][]float32{dy}}, rows, c)
	for j := range c {
		db[j] += float32(columnTotal(part, n, c, j))
	}
}

// columnTotal sums column j of n rows of c floats.
func columnTotal(x []float32, n, c, j int) float64 {
	s := 0.0
	for i := range n {
		s += float64(x[i*c+j])
	}
	return s
}
