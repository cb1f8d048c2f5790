package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Names prints an architecture for people; space.Space's Format is one.
type Names func(space.Arch) string

// Summary is a study in numbers. Its JSON is what `trellis show --json` prints first and is kept stable; it holds no
// times and no machine names, so equal studies have equal summaries.
type Summary struct {
	Name        string            `json:"name"`
	Space       string            `json:"space"`
	Seed        uint64            `json:"seed,string"`
	Objectives  trial.Objectives  `json:"objectives"`
	Metrics     trial.MetricInfos `json:"metrics,omitempty"` // what is known of the metrics
	Stages      []StageCount      `json:"stages"`            // in their order
	Prior       []Prior           `json:"prior,omitempty"`   // what earlier studies had found out, observed by the strategy before the search
	Closed      store.Reason      `json:"closed,omitempty"`  // why the search ended; empty while it runs
	Ended       bool              `json:"ended"`             // the whole study, with its finalists and the test
	Health      *search.Health    `json:"health,omitempty"`  // of the search, where its region is known; see HealthOf
	Front       []Row             `json:"front"`             // of the search, on validation; best in the first objective first
	Finals      []Final           `json:"finals,omitempty"`  // finalists, then baselines; each by its quality on validation
	Comparisons []Comparison      `json:"comparisons,omitempty"`
}

// Prior is how much of an earlier study was observed. Its architectures are no trials: they are on no front and become no finalists.
type Prior struct {
	Study   string `json:"study"`
	Results int    `json:"results"`
}

// StageCount says how many trials a stage had.
type StageCount struct {
	Stage      string          `json:"stage"`
	OK         int             `json:"ok"`
	Failed     int             `json:"failed"`
	Open       int             `json:"open"`                 // proposed and without a result
	MACs       int64           `json:"macs"`                 // multiply-accumulates of training
	Amount     int             `json:"amount"`               // of the evaluator's resource, as epochs
	Fidelities []FidelityCount `json:"fidelities,omitempty"` // that trials reached, the highest first, where there are several
}

// FidelityCount says how many trials reached a fidelity.
type FidelityCount struct {
	Fidelity trial.Fidelity `json:"fidelity"`
	Trials   int            `json:"trials"`
}

// Row is one search trial.
type Row struct {
	Trial   trial.ID      `json:"trial"`
	Arch    string        `json:"arch"`
	Metrics trial.Metrics `json:"metrics"`
}

// Final is a network that was trained alone and tested: a finalist or a baseline, with the mean over its repeats.
type Final struct {
	Stage string `json:"stage"`
	// Name is "trial 31" for the finalist found by search trial 31, and the network's name for a baseline.
	Name   string        `json:"name"`
	Arch   string        `json:"arch,omitempty"`
	Trials []trial.ID    `json:"trials"`           // the trainings, all repeats
	Failed int           `json:"failed,omitzero"`  // repeats that failed
	Valid  trial.Metrics `json:"validation"`       // means, on validation
	Test   trial.Metrics `json:"test,omitempty"`   // means, on the sealed test set
	Spread float64       `json:"spread,omitempty"` // standard deviation of the quality on the test set over repeats
}

// Comparison compares a baseline with the finalist that would be taken in its stead: of those with at most its MACs the
// one that is best on validation. The test set has no say in the choice.
type Comparison struct {
	Baseline string `json:"baseline"`
	// Finalist is empty when every finalist has more MACs than the baseline.
	Finalist string  `json:"finalist,omitempty"`
	Margin   float64 `json:"margin"` // quality of the finalist on the test set less that of the baseline
	Wins     bool    `json:"wins"`
}

// Fits returns an error if an architecture of the study is not of the space. Everything else here takes it for granted,
// and a journal that another version of Trellis wrote, or a damaged one, need not keep to it.
func Fits(h *store.History, s *space.Space) error {
	for _, e := range h.Entries {
		if e.Trial.Network != nil {
			continue
		}
		if err := s.Check(e.Trial.Arch); err != nil {
			return fmt.Errorf("trial %d does not fit the space of its study: %w", e.Trial.ID, err)
		}
	}
	for _, k := range h.Started.Prior {
		for _, r := range k.Results {
			if err := s.Check(r.Arch); err != nil {
				return fmt.Errorf("trial %d of prior study %s does not fit the space: %w", r.Trial, k.Study, err)
			}
		}
	}
	return nil
}

// Stage returns the count of a stage: zero if it was not opened.
func (s Summary) Stage(name string) StageCount {
	for _, c := range s.Stages {
		if c.Stage == name {
			return c
		}
	}
	return StageCount{Stage: name}
}

