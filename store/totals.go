package store

import "github.com/trellis-nas/trellis/trial"

// Tally counts trials and sums their costs.
type Tally struct {
	OK, Failed, Running int // Running were proposed and have no result yet
	Spent               trial.Spent
	Money               float64 // in the currency of the study's price
}

// Totals is what a study cost so far.
type Totals struct {
	Search, Finalists, Baselines, All Tally
}

// Totals sums up the entries.
func (h *History) Totals() Totals {
	var t Totals
	for _, e := range h.Entries {
		phase := &t.Search
		switch e.Trial.Phase {
		case trial.Finalist:
			phase = &t.Finalists
		case trial.Baseline:
			phase = &t.Baselines
		}
		for _, tally := range []*Tally{phase, &t.All} {
			switch {
			case !e.Finished:
				tally.Running++
			case e.Result.Status == trial.OK:
				tally.OK++
			default:
				tally.Failed++
			}
			tally.Spent = tally.Spent.Plus(e.Result.Spent)
			tally.Money = h.Started.Price.Of(tally.Spent)
		}
	}
	return t
}
