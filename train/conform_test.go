package train_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func TestEvaluatorKeepsItsContract(t *testing.T) {
	diverging := trial.Trial{ID: 2, Phase: trial.Baseline, Name: "diverging", Network: small(t, false), Seed: 1}
	trials := conform.Trials{
		Good: []trial.Trial{
			{ID: 0, Phase: trial.Search, Arch: space.NewArch(0), Budget: trial.Budget{Epochs: 2}, Seed: 1},
			{ID: 1, Phase: trial.Finalist, Arch: space.NewArch(1), Seed: 2},
			{ID: 3, Phase: trial.Finalist, Name: "small", Network: small(t, false), Seed: 2},
		},
		Bad: &diverging,
	}
	for _, c := range []struct {
		name    string
		threads int
	}{{"on one thread", 1}, {"on two threads", 2}} {
		t.Run(c.name, func(t *testing.T) {
			conform.Evaluator(t, trials, func(t testing.TB) trial.Evaluator {
				e, err := train.New(train.Config{
					Data:     digits().Training,
					Search:   train.Settings{Batch: 32},
					Finalist: train.Settings{Epochs: 1},
					Baseline: train.Settings{Epochs: 2, LearningRate: 1e6, Schedule: train.Constant},
					Threads:  c.threads, Folder: t.TempDir(),
					Build: func(trial.Trial) (*network.Graph, error) { return small(t, true), nil },
				})
				if err != nil {
					t.Fatal(err)
				}
				return e
			})
		})
	}
}
