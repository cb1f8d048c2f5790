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
	Name       string           `json:"name"`
	Space      string           `json:"space"`
	Seed       uint64           `json:"seed,string"`
	Objectives trial.Objectives `json:"objectives"`
	Units      Units            `json:"units,omitempty"` // of the metrics of cost files
	Search     Count            `json:"search"`
	Known      []Known          `json:"known,omitempty"`    // what earlier studies had found out, told to the strategy before the search
	Closed     store.Reason     `json:"closed,omitempty"`   // why the search ended; empty while it runs
	Ended      bool             `json:"ended"`              // the whole study, with its finalists and the test
	Vitality   *search.Vitality `json:"vitality,omitempty"` // of the search, where its region is known; see VitalityOf
	Front      []Row            `json:"front"`              // of the search, on validation; best in the first objective first
	Finals     []Final          `json:"finals,omitempty"`   // finalists, then baselines; each by validation accuracy
	Contests   []Contest        `json:"contests,omitempty"`
}

// Known is how much of an earlier study was told. Its architectures are no trials: they are on no front and become no finalists.
type Known struct {
	Study   string `json:"study"`
	Results int    `json:"results"`
}

// Count says how many trials there were.
type Count struct {
	OK     int   `json:"ok"`
	Failed int   `json:"failed"`
	Open   int   `json:"open"` // proposed and without a result
	MACs   int64 `json:"macs"` // multiply-accumulates of training
	Epochs int   `json:"epochs"`
}

// Row is one search trial.
type Row struct {
	Trial   trial.ID      `json:"trial"`
	Arch    string        `json:"arch"`
	Metrics trial.Metrics `json:"metrics"`
}

// Final is a network that was trained alone and tested: a finalist or a baseline, with the mean over its repeats.
type Final struct {
	Phase trial.Phase `json:"phase"`
	// Name is "trial 31" for the finalist found by search trial 31, and the network's name for a baseline.
	Name   string        `json:"name"`
	Arch   string        `json:"arch,omitempty"`
	Trials []trial.ID    `json:"trials"`           // the trainings, all repeats
	Failed int           `json:"failed,omitzero"`  // repeats that failed
	Valid  trial.Metrics `json:"validation"`       // means, on validation
	Test   trial.Metrics `json:"test,omitempty"`   // means, on the sealed test set
	Spread float64       `json:"spread,omitempty"` // standard deviation of the test accuracy over repeats
}

// Contest compares a baseline with the finalist that would be taken in its stead: of those with at most its MACs the
// one with the best validation accuracy. The test set has no say in the choice.
type Contest struct {
	Baseline string `json:"baseline"`
	// Finalist is empty when every finalist has more MACs than the baseline.
	Finalist string  `json:"finalist,omitempty"`
	Margin   float64 `json:"margin"` // test accuracy of the finalist less that of the baseline
	Wins     bool    `json:"wins"`
}

const accuracy = "accuracy"

// Fits returns an error if an architecture of the study is not of the space. Everything else here takes it for granted,
// and a journal that another version of Trellis wrote, or a damaged one, need not keep to it.
func Fits(h *store.History, s *space.Space) error {
	for _, e := range h.Entries {
		if e.Trial.Phase == trial.Baseline {
			continue
		}
		if err := s.Check(e.Trial.Arch); err != nil {
			return fmt.Errorf("trial %d does not fit the space of its study: %w", e.Trial.ID, err)
		}
	}
	for _, k := range h.Started.Known {
		for _, r := range k.Results {
			if err := s.Check(r.Arch); err != nil {
				return fmt.Errorf("trial %d of study %s, which is known, does not fit the space: %w", r.Trial, k.Study, err)
			}
		}
	}
	return nil
}

// Summarise folds a history once more, into a Summary.
func Summarise(h *store.History, names Names) Summary {
	t := h.Totals().Search
	s := Summary{
		Name: h.Started.Name, Space: h.Started.Space, Seed: h.Started.Seed, Objectives: h.Started.Objectives, Units: h.Started.Units,
		Search: Count{OK: t.OK, Failed: t.Failed, Open: t.Running, MACs: t.Spent.MACs, Epochs: t.Spent.Epochs},
		Closed: h.Closed, Ended: h.Ended, Front: []Row{},
	}
	for _, k := range h.Started.Known {
		s.Known = append(s.Known, Known{k.Study, len(k.Results)})
	}
	for _, e := range h.Front(trial.Search) {
		s.Front = append(s.Front, Row{e.Trial.ID, names(e.Trial.Arch), e.Result.Metrics})
	}
	finalists := finals(h.Of(trial.Finalist), names)
	baselines := finals(h.Of(trial.Baseline), names)
	s.Finals = append(finalists, baselines...)
	for _, b := range baselines {
		if c, ok := contest(b, finalists); ok {
			s.Contests = append(s.Contests, c)
		}
	}
	return s
}

// finals groups the trainings of one network and orders the groups by validation accuracy, best first.
func finals(entries []store.Entry, names Names) []Final {
	var out []Final
	groups := map[string]int{}
	members := [][]store.Entry{}
	for _, e := range entries {
		f := Final{Phase: e.Trial.Phase, Name: e.Trial.Name}
		if e.Trial.Phase == trial.Finalist {
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
		out[i].mean(members[i])
	}
	slices.SortStableFunc(out, func(a, b Final) int {
		x, _ := a.Valid.Get(accuracy)
		y, _ := b.Valid.Get(accuracy)
		return cmp.Compare(y, x)
	})
	return out
}

func finalistName(e store.Entry) string {
	if len(e.Parents) == 1 {
		return trialName(e.Parents[0])
	}
	return trialName(e.Trial.ID)
}

func (f *Final) mean(repeats []store.Entry) {
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
			if a, ok := e.Test.Get(accuracy); ok {
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

// contest reports false while either side has no test figures at all.
func contest(b Final, finalists []Final) (Contest, bool) {
	ours, ok := b.Test.Get(accuracy)
	bound, _ := b.Valid.Get(trial.MACs)
	if !ok {
		return Contest{}, false
	}
	any := false
	for _, f := range finalists { // best validation accuracy first
		macs, _ := f.Valid.Get(trial.MACs)
		theirs, tested := f.Test.Get(accuracy)
		if tested && macs <= bound {
			return Contest{b.Name, f.Name, theirs - ours, theirs > ours}, true
		}
		any = any || tested
	}
	return Contest{Baseline: b.Name}, any
}
