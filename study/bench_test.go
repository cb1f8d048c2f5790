package study_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
)

// BenchmarkStudy measures whole studies of an evaluator that costs nothing, with a journal on the disk: what the driver and the
// journal allow at most.
func BenchmarkStudy(b *testing.B) {
	for _, window := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("window=%d", window), func(b *testing.B) {
			const trials = 2000
			n := 0
			for b.Loop() {
				j, err := store.CreateSQLite(context.Background(), filepath.Join(b.TempDir(), fmt.Sprintf("%d.db", n)))
				if err != nil {
					b.Fatal(err)
				}
				c := config(b)
				c.Window, c.Journal, c.Stop.Trials = window, j, trials
				c.Finalists.Count, c.Baselines, c.Tester = 0, nil, nil
				c.Strategy = search.NewRandom(search.Problem{Region: region(), Seed: 1})
				c.Evaluator = conform.Landscape{}
				run(b, c)
				if err := j.Close(); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(n*trials)/b.Elapsed().Seconds(), "trials/s")
		})
	}
}
