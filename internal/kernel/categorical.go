package kernel

// Forbidden is the log-probability of a class that is masked out: finite, so that no sum over classes becomes NaN, and
// its exponential is zero.
const Forbidden = -1e30

// LogSoftmax computes the logarithm of the softmax of each row of c classes, and the softmax itself in probs. With
// allowed, rows·c flags or c for all rows, forbidden classes take no part: their probability is 0 and its logarithm
// Forbidden. logp may be x.
func LogSoftmax(logp, probs, x []float32, allowed []bool, rows, c int) {
	for r := range rows {
		in, l, p := x[r*c:][:c], logp[r*c:][:c], probs[r*c:][:c]
		mask := maskRow(allowed, r, c)
		top, any := float32(0), false
		for j, v := range in {
			if (mask == nil || mask[j]) && (!any || !(v <= top)) {
				top, any = v, true
			}
		}
		sum := 0.0
		for j, v := range in {
			p[j] = 0
			if mask == nil || mask[j] {
				p[j] = exp(v - top)
				sum += float64(p[j])
			}
		}
		base := float64(top) + log(sum)
		for j, v := range in {
			p[j] = float32(float64(p[j]) / sum)
			l[j] = Forbidden
			if mask == nil || mask[j] {
				l[j] = float32(float64(v) - base)
			}
		}
	}
}

// LogSoftmaxBackward computes dx = dlogp − probs·Σ dlogp for each row; what flows to forbidden classes is left out.
// dx may be dlogp.
func LogSoftmaxBackward(dx, dlogp, probs []float32, allowed []bool, rows, c int) {
	for r := range rows {
		d, in, p := dx[r*c:][:c], dlogp[r*c:][:c], probs[r*c:][:c]
		mask := maskRow(allowed, r, c)
		sum := 0.0
		for j, v := range in {
			if mask == nil || mask[j] {
				sum += float64(v)
			}
		}
		for j, v := range in {
			d[j] = 0
			if mask == nil || mask[j] {
				d[j] = float32(float64(v) - float64(float64(p[j])*sum))
			}
		}
	}
}

// maskRow returns the flags of row r, or nil where everything is allowed.
func maskRow(allowed []bool, r, c int) []bool {
	switch {
	case allowed == nil:
		return nil
	case len(allowed) == c:
		return allowed
	}
	return allowed[r*c:][:c]
}

// Draw returns the class into which u in [0, 1) falls when the classes are laid behind one another in their order,
// each as wide as its probability. A class of probability 0 is never drawn.
func Draw(probs []float32, u float64) int {
	last, sum := 0, 0.0
	for j, p := range probs {
		if p > 0 {
			last = j
			if sum += float64(p); u < sum {
				return j
			}
		}
	}
	return last // rounding left the sum below u
}
