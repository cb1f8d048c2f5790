package kernel

import (
	"testing"
	"time"
)

// BenchmarkPool measures what it costs to spread one operation over two threads: two equal tasks of so many microseconds
// each, against both in turn, an operation right after the other as in a training step. A perfect pool takes 0.5 of the serial time.
func BenchmarkPool(b *testing.B) {
	for _, micro := range []int{5, 20, 100, 500} {
		b.Run((time.Duration(micro) * time.Microsecond).String(), func(b *testing.B) {
			p := NewPool(2)
			defer p.Close()
			turns := turnsOf(time.Duration(micro) * time.Microsecond)
			task := func(int) { SpinFMA(turns) }
			const repeats = 1000
			var serial, spread time.Duration
			for b.Loop() {
				start := time.Now()
				for range repeats {
					task(0)
					task(1)
				}
				middle := time.Now()
				for range repeats {
					p.For(2, task)
				}
				serial += middle.Sub(start)
				spread += time.Since(middle)
			}
			b.ReportMetric(float64(spread)/float64(serial), "of-serial")
		})
	}
}

// turnsOf returns how many turns SpinFMA takes in d.
func turnsOf(d time.Duration) int {
	const many = 100000
	best := time.Hour
	for range 20 {
		start := time.Now()
		SpinFMA(many)
		best = min(best, time.Since(start))
	}
	return max(1, int(many*d/best))
}
