package kernel

// CrossEntropy returns the summed loss −Σ_j t_j·log softmax(logits)_j over rows of c classes, where the target t is
// 1−smoothing at the row's label plus smoothing/c everywhere (Szegedy et al., 2016), and how many rows have their
// largest logit (the first of equals) at the label. If dlogits is not nil it receives the gradient of the loss
// divided by the number of rows, that is of the mean loss: (softmax − t)/rows. dlogits may be logits.
// A row with a NaN counts as wrong and makes the loss NaN.
func CrossEntropy(p *Pool, dlogits, logits []float32, labels []int32, c int, smoothing float32) (loss float64, correct int) {
	p = p.or()
	n := chunkCount(len(labels), c)
	j := &p.jobs.entropy
	*j = entropyJob{d: dlogits, x: logits, labels: labels, c: c, part: j.part[:0],
		low: float64(smoothing) / float64(c), high: 1 - float64(smoothing)}
	for range n {
		j.part = append(j.part, entropyPart{})
	}
	p.run(n, j)
	for _, part := range j.part {
		loss += part.loss
		correct += part.correct
	}
	*j = entropyJob{part: j.part[:0]}
	return loss, correct
}

type entropyJob struct {
	d, x      []float32
	labels    []int32
	c         int
	low, high float64
	part      []entropyPart
}

type entropyPart struct {
	loss    float64
	correct int
}

func (j *entropyJob) do(w *worker, i int) {
	first, c := i*chunkRows(j.c), j.c
	rows := min(chunkRows(c), len(j.labels)-first)
	size := 4 * rows
	if j.d == nil {
		size += rows * c
	}
	mem := w.scratch(size)
	top, inv, own, sum, e := mem[:rows], mem[rows:2*rows], mem[2*rows:3*rows], mem[3*rows:4*rows], mem[4*rows:]
	if j.d != nil {
		e = j.d[first*c:][:rows*c]
	}
	part := &j.part[i]
	for r := range rows { // before e is written, which may be x
		x, label := j.x[(first+r)*c:][:c], int(j.labels[first+r])
		own[r] = x[label]
		if firstMax(x, label) {
			part.correct++
		}
		if j.low != 0 {
			total := 0.0
			for _, v := range x {
				total += float64(v)
			}
			sum[r] = float32(total / float64(c))
		}
	}
	t := &w.row
	*t = rowArgs{rows: rows, cols: c, ldy: 4 * c, ldx: 4 * c}
	t.y[0], t.x[0], t.r[0], t.r[1] = at(e, 0), span(j.x, first*c, rows*c), at(top, 0), at(inv, 0)
	w.set.row.exp(t)
	for r := range rows {
		above := float64(own[r]) - float64(top[r])
		part.loss -= log(float64(inv[r])) + float64(j.high*above)
		if j.low != 0 {
			part.loss -= float64(j.low * float64(float64(c)*(float64(sum[r])-float64(top[r]))))
		}
	}
	if j.d == nil {
		*t = rowArgs{}
		return
	}
	each := 1 / float64(len(j.labels))
	for r := range rows {
		own[r] = e[r*c+int(j.labels[first+r])] * inv[r]
		inv[r] = float32(float64(inv[r]) * each)
	}
	t.x[0], t.r[0], t.s[0] = t.y[0], t.r[1], float32(-j.low*each)
	w.set.row.scale(t)
	for r := range rows {
		e[r*c+int(j.labels[first+r])] = float32((float64(own[r]) - j.low - j.high) * each)
	}
	*t = rowArgs{}
}

// firstMax reports whether x[label] is larger than all before it, not smaller than any after it, and nothing is NaN.
func firstMax(x []float32, label int) bool {
	v := x[label]
	for _, u := range x[:label] {
		if !(u < v) {
			return false
		}
	}
	for _, u := range x[label:] {
		if !(u <= v) {
			return false
		}
	}
	return true
}
