package kernel

// CopyChannels copies c channels of each row from src (srcC channels a row, starting at srcAt) to dst (dstC, dstAt):
// concatenation and splitting.
func CopyChannels(p *Pool, dst []float32, dstC, dstAt int, src []float32, srcC, srcAt, rows, c int) {
	p.For(chunkCount(rows, c), func(i int) {
		lo, hi := i*chunkRows(c), min((i+1)*chunkRows(c), rows)
		for r := lo; r < hi; r++ {
			copy(dst[r*dstC+dstAt:][:c], src[r*srcC+srcAt:][:c])
		}
	})
}

// AddChannels is CopyChannels that adds to dst.
func AddChannels(p *Pool, dst []float32, dstC, dstAt int, src []float32, srcC, srcAt, rows, c int) {
	p.For(chunkCount(rows, c), func(i int) {
		lo, hi := i*chunkRows(c), min((i+1)*chunkRows(c), rows)
		for r := lo; r < hi; r++ {
			d, s := dst[r*dstC+dstAt:][:c], src[r*srcC+srcAt:][:c]
			for j, v := range s {
				d[j] += v
			}
		}
	})
}
