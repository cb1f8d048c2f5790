package store

import "github.com/trellis-nas/trellis/trial"

// Tally counts trials and sums their costs.
type Tally struct {
	OK, Failed, Running int // Running were proposed and have no result yet
	Spent               trial.Spent
	Money               float64 // at the rates of the study
}

// StageTally is the tally of a stage.
type StageTally struct {
	Stage string
	Tally
}

// Totals is what a study cost so far.
type Totals struct {
	Stages []StageTally // those that were opened, in their order
	All    Tally
}

// Of returns the tally of a stage: zero if it was not opened.
func (t Totals) Of(stage string) Tally {
	for _, s := range t.Stages {
		if s.Stage == stage {
			return s.Tally
		}
	}
	return Tally{}
}

// Totals sums up the entries.
func (h *History) Totals() Totals {
	var t Totals
	at := map[string]int{}
	for i, s := range h.Stages {
		t.Stages = append(t.Stages, StageTally{Stage: s.Stage})
		at[s.Stage] = i
	}
	for _, e := range h.Entries {
		for _, tally := range []*Tally{&t.Stages[at[e.Trial.Stage]].Tally, &t.All} {
			switch {
			case !e.Finished:
				tally.Running++
			case e.Result.Status == trial.OK:
				tally.OK++
			default:
				tally.Failed++
			}
			tally.Spent = tally.Spent.Plus(e.Result.Spent)
			tally.Money = h.Started.Rates.Of(tally.Spent)
		}
	}
	return t
}
