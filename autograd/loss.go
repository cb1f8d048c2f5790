package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Labels are the classes of a batch, and what CrossEntropy learned from them.
type Labels struct {
	Class   []int32 // filled by the caller before Forward, each in [0, classes)
	Correct int     // rows whose largest logit was that of the label
	Mean    float64 // the mean loss, in full precision
}

// CrossEntropy returns the mean over the batch of −Σⱼ tⱼ·log softmax(logits)ⱼ for logits N×1×1×C, the target t being
// 1−smoothing at the label plus smoothing/C everywhere (Szegedy et al., 2016).
func (t *Tape) CrossEntropy(logits *Var, labels *Labels, smoothing float32) *Var {
	n, c := logits.shape.At(0), logits.shape.At(-1)
	check(logits.shape.Size() == n*c && len(labels.Class) == n, "cross entropy of %v with %d labels", logits.shape, len(labels.Class))
	o := t.record("crossentropy", tensor.Of(), logits)
	loss := o.out
	var slope *Var
	if t.train {
		slope = t.save(o, n*c)
	}
	o.forward = func() {
		var d []float32
		if slope != nil {
			d = slope.value
		}
		sum, correct := kernel.CrossEntropy(t.pool, d, logits.value, labels.Class, c, smoothing)
		labels.Mean, labels.Correct = sum/float64(n), correct
		loss.value[0] = float32(labels.Mean)
	}
	dx := o.in[0]
	o.backward = func() {
		kernel.Scale(t.pool, dx.target(), slope.value, loss.grad[0])
		dx.finish(t.pool)
	}
	return loss
}

// Mean returns the mean of all elements of x, accumulated in float64.
func (t *Tape) Mean(x *Var) *Var {
	o := t.record("mean", tensor.Of(), x)
	y, n := o.out, x.shape.Size()
	o.forward = func() { y.value[0] = float32(kernel.Sum(t.pool, x.value) / float64(n)) }
	dx := o.in[0]
	o.backward = func() {
		d, each := dx.target(), y.grad[0]/float32(n)
		for i := range d {
			d[i] = each
		}
		dx.finish(t.pool)
	}
	return y
}
