package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// DryRun is what can be known of a study before it runs.
type DryRun struct {
	Study         string   `json:"study"`
	Architectures *big.Int `json:"architectures"` // in the space
	Feasible      *big.Int `json:"feasible"`      // within the limits
	Objectives    []Wanted `json:"objectives"`
	Ranges        []Range  `json:"ranges"`
	Prior         []Prior  `json:"prior,omitempty"`
	Budget        string   `json:"budget"`
	// MACs and what follows are estimates, and 0 when the budget does not bound the number of trials.
	Drawn      int     `json:"drawn"` // architectures the estimate was made of
	MACs       int64   `json:"macs"`  // multiply-accumulates of all training, finalists and baselines included
	CPUSeconds float64 `json:"cpu_seconds"`
	Pace       float64 `json:"macs_per_second,omitzero"` // of training on one core, measured just now; 0: a usual one is taken
	Money      float64 `json:"money,omitzero"`
}

// MarshalJSON writes counts of architectures as strings: they may have hundreds of digits.
func (o DryRun) MarshalJSON() ([]byte, error) {
	type plain DryRun
	return json.Marshal(struct {
		Study         string `json:"study"`
		Architectures string `json:"architectures"`
		Feasible      string `json:"feasible"`
		plain
	}{o.Study, o.Architectures.String(), o.Feasible.String(), plain(o)})
}

// Prior says how much of an earlier study the strategy observes before it begins.
type Prior struct {
	Study    string         `json:"study"`
	Results  int            `json:"results"`
	Trials   int            `json:"trials"` // of that study; those that are no architectures of this space are left out
	Fidelity trial.Fidelity `json:"fidelity"`
	Resource string         `json:"resource,omitempty"`
}

// PriorOf counts what is known.
func PriorOf(known []store.PriorStudy) []Prior {
	var out []Prior
	for _, k := range known {
		out = append(out, Prior{k.Study, len(k.Results), k.Trials, k.Fidelity, k.Resource})
	}
	return out
}

// String is as "40 results of study quickstart (of 44 trials; epochs: 3)".
func (t Prior) String() string {
	resource := t.Resource
	if resource == "" {
		resource = "amount"
	}
	return fmt.Sprintf("%d results of study %s (of %d trials; %s: %s)", t.Results, t.Study, t.Trials, resource, t.Fidelity)
}

// Wanted is an objective with its target, if it has one.
type Wanted struct {
	Metric   string  `json:"metric"`
	Maximise bool    `json:"maximise"`
	Target   float64 `json:"target,omitzero"` // in the unit of the metric
	Exponent float64 `json:"exponent,omitzero"`
	Hard     bool    `json:"hard,omitzero"`
}

// wanteds are the objectives of the study.
func (p *Plan) wanteds() []Wanted {
	out := make([]Wanted, len(p.Objectives))
	for i, o := range p.Objectives {
		out[i] = Wanted{Metric: o.Metric, Maximise: o.Maximise}
	}
	for i, g := range p.Scalarization { // of all but the first
		of := &out[i+1]
		of.Target, of.Exponent, of.Hard = g.Value, g.Exponent, g.Hard
	}
	return out
}

// Range is the span of a cost over the architectures within the limits, in the unit of the cost.
type Range struct {
	Cost     string      `json:"cost"`
	Unit     string      `json:"unit,omitempty"` // of memory, or of the metric of a cost file
	Least    json.Number `json:"least"`
	Greatest json.Number `json:"greatest"`
	Limit    json.Number `json:"limit,omitempty"`    // at most; empty: none
	Tightest json.Number `json:"tightest,omitempty"` // the least limit that something meets, the other limits kept
	// AtLeast is the limit from below, empty for none, and TightestAtLeast the greatest that something meets, the other limits kept.
	AtLeast         json.Number `json:"at_least,omitempty"`
	TightestAtLeast json.Number `json:"tightest_at_least,omitempty"`
}

// sampled is how many architectures an estimate is made of.
const sampled = 200

// DryRun counts and estimates; it trains nothing.
func (p *Plan) DryRun() (DryRun, error) {
	o := DryRun{Study: p.Name, Architectures: p.Lattice.Count(), Feasible: p.Region.Count(), Budget: p.budget(), Drawn: sampled, Prior: PriorOf(p.Prior), Objectives: p.wanteds()}
	for _, m := range p.spans() {
		o.Ranges = append(o.Ranges, p.span(m))
	}
	if err := p.estimate(&o); err != nil {
		return DryRun{}, err
	}
	return o, nil
}

// spans returns the metrics whose range is of interest: params and MACs, and what is limited, an objective or in a cost file. A counter is left
// out where the limits have taken all the room that a lattice has for metrics.
func (p *Plan) spans() []lattice.Metric {
	out := []lattice.Metric{lattice.Params, lattice.MACs}
	for _, b := range p.Limits {
		if b.Metric == string(lattice.Memory) {
			out = append(out, lattice.Memory)
		}
	}
	for _, name := range p.Costs.Names() {
		m := lattice.Metric(name)
		if _, err := p.Region.Lattice().WithMetric(m); err == nil {
			out = append(out, m)
		}
	}
	return out
}