// Summarise folds a history once more, into a Summary.
func Summarise(h *store.History, names Names) Summary {
	s := Summary{
		Name: h.Started.Name, Space: h.Started.Space, Seed: h.Started.Seed, Objectives: h.Started.Objectives, Metrics: h.Started.Metrics,
		Closed: h.Closed(), Ended: h.Ended, Front: []Row{},
	}
	for _, t := range h.Totals().Stages {
		c := StageCount{Stage: t.Stage, OK: t.OK, Failed: t.Failed, Open: t.Running, MACs: t.Spent.MACs, Amount: t.Spent.Amount}
		if reached := h.Fidelities(t.Stage); len(reached) > 1 {
			for _, f := range reached {
				n := 0
				for _, e := range h.Of(t.Stage) {
					if e.OK() && e.Result.Fidelity == f {
						n++
					}
				}
				c.Fidelities = append(c.Fidelities, FidelityCount{f, n})
			}
		}
		s.Stages = append(s.Stages, c)
	}
	for _, k := range h.Started.Prior {
		s.Prior = append(s.Prior, Prior{k.Study, len(k.Results)})
	}
	for _, e := range h.Front(h.SearchStage()) {
		s.Front = append(s.Front, Row{e.Trial.ID, names(e.Result.Best()), e.Result.Metrics})
	}
	finalists := finals(h.Of(store.Finalists), s.quality(), names)
	baselines := finals(h.Of(store.Baselines), s.quality(), names)
	s.Finals = append(finalists, baselines...)
	for _, b := range baselines {
		if c, ok := compare(b, finalists, s.quality()); ok {
			s.Comparisons = append(s.Comparisons, c)
		}
	}
	return s
}

// finals groups the trainings of one network and orders the groups by their quality on validation, best first.
func finals(entries []store.Entry, by trial.Objective, names Names) []Final {
	var out []Final
	groups := map[string]int{}
	members := [][]store.Entry{}
	for _, e := range entries {
		f := Final{Stage: e.Trial.Stage, Name: e.Trial.Name}
		if e.Trial.Network == nil {
			f.Name, f.Arch = finalistName(e), names(e.Trial.Arch)
		}
		i, ok := groups[f.Name]
		if !ok {
			i = len(out)
			groups[f.Name] = i
			out, members = append(out, f), append(members, nil)
		}
		out[i].Trials = append(out[i].Trials, e.Trial.ID)
		members[i] = append(members[i], e)
	}
	for i := range out {
		out[i].mean(members[i], by)
	}
	slices.SortStableFunc(out, func(a, b Final) int {
		x, _ := a.Valid.Get(by.Metric)
		y, _ := b.Valid.Get(by.Metric)
		if by.Maximise {
			x, y = y, x
		}
		return cmp.Or(-truth(a.Valid != nil, b.Valid != nil), cmp.Compare(x, y))
	})
	return out
}

// truth compares two answers, true being the greater.
func truth(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func finalistName(e store.Entry) string {
	if len(e.Parents) == 1 {
		return trialName(e.Parents[0])
	}
	return trialName(e.Trial.ID)
}

func (f *Final) mean(repeats []store.Entry, by trial.Objective) {
	var valid, test []trial.Metrics
	var shares []float64
	for _, e := range repeats {
		if e.Finished && !e.OK() {
			f.Failed++
		}
		if !e.OK() {
			continue
		}
		valid = append(valid, e.Result.Metrics)
		if e.Test != nil {
			test = append(test, e.Test)
			if a, ok := e.Test.Get(by.Metric); ok {
				shares = append(shares, a)
			}
		}
	}
	f.Valid, f.Test, f.Spread = meanMetrics(valid), meanMetrics(test), deviation(shares)
}

// meanMetrics averages the metrics that all have.
func meanMetrics(all []trial.Metrics) trial.Metrics {
	if len(all) == 0 {
		return nil
	}
	var out []trial.Metric
next:
	for _, m := range all[0] {
		sum := 0.0
		for _, ms := range all {
			x, ok := ms.Get(m.Name)
			if !ok {
				continue next
			}
			sum += x
		}
		out = append(out, trial.Metric{Name: m.Name, Value: sum / float64(len(all))})
	}
	return trial.NewMetrics(out...)
}

func deviation(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}

// compare reports false while either side has no test figures at all.
func compare(b Final, finalists []Final, by trial.Objective) (Comparison, bool) {
	ours, ok := b.Test.Get(by.Metric)
	bound, _ := b.Valid.Get(trial.MACs)
	if !ok {
		return Comparison{}, false
	}
	any := false
	for _, f := range finalists { // best on validation first
		macs, _ := f.Valid.Get(trial.MACs)
		theirs, tested := f.Test.Get(by.Metric)
		if tested && macs <= bound {
			return Comparison{b.Name, f.Name, theirs - ours, theirs != ours && theirs > ours == by.Maximise}, true
		}
		any = any || tested
	}
	return Comparison{Baseline: b.Name}, any
}
