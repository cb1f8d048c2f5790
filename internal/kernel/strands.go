package kernel

// strands returns how many rows of c channels are taken side by side as one row of a vector kernel: enough that few
// channels fill the registers, a power of two that divides rows. Sums over rows are then one for each strand, added in
// their order, so it is part of the meaning of the results.
func strands(rows, c int) int {
	const floats = 64
	s := 1
	for c*s < floats && rows%(2*s) == 0 {
		s *= 2
	}
	return s
}

// repeat writes x s times behind one another.
func repeat(to, x []float32, s int) {
	for i := range s {
		copy(to[i*len(x):][:len(x)], x)
	}
}

// strandTotal sums channel j over the s strands of c channels in n rows of sums.
func strandTotal(x []float32, n, c, s, j int) float64 {
	sum := 0.0
	for i := range s {
		sum += columnTotal(x, n, c*s, i*c+j)
	}
	return sum
}
