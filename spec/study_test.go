package spec_test

import (
	"reflect"
	"testing"

	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// run runs a study to its end in memory and returns its history.
func run(t *testing.T, text string, workers int) *store.History {
	t.Helper()
	j := new(store.Memory)
	s, err := plan(t, parse(t, text)).Study(spec.Run{Folder: t.TempDir(), Journal: j, Workers: workers, Version: "test", Machine: "here"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h.History
}

func TestAPlanBecomesAStudyThatTrainsAndTestsItsFinalists(t *testing.T) {
	for _, strategy := range []string{"random", "{name: evolution, population: 2, sample: 2}"} {
		text := small + "strategy: " + strategy + "\nevaluation: {epochs: 1, batch: 16, augment: [crop]}\nfinalists: {count: 1, repeats: 2, epochs: 1}\nbaselines: [lenet5]\n"
		h := run(t, text, 1)
		if !h.Ended || h.Closed() != store.TrialLimit || len(h.Of(store.Search)) != 4 || len(h.Of(store.Finalists)) != 2 || len(h.Of(store.Baselines)) != 2 {
			t.Fatalf("%s: the study has %d trials, closed by %q", strategy, len(h.Entries), h.Closed())
		}
		for _, e := range h.Entries {
			_, tested := e.Test.Get("accuracy")
			if e.OK() && tested == (e.Trial.Stage == store.Search) {
				t.Errorf("%s: trial %d (%s) tested: %t", strategy, e.Trial.ID, e.Trial.Stage, tested)
			}
		}
		if !reflect.DeepEqual(results(run(t, text, 2)), results(h)) {
			t.Errorf("%s: two workers have other results than one", strategy)
		}
	}
}

// results are what a study found out, times left out.
func results(h *store.History) []trial.Result {
	var out []trial.Result
	for _, e := range h.Entries {
		r := e.Result
		r.Spent = r.Spent.Timeless()
		out = append(out, r)
	}
	return out
}
