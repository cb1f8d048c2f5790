package kernel

// AddBias adds bias (length c) to each of the rows of y.
func AddBias(p *Pool, y, bias []float32, rows, c int) {
	p.For(chunks(rows), func(i int) {
		lo, hi := chunk(i, rows)
		for r := lo; r < hi; r++ {
			out := y[r*c:][:c]
			for j, b := range bias[:c] {
				out[j] += b
			}
		}
	})
}

// BiasGrad adds to db (length c) the sum of the rows of dy.
func BiasGrad(p *Pool, db, dy []float32, rows, c int) {
	part := make([]float32, c)
	for i := range chunks(rows) {
		lo, hi := chunk(i, rows)
		clear(part)
		for r := lo; r < hi; r++ {
			for j, v := range dy[r*c:][:c] {
				part[j] += v
			}
		}
		for j, v := range part {
			db[j] += v
		}
	}
}

// rowsPerChunk is the fixed cut of every reduction over rows; it is part of the meaning of the results.
const rowsPerChunk = 256

func chunks(rows int) int { return (rows + rowsPerChunk - 1) / rowsPerChunk }

func chunk(i, rows int) (lo, hi int) { return i * rowsPerChunk, min((i+1)*rowsPerChunk, rows) }
