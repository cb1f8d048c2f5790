package kernel

// LayerNorm computes y = (z − mean)·inv·gamma + beta for each of the rows, z = x + residual, with the mean and
// inv = 1/√(variance+eps) of the row's c elements (Ba, Kiros & Hinton, 2016). z is written to sum where there is a
// residual; else residual and sum are nil and z is x. y may be x or residual. mean and inv have a number for each row.
func LayerNorm(p *Pool, y, sum, x, residual, gamma, beta, mean, inv []float32, rows, c int, eps float32) {
	p = p.or()
	j := rowJob{f: p.set.row.layerNorm, y: [2][]float32{y}, x: [2][]float32{x}, p: [2][]float32{gamma, beta},
		r: [2][]float32{mean, inv}, s: [2]float32{1 / float32(c), eps}, rows: rows, cols: c}
	if residual != nil {
		j.f, j.y[1], j.x[1] = p.set.row.layerNormAdd, sum, residual
	}
	p.rowwise(j)
}

// LayerNormBackward computes dx from dy and the input z of the norm, and adds to dgamma and dbeta; dx may be dy.
func LayerNormBackward(p *Pool, dx, dgamma, dbeta, dy, z, gamma, mean, inv []float32, rows, c int) {
	p = p.or()
	n := chunkCount(rows, c)
	part := p.scratch(2 * n * c)
	p.rowwise(rowJob{f: p.set.row.layerNormGrad, y: [2][]float32{dx}, x: [2][]float32{dy, z}, p: [2][]float32{gamma},
		r: [2][]float32{mean, inv}, sum: [2][]float32{part[:n*c], part[n*c:]}, s: [2]float32{1 / float32(c)}, rows: rows, cols: c})
	addColumns(dgamma, part[:n*c], n, c)
	addColumns(dbeta, part[n*c:], n, c)
}

// RMSNorm computes y = x·inv·gamma for each of the rows, inv = 1/√(mean of x² + eps) of the row's c elements (Zhang &
// Sennrich, 2019). y may be x.
func RMSNorm(p *Pool, y, x, gamma, inv []float32, rows, c int, eps float32) {
	p = p.or()
	p.rowwise(rowJob{f: p.set.row.rmsNorm, y: [2][]float32{y}, x: [2][]float32{x}, p: [2][]float32{gamma},
		r: [2][]float32{1: inv}, s: [2]float32{1 / float32(c), eps}, rows: rows, cols: c})
}

// RMSNormBackward computes dx from dy and the input x of the norm, and adds to dgamma; dx may be dy.
func RMSNormBackward(p *Pool, dx, dgamma, dy, x, gamma, inv []float32, rows, c int) {
	p = p.or()
	n := chunkCount(rows, c)
	part := p.scratch(n * c)
	p.rowwise(rowJob{f: p.set.row.rmsNormGrad, y: [2][]float32{dx}, x: [2][]float32{dy, x}, p: [2][]float32{gamma},
		r: [2][]float32{1: inv}, sum: [2][]float32{part}, s: [2]float32{1 / float32(c)}, rows: rows, cols: c})
	addColumns(dgamma, part, n, c)
}

// addColumns adds to sum the totals of the c columns of n rows.
func addColumns(sum, rows []float32, n, c int) {
	for j := range sum[:c] {
		sum[j] += float32(columnTotal(rows, n, c, j))
	}
}
