package train_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func TestEvaluatorKeepsItsContract(t *testing.T) {
	lenet, err := network.LeNet5(network.Shape{H: 28, W: 28, C: 1}, 10)
	if err != nil {
		t.Fatal(err)
	}
	misfit := trial.Trial{ID: 2, Name: "misfit", Network: lenet, Fidelity: trial.Full(1), Seed: 1}
	trials := conform.Trials{
		Good: []trial.Trial{
			{ID: 0, Arch: space.NewArch(0), Fidelity: trial.Full(2), Seed: 1},
			{ID: 1, Keep: true, Arch: space.NewArch(1), Fidelity: trial.Full(1), Seed: 2},
			{ID: 3, Keep: true, Name: "small", Network: small(t, false), Fidelity: trial.Full(1), Seed: 2},
			{ID: 4, Arch: space.NewArch(0), Fidelity: trial.Fidelity{Amount: 1, Data: 0.5, Resolution: 1, Width: 1}, Seed: 2},
		},
		Bad: &misfit, Stops: true,
	}
	for _, long := range []trial.Trial{trials.Good[0], {ID: 6, Keep: true, Name: "small", Network: small(t, false), Fidelity: trial.Full(2), Seed: 3}} {
		short := long
		short.ID, short.Fidelity = long.ID+100, long.Fidelity.At(1)
		trials.Pairs = append(trials.Pairs, [2]trial.Trial{short, long})
	}
	for _, c := range []struct {
		name    string
		threads int
	}{{"on one thread", 1}, {"on two threads", 2}} {
		t.Run(c.name, func(t *testing.T) {
			conform.Evaluator(t, trials, func(t testing.TB) trial.Evaluator {
				e, err := train.New(train.Config{
					Data: digits().Training, Settings: train.Settings{Epochs: 2, Batch: 32}, Threads: c.threads, Artifacts: store.Folder(t.TempDir()),
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
