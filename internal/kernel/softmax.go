package kernel

// Softmax computes the softmax of each row of x (length c); y may be x.
func Softmax(p *Pool, y, x []float32, rows, c int) {
	p = p.or()
	j := &p.jobs.soft
	*j = softmaxJob{y: y, x: x, rows: rows, c: c}
	p.run((rows+softmaxRows-1)/softmaxRows, j)
	*j = softmaxJob{}
}

const softmaxRows = 64 // rows of a task

type softmaxJob struct {
	y, x    []float32
	rows, c int
}

func (j *softmaxJob) do(_ *worker, i int) {
	for r := i * softmaxRows; r < min((i+1)*softmaxRows, j.rows); r++ {
		in, out := j.x[r*j.c:][:j.c], j.y[r*j.c:][:j.c]
		top := in[0]
		for _, v := range in {
			top = max(top, v)
		}
		sum := 0.0
		for j, v := range in {
			out[j] = exp(v - top)
			sum += float64(out[j])
		}
		for j, v := range out {
			out[j] = float32(float64(v) / sum)
		}
	}
}

// CrossEntropy returns the summed loss −Σ_j t_j·log softmax(logits)_j over rows of c classes, where the target t is
// 1−smoothing at the row's label plus smoothing/c everywhere (Szegedy et al., 2016), and how many rows have their
// largest logit (the first of equals) at the label. If dlogits is not nil it receives the gradient of the loss
// divided by the number of rows, that is of the mean loss: (softmax − t)/rows. dlogits may be logits.
// A row with a NaN counts as wrong and makes the loss NaN.
func CrossEntropy(p *Pool, dlogits, logits []float32, labels []int32, c int, smoothing float32) (loss float64, correct int) {
	low := float64(smoothing) / float64(c)
	high := 1 - float64(smoothing)
	inv := 1 / float64(len(labels))
	for r, label := range labels {
		in := logits[r*c:][:c]
		best := 0
		for j, v := range in {
			if v > in[best] || v != v {
				best = j
			}
		}
		top := in[best]
		if best == int(label) && top == top {
			correct++
		}
		sum, total := 0.0, 0.0
		for _, v := range in {
			sum += float64(exp(v - top))
			total += float64(v - top)
		}
		loss += log(sum) - float64(high*float64(in[label]-top)) - float64(low*total)
		if dlogits == nil {
			continue
		}
		out := dlogits[r*c:][:c]
		for j, v := range in {
			t := low
			if j == int(label) {
				t += high
			}
			out[j] = float32((float64(exp(v-top))/sum - t) * inv)
		}
	}
	return loss, correct
}