func (p *Plan) span(m lattice.Metric) Range {
	value := func(n int64) json.Number { return json.Number(p.Region.Lattice().Decimal(m, n)) }
	r := Range{Cost: string(m), Unit: p.Region.Lattice().Unit(m)}
	least, greatest := p.Region.Range(m)
	r.Least, r.Greatest = value(least), value(greatest)
	for _, l := range p.Region.Limits() {
		switch {
		case l.Metric != m:
		case l.Max == lattice.Unlimited:
			r.AtLeast, r.TightestAtLeast = value(l.Min), r.Greatest
		default:
			r.Limit, r.Tightest = value(l.Max), r.Least
		}
	}
	return r
}

// budget names the stop conditions of the stages.
func (p *Plan) budget() string {
	var parts []string
	for _, s := range p.Stages {
		text := s.Stop.String()
		switch {
		case s.Best != nil:
			text = fmt.Sprintf("best %d of %s", s.Best.Count, s.Best.Of)
		case s.List != nil:
			text = fmt.Sprintf("%d listed", len(s.List))
		}
		if len(p.Stages) > 1 {
			text = s.Name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// estimate reckons the cost of training; of other kinds of evaluation nobody knows the cost beforehand.
func (p *Plan) estimate(o *DryRun) error {
	search, ok := p.Evaluation.(Training)
	if !ok {
		o.Drawn = 0
		return nil
	}
	trainer, err := search.trainer(p, 1, "")
	if err != nil {
		return err
	}
	finals, err := p.Finalists.Evaluation.(Training).trainer(p, 1, "")
	if err != nil {
		return err
	}
	var drawn []trial.Trial
	random := stream.New(p.Seed, "outlook") // the stream keeps its name: another one would draw other architectures
	for range sampled {
		drawn = append(drawn, trial.Trial{Arch: p.Region.Sample(random)})
	}
	sum := func(e *train.Evaluator, f trial.Fidelity) (all trial.Spent, err error) {
		for _, t := range drawn {
			t.Fidelity = f
			s, err := e.Estimate(t)
			if err != nil {
				return all, err
			}
			all = all.Plus(s)
		}
		return all, nil
	}
	var all trial.Spent
	left := float64(math.MaxInt64)
	if o.Feasible.IsInt64() { // no architecture is proposed twice
		left = float64(o.Feasible.Int64())
	}
	for _, s := range p.Stages {
		each, err := sum(trainer, s.Fidelity.of(p.Evaluation.Full()))
		if err != nil {
			return err
		}
		trials := s.expected(each)
		if trials == 0 {
			return nil // only the clock tells
		}
		all = all.Plus(times(each, min(trials, left)/sampled))
	}
	final, err := sum(finals, trial.Fidelity{})
	if err != nil {
		return err
	}
	all = all.Plus(times(final, min(float64(p.Finalists.Count), left)*float64(p.Finalists.Repeats)/sampled))
	for _, b := range p.Networks {
		s, err := finals.Estimate(trial.Trial{Name: b.Name, Network: b.Graph})
		if err != nil {
			return err
		}
		all = all.Plus(times(s, float64(p.Finalists.Repeats)))
	}
	if pace, err := p.pace(trainer); err == nil {
		validation := float64(p.Splits.Validation.Len()) / float64(3*p.Splits.Train.Len()) // forward only, where training counts three times that
		o.Pace, all.CPUSeconds = pace, float64(all.MACs)*(1+validation)/pace
	}
	o.MACs, o.CPUSeconds, o.Money = all.MACs, all.CPUSeconds, p.Rates.Of(all)
	return nil
}

func times(s trial.Spent, n float64) trial.Spent {
	return trial.Spent{MACs: int64(float64(s.MACs) * n), CPUSeconds: s.CPUSeconds * n}
}

// measuring is how long the machine is measured for an estimate.
const measuring = 200 * time.Millisecond

// pace measures the machine on a few architectures drawn uniformly.
func (p *Plan) pace(trainer *train.Evaluator) (float64, error) {
	random := stream.New(p.Seed, "pace")
	trials := make([]trial.Trial, 3)
	for i := range trials {
		trials[i] = trial.Trial{Arch: p.Region.Sample(random), Seed: p.Seed}
	}
	return trainer.Pace(context.Background(), trials, measuring)
}

// expected returns how many trials a stage has, given the cost of `sampled` of them at its full amount, and 0 if only the clock tells.
func (s Stage) expected(each trial.Spent) float64 {
	switch {
	case s.Best != nil:
		return float64(s.Best.Count)
	case s.List != nil:
		return float64(len(s.List))
	}
	least := 0.0
	take := func(n float64) {
		if least == 0 || n < least {
			least = n
		}
	}
	b := s.Stop
	if b.Trials > 0 {
		take(float64(b.Trials))
	}
	if b.Amount > 0 && each.Amount > 0 {
		take(float64(b.Amount) * sampled / float64(each.Amount))
	}
	if b.MACs > 0 && each.MACs > 0 {
		take(float64(b.MACs) * sampled / float64(each.MACs))
	}
	return least
}

// Outline says in one line what is searched, on what.
func (p *Plan) Outline() string {
	if !p.needsData {
		return fmt.Sprintf("space %s, %s", p.Space.Name(), p.Evaluation)
	}
	return fmt.Sprintf("%s, %v images of %d classes, %d to train, %d to validate, %d sealed; space %s",
		p.Data.Kind, p.Splits.Train.Shape(), len(p.Classes), p.Splits.Train.Len(), p.Splits.Validation.Len(), p.Splits.Test.Len(), p.Space.Name())
}
