package peer

import (
	"fmt"
	"testing"
)

// BenchmarkTrainStep measures a training step, as samples a second and allocations a step.
func BenchmarkTrainStep(b *testing.B) {
	for _, n := range Networks() {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", n.Name, threads), func(b *testing.B) {
				t, err := n.Start(n.Batch, threads)
				if err != nil {
					b.Fatal(err)
				}
				defer t.Close()
				if err := t.Step(); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := t.Step(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n.Batch)*float64(b.N)/b.Elapsed().Seconds(), n.Unit+"/s")
			})
		}
	}
}
