package study_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// BenchmarkStudy measures whole studies of an evaluator that costs nothing, with a journal on the disk: what the driver and the
// journal allow at most.
func BenchmarkStudy(b *testing.B) {
	for _, window := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("window=%d", window), func(b *testing.B) {
			const trials = 2000
			c := config(b)
			n := 0
			for b.Loop() {
				j, err := store.Create(context.Background(), filepath.Join(b.TempDir(), fmt.Sprintf("%d.db", n)))
				if err != nil {
					b.Fatal(err)
				}
				run(b, study.Config{
					Name: "bench", Space: c.Space, Objectives: objectives, Window: window, Journal: j, Stop: study.Stop{Trials: trials},
					Strategy: search.NewRandom(search.Problem{Region: region(), Budget: trial.Budget{Epochs: 1}, Seed: 1}), Evaluator: conform.Landscape{},
				})
				if err := j.Close(); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(n*trials)/b.Elapsed().Seconds(), "trials/s")
		})
	}
}
