package kernel

// CopyChannels copies c channels of each row from src (srcC channels a row, starting at srcAt) to dst (dstC, dstAt):
// concatenation and splitting.
func CopyChannels(p *Pool, dst []float32, dstC, dstAt int, src []float32, srcC, srcAt, rows, c int) {
	p.channels(copyJob{dst: dst, src: src, dstC: dstC, srcC: srcC, dstAt: dstAt, srcAt: srcAt, rows: rows, c: c})
}

// AddChannels is CopyChannels that adds to dst.
func AddChannels(p *Pool, dst []float32, dstC, dstAt int, src []float32, srcC, srcAt, rows, c int) {
	p.channels(copyJob{dst: dst, src: src, dstC: dstC, srcC: srcC, dstAt: dstAt, srcAt: srcAt, rows: rows, c: c, add: true})
}

func (p *Pool) channels(j copyJob) {
	if j.rows == 0 || j.c == 0 {
		return
	}
	p = p.or()
	p.jobs.copy = j
	p.sweep(chunkCount(j.rows, j.c), &p.jobs.copy)
	p.jobs.copy = copyJob{}
}

type copyJob struct {
	dst, src     []float32
	dstC, srcC   int
	dstAt, srcAt int
	rows, c      int
	add          bool
}

func (j *copyJob) do(w *worker, i int) {
	for r := i * chunkRows(j.c); r < min((i+1)*chunkRows(j.c), j.rows); r++ {
		to, from := j.dst[r*j.dstC+j.dstAt:][:j.c], j.src[r*j.srcC+j.srcAt:][:j.c]
		if j.add {
			w.add(to, from)
		} else {
			copy(to, from)
		}
	}
}
