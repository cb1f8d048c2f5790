package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// SquaredError returns the mean of (x − target)² over all elements. The gradients of both flow.
func (t *Tape) SquaredError(x, target *Var) *Var {
	check(x.shape == target.shape, "a squared error of shapes %v and %v", x.shape, target.shape)
	o := t.record("squarederror", tensor.Of(), x, target)
	o.keep = []*Var{x, target}
	loss, n := o.out, x.shape.Size()
	o.forward = func() {
		sum := 0.0
		for i, v := range x.value {
			d := float64(v) - float64(target.value[i])
			sum += float64(d * d)
		}
		loss.value[0] = float32(sum / float64(n))
	}
	o.backward = func() {
		each := 2 * loss.grad[0] / float32(n)
		for k, s := range o.in {
			d := s.target()
			if d == nil {
				continue
			}
			a, b := x.value, target.value
			if k == 1 {
				a, b = b, a
			}
			for i := range d {
				d[i] = each * (a[i] - b[i])
			}
			s.finish(t.pool)
		}
	}
	return loss
}

// Distill returns the loss T²·KL(softmax(teacher/T) ‖ softmax(student/T)), the mean over the batch, for logits N×1×1×C
// and a temperature T (Hinton et al., 2015). No gradient flows into the teacher.
func (t *Tape) Distill(student, teacher *Var, temperature float32) *Var {
	check(student.shape == teacher.shape && temperature > 0, "distillation of %v into %v at temperature %v", teacher.shape, student.shape, temperature)
	n, c := student.shape.At(0), student.shape.At(-1)
	check(student.shape.Size() == n*c, "distillation of logits of shape %v", student.shape)
	o := t.record("distill", tensor.Of(), student, teacher)
	loss := o.out
	slope := t.save(o, n*c)
	logs, targets, probs := t.temp(o, n*c), t.temp(o, n*c), t.temp(o, n*c)
	o.forward = func() {
		kernel.Scale(t.pool, targets.value, teacher.value, 1/temperature)
		kernel.LogSoftmax(targets.value, probs.value, targets.value, nil, n, c)
		kernel.Scale(t.pool, logs.value, student.value, 1/temperature)
		kernel.LogSoftmax(logs.value, slope.value, logs.value, nil, n, c)
		sum := 0.0
		for i, p := range probs.value {
			sum += float64(float64(p) * (float64(targets.value[i]) - float64(logs.value[i])))
			slope.value[i] -= p
		}
		loss.value[0] = float32(float64(temperature) * float64(temperature) * sum / float64(n))
	}
	dx := o.in[0]
	o.backward = func() {
		kernel.Scale(t.pool, dx.target(), slope.value, loss.grad[0]*temperature/float32(n))
		dx.finish(t.pool)
	}
	return loss
}
