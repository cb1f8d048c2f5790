package kernel

// Gemm computes C = op(A)·op(B), or C += op(A)·op(B) when accumulate, with C m×n, op(A) m×k, op(B) k×n, all row-major
// and dense. op transposes when the flag says so: A is then stored k×m, B n×k.
func Gemm(p *Pool, c, a, b []float32, m, n, k int, transA, transB, accumulate bool) {
	p.For(m, func(i int) {
		row := c[i*n:][:n]
		if !accumulate {
			clear(row)
		}
		for l := range k {
			var v float32
			if transA {
				v = a[l*m+i]
			} else {
				v = a[i*k+l]
			}
			if transB {
				for j := range row {
					row[j] = fma32(v, b[j*k+l], row[j])
				}
				continue
			}
			br := b[l*n:][:n]
			for j := range row {
				row[j] = fma32(v, br[j], row[j])
			}
		}
	})
}
