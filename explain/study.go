package explain

import (
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// The kinds of surrogates.
const (
	Additive = "additive" // a number for each option
	Pairs    = "pairs"    // a number for each pair of options of neighbouring decisions
)

// Observed is what the search of a study measured of an objective.
type Observed struct {
	Objective trial.Objective
	Metric    trial.MetricInfo // of the objective
	Fidelity  string           // of the trials, as "epochs: 3"
	Failed    int              // trials without a value
	Trials    []Observation
}

// Observation is a trial that measured the objective.
type Observation struct {
	Trial
	ID      trial.ID
	Metrics trial.Metrics
}

// Observe returns what the last stage of a study's search measured of an objective, at the highest fidelity that it reached.
func Observe(h *store.History, o trial.Objective) Observed {
	out := Observed{Objective: o, Metric: h.Metric(o.Metric)}
	stage := h.SearchStage()
	reached := h.Fidelities(stage)
	if opened, ok := h.Stage(stage); ok && len(reached) > 0 {
		out.Fidelity = reached[0].String()
		if opened.Resource.Name != "" {
			out.Fidelity = opened.Resource.Name + ": " + out.Fidelity
		}
	}
	for _, e := range h.Of(stage) {
		x, ok := e.Result.Metrics.Get(o.Metric)
		if !e.OK() || !ok {
			out.Failed++
			continue
		}
		if e.Result.Fidelity != reached[0] {
			continue // figures of different fidelities cannot be compared
		}
		out.Trials = append(out.Trials, Observation{Trial{Arch: e.Trial.Arch, Value: x}, e.Trial.ID, e.Result.Metrics})
	}
	return out
}

// Kind is a kind of surrogate, [Additive] or [Pairs], with the region that the study searches, whose steps know what it depends on.
type Kind struct {
	Name   string
	Region *lattice.CountedRegion
}

// FittedSurrogate says what a surrogate is fitted to, how well it fits, and why it was chosen.
type FittedSurrogate struct {
	Objective      string       `json:"objective"`
	Kind           string       `json:"kind"` // additive or pairs
	LessIsBetter   bool         `json:"less_is_better,omitempty"`
	Fidelity       string       `json:"fidelity"`
	Failed         int          `json:"failed,omitempty"` // trials that are left out
	Fit            Fit          `json:"fit"`
	HardlyPredicts bool         `json:"hardly_predicts"` // leave_one_out is below threshold
	Threshold      float64      `json:"threshold"`
	Instead        *Alternative `json:"instead,omitempty"`
	Best           *MeasuredAs  `json:"best_trial"` // of the trials that it is fitted to

	Metric trial.MetricInfo `json:"-"` // of the objective
	Trials []Point          `json:"-"` // by their cost and the objective, as far as both are known
}

// Alternative is the surrogate that was fitted too, and not chosen.
type Alternative struct {
	Kind  string  `json:"kind"`
	Fit   Fit     `json:"fit"`
	Gain  float64 `json:"gain"`       // by how much leave_one_out of pairs is greater than of an additive one
	Error float64 `json:"gain_error"` // the standard error of gain
}

// Study fits a surrogate to what a study observed and explains it over the region of its kind. Of two kinds, the simpler one first, one is
// chosen by [Choose].
func Study(o Observed, kinds []Kind, q Question) (Explanation, error) {
	s, said, r, err := fitTo(o, kinds)
	if err != nil {
		return Explanation{}, err
	}
	of := subject{Question: q, region: r, value: func(x float64) float64 { return x }}
	if !o.Objective.Maximise { // the best is the least
		s = s.Negated()
		of.value = func(x float64) float64 { return -x }
	}
	of.weight = s.Of
	summary, err := s.Effects(r)
	if err != nil {
		return Explanation{}, err
	}
	out, err := of.explain(summary)
	if err != nil {
		return out, err
	}
	said.Trials = o.points(r, q.Cost)
	out.Surrogate = &said
	_, deviation, err := s.Predict(r.Lattice(), out.Best.arch)
	if err != nil {
		return out, err
	}
	out.Best.Error = Figure(deviation)
	for _, t := range o.Trials {
		if t.Arch == out.Best.arch {
			out.Best.Trial = &MeasuredAs{t.ID, Figure(t.Value)}
			break
		}
	}
	for i := range out.Values {
		v := &out.Values[i]
		_, deviation, err := s.Predict(r.Lattice(), v.arch)
		if err != nil {
			return out, err
		}
		v.Error = Figure(deviation)
	}
	return out, nil
}

// fitTo fits surrogates, of one kind or of both, and returns the one that is chosen with the region of its kind.
func fitTo(o Observed, kinds []Kind) (chosen Surrogate, said FittedSurrogate, r *lattice.CountedRegion, err error) {
	said = FittedSurrogate{
		Objective: o.Objective.Metric, LessIsBetter: !o.Objective.Maximise, Metric: o.Metric,
		Fidelity: o.Fidelity, Failed: o.Failed, Threshold: Weak,
	}
	var trials []Trial
	for _, t := range o.Trials {
		trials = append(trials, t.Trial)
		if said.Best == nil || t.Value != float64(said.Best.Value) && o.Objective.Maximise == (t.Value > float64(said.Best.Value)) {
			said.Best = &MeasuredAs{t.ID, Figure(t.Value)}
		}
	}
	at := 0
	if len(kinds) == 1 {
		if chosen, err = New(kinds[0].Region.Lattice(), trials); err != nil {
			return chosen, said, nil, err
		}
	} else {
		c, err := Choose(trials, kinds[0].Region.Lattice(), kinds[1].Region.Lattice())
		if err != nil {
			return chosen, said, nil, err
		}
		chosen, at = c.Surrogates[c.Taken], c.Taken
		said.Instead = &Alternative{kinds[1-at].Name, c.Surrogates[1-at].Fit, c.Gain, c.Error}
	}
	said.Kind, said.Fit, said.HardlyPredicts = kinds[at].Name, chosen.Fit, chosen.Fit.Weak()
	return chosen, said, kinds[at].Region, nil
}

// points returns the trials by a cost and the objective.
func (o Observed) points(r *lattice.CountedRegion, cost lattice.Metric) []Point {
	var out []Point
	for _, t := range o.Trials {
		x, ok := t.Metrics.Get(string(cost))
		if !ok { // a counter or a cost file that the study does not ask about
			n, err := r.Lattice().Cost(t.Arch, cost)
			if err != nil {
				continue
			}
			x = float(r.Lattice(), cost, n)
		}
		out = append(out, Point{x, t.Value})
	}
	return out
}
