package main

import (
	"fmt"
	"io"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// surrogate is what is said of a score that was fitted to trials: how well it fits, and why it was taken.
type surrogate struct {
	Objective      string      `json:"objective"`
	Kind           string      `json:"kind"` // additive or pairs
	LessIsBetter   bool        `json:"less_is_better,omitempty"`
	Epochs         int         `json:"epochs"`
	Failed         int         `json:"failed,omitempty"` // trials that are left out
	Fit            explain.Fit `json:"fit"`
	HardlyPredicts bool        `json:"hardly_predicts"` // leave_one_out is below threshold
	Threshold      float64     `json:"threshold"`
	Instead        *instead    `json:"instead,omitempty"`

	Best *explainedTrial `json:"best_trial"` // of the trials that it is fitted to
}

// instead is the surrogate that was fitted too, and not taken.
type instead struct {
	Kind  string      `json:"kind"`
	Fit   explain.Fit `json:"fit"`
	Gain  float64     `json:"gain"`       // by how much leave_one_out of pairs is greater than of an additive one
	Error float64     `json:"gain_error"` // the standard error of gain
}

// scoredKinds name the kinds of surrogates in a sentence.
var scoredKinds = map[string]string{"additive": "a number for each option", "pairs": "a number for each pair of neighbouring options"}

// write says what the surrogate is, how well it fits, and why it was taken.
func (s surrogate) write(w io.Writer) {
	failed := ""
	if s.Failed > 0 {
		failed = fmt.Sprintf(", %d failed ones left out", s.Failed)
	}
	less := ""
	if s.LessIsBetter {
		less = " (less is better)"
	}
	paragraph(w, "surrogate", fmt.Sprintf("of %s%s after %s: %s, fitted to %s%s", s.Objective, less, several(s.Epochs, "epoch"), scoredKinds[s.Kind], several(s.Fit.Trials, "trial"), failed))
	paragraph(w, "fit", fmt.Sprintf("R² %.3f, leave-one-out R² %.3f, rank correlation %.3f, ridge penalty %g", s.Fit.R2, s.Fit.LeaveOneOut, s.Fit.Spearman, s.Fit.Ridge))
	switch {
	case s.Fit.LeaveOneOut <= 0:
		paragraph(w, "", "the surrogate predicts trials that it has not seen no better than their mean does: do not believe what follows")
	case s.HardlyPredicts:
		paragraph(w, "", fmt.Sprintf("the surrogate hardly predicts trials that it has not seen (leave-one-out R² below %g): read what follows with care", s.Threshold))
	}
	if s.Instead != nil {
		paragraph(w, "choice", s.Instead.why(s.Kind))
	}
}

// why says why a surrogate was not taken.
func (i instead) why(taken string) string {
	said := fmt.Sprintf("%s has leave-one-out R² %.3f: pairs gain %s ± %.3f", scoredKinds[i.Kind], i.Fit.LeaveOneOut, plussed(fixed(i.Gain, 3)), i.Error)
	if taken == "pairs" {
		return said + ", more than one standard error, so that they are taken"
	}
	return said + ", not more than one standard error, so that the simpler one is taken"
}

// fitTo fits surrogates of an objective, of one kind or of both, to the trials of a search that did not fail, and returns the one that is
// taken with what is said of it, and its place among the kinds.
func fitTo(h *store.History, of trial.Objective, kinds []fittedKind) (explain.Surrogate, surrogate, int, error) {
	said := surrogate{Objective: of.Metric, LessIsBetter: !of.Maximise, Threshold: explain.Weak}
	var trials []explain.Trial
	for _, e := range h.Of(trial.Search) {
		x, ok := e.Result.Metrics.Get(of.Metric)
		if !e.OK() || !ok {
			said.Failed++
			continue
		}
		said.Epochs = max(said.Epochs, e.Trial.Budget.Epochs)
		trials = append(trials, explain.Trial{Arch: e.Trial.Arch, Value: x})
		if said.Best == nil || x != float64(said.Best.Value) && of.Maximise == (x > float64(said.Best.Value)) {
			said.Best = &explainedTrial{e.Trial.ID, figure(x)}
		}
	}
	var taken explain.Surrogate
	var at int
	if len(kinds) == 1 {
		s, err := explain.New(kinds[0].region.Lattice(), trials)
		if err != nil {
			return s, said, 0, err
		}
		taken = s
	} else {
		c, err := explain.Choose(trials, kinds[0].region.Lattice(), kinds[1].region.Lattice())
		if err != nil {
			return taken, said, 0, err
		}
		taken, at = c.Surrogates[c.Taken], c.Taken
		said.Instead = &instead{kinds[1-at].name, c.Surrogates[1-at].Fit, c.Gain, c.Error}
	}
	said.Kind, said.Fit, said.HardlyPredicts = kinds[at].name, taken.Fit, taken.Fit.Weak()
	return taken, said, at, nil
}
