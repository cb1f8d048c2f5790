package kernel

// AllFinite reports whether x holds neither NaN nor infinity.
func AllFinite(p *Pool, x []float32) bool {
	p = p.or()
	n := (len(x) + flatBlock - 1) / flatBlock
	j := &p.jobs.finite
	*j = finiteJob{x: x, part: p.scratch(n)}
	p.run(n, j)
	finite := true
	for _, sum := range j.part {
		finite = finite && sum == 0
	}
	*j = finiteJob{}
	return finite
}

type finiteJob struct{ x, part []float32 }

func (j *finiteJob) do(w *worker, i int) {
	x := j.x[i*flatBlock : min((i+1)*flatBlock, len(j.x))]
	t := &w.row
	*t = rowArgs{rows: 1, cols: len(x)}
	t.x[0], t.r[1] = at(x, 0), at(j.part, i)
	w.set.row.zeroSum(t)
	*t = rowArgs{}
}
