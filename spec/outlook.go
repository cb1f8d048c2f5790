package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// Outlook is what can be told of a study before it runs.
type Outlook struct {
	Study         string   `json:"study"`
	Architectures *big.Int `json:"architectures"` // in the space
	Feasible      *big.Int `json:"feasible"`      // within the limits
	Objectives    []Wish   `json:"objectives"`
	Ranges        []Range  `json:"ranges"`
	Known         []Told   `json:"known,omitempty"`
	Budget        string   `json:"budget"`
	// MACs and what follows are estimates, and 0 when the budget does not bound the number of trials.
	Drawn      int     `json:"drawn"` // architectures the estimate was made of
	MACs       int64   `json:"macs"`  // multiply-accumulates of all training, finalists and baselines included
	CPUSeconds float64 `json:"cpu_seconds"`
	Pace       float64 `json:"macs_per_second,omitzero"` // of training on one core, measured just now; 0: a usual one is taken
	Money      float64 `json:"money,omitzero"`
}

// MarshalJSON writes counts of architectures as strings: they may have hundreds of digits.
func (o Outlook) MarshalJSON() ([]byte, error) {
	type plain Outlook
	return json.Marshal(struct {
		Study         string `json:"study"`
		Architectures string `json:"architectures"`
		Feasible      string `json:"feasible"`
		plain
	}{o.Study, o.Architectures.String(), o.Feasible.String(), plain(o)})
}

// Told says how much of an earlier study is told to the strategy before it begins.
type Told struct {
	Study   string `json:"study"`
	Results int    `json:"results"`
	Trials  int    `json:"trials"` // of that study; those that are no architectures of this space are not told
	Epochs  int    `json:"epochs"` // that they were trained for
}

// ToldOf counts what is known.
func ToldOf(known []store.Known) []Told {
	var out []Told
	for _, k := range known {
		out = append(out, Told{k.Study, len(k.Results), k.Trials, k.Epochs})
	}
	return out
}

// String is as "40 results of study quickstart (of 44 trials; epochs: 3)".
func (t Told) String() string {
	return fmt.Sprintf("%d results of study %s (of %d trials; epochs: %d)", t.Results, t.Study, t.Trials, t.Epochs)
}

// Wish is an objective with its target, if it has one.
type Wish struct {
	Metric   string  `json:"metric"`
	Maximise bool    `json:"maximise"`
	Target   float64 `json:"target,omitzero"` // in the unit of the metric
	Exponent float64 `json:"exponent,omitzero"`
	Hard     bool    `json:"hard,omitzero"`
}

// wishes are the objectives of the study.
func (p *Plan) wishes() []Wish {
	out := make([]Wish, len(p.Objectives))
	for i, o := range p.Objectives {
		out[i] = Wish{Metric: o.Metric, Maximise: o.Maximise}
	}
	for i, g := range p.Goals { // of all but the first
		of := &out[i+1]
		of.Target, of.Exponent, of.Hard = g.Target, g.Exponent, g.Hard
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

// Outlook counts and estimates; it trains nothing.
func (p *Plan) Outlook() (Outlook, error) {
	o := Outlook{Study: p.Name, Architectures: p.Lattice.Count(), Feasible: p.Region.Count(), Budget: p.Budget.String(), Drawn: sampled, Known: ToldOf(p.Known), Objectives: p.wishes()}
	for _, m := range p.spans() {
		o.Ranges = append(o.Ranges, p.span(m))
	}
	if err := p.estimate(&o); err != nil {
		return Outlook{}, err
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
	for _, c := range p.costs {
		if _, err := p.Region.Lattice().Counting(c.metric); err == nil {
			out = append(out, c.metric)
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

func (p *Plan) estimate(o *Outlook) error {
	trainer, err := p.Trainer(1, "")
	if err != nil {
		return err
	}
	var each trial.Spent // sum over the drawn
	final := each
	random := stream.New(p.Seed, "outlook")
	for range sampled {
		arch := p.Region.Sample(random)
		s, err := trainer.Estimate(trial.Trial{Phase: trial.Search, Arch: arch, Budget: trial.Budget{Epochs: p.Evaluation.Defaulted().Epochs}})
		if err != nil {
			return err
		}
		each = each.Plus(s)
		if s, err = trainer.Estimate(trial.Trial{Phase: trial.Finalist, Arch: arch, Budget: trial.Budget{Epochs: p.Finalists.Settings.Defaulted().Epochs}}); err != nil {
			return err
		}
		final = final.Plus(s)
	}
	trials := p.Budget.expected(each)
	if trials == 0 {
		return nil
	}
	finalists := float64(p.Finalists.Count)
	if o.Feasible.IsInt64() { // no architecture is proposed twice
		all := float64(o.Feasible.Int64())
		trials, finalists = min(trials, all), min(finalists, all)
	}
	times := func(s trial.Spent, n float64) trial.Spent {
		return trial.Spent{MACs: int64(float64(s.MACs) * n), CPUSeconds: s.CPUSeconds * n}
	}
	all := times(each, trials/sampled).Plus(times(final, finalists*float64(p.Finalists.Repeats)/sampled))
	for _, b := range p.Networks {
		s, err := trainer.Estimate(trial.Trial{Phase: trial.Baseline, Name: b.Name, Network: b.Network, Budget: trial.Budget{Epochs: p.Finalists.Settings.Defaulted().Epochs}})
		if err != nil {
			return err
		}
		all = all.Plus(times(s, float64(p.Finalists.Repeats)))
	}
	if pace, err := p.pace(trainer); err == nil {
		validation := float64(p.Splits.Validation.Len()) / float64(3*p.Splits.Train.Len()) // forward only, where training counts three times that
		o.Pace, all.CPUSeconds = pace, float64(all.MACs)*(1+validation)/pace
	}
	o.MACs, o.CPUSeconds, o.Money = all.MACs, all.CPUSeconds, p.Price.Of(all)
	return nil
}

// measuring is how long the machine is measured for an estimate.
const measuring = 200 * time.Millisecond

// pace measures the machine on a few architectures drawn uniformly.
func (p *Plan) pace(trainer *train.Evaluator) (float64, error) {
	random := stream.New(p.Seed, "pace")
	trials := make([]trial.Trial, 3)
	for i := range trials {
		trials[i] = trial.Trial{Phase: trial.Search, Arch: p.Region.Sample(random), Seed: p.Seed}
	}
	return trainer.Pace(context.Background(), trials, measuring)
}

// expected returns how many trials the budget allows, given the cost of `sampled` of them, and 0 if only the clock tells.
func (b Budget) expected(each trial.Spent) float64 {
	least := 0.0
	take := func(n float64) {
		if least == 0 || n < least {
			least = n
		}
	}
	if b.Trials > 0 {
		take(float64(b.Trials))
	}
	if b.Epochs > 0 && each.Epochs > 0 {
		take(float64(b.Epochs) * sampled / float64(each.Epochs))
	}
	if b.MACs > 0 && each.MACs > 0 {
		take(float64(b.MACs) * sampled / float64(each.MACs))
	}
	return least
}

// String names the limits: "50 trials, 20m0s".
func (b Budget) String() string {
	var parts []string
	if b.Trials > 0 {
		parts = append(parts, fmt.Sprintf("%d trials", b.Trials))
	}
	if b.Epochs > 0 {
		parts = append(parts, fmt.Sprintf("%d epochs", b.Epochs))
	}
	if b.MACs > 0 {
		parts = append(parts, fmt.Sprintf("%d MACs trained", b.MACs))
	}
	if b.Wall > 0 {
		parts = append(parts, b.Wall.String())
	}
	return strings.Join(parts, " or ")
}

// Outline says in one line what is searched, on what.
func (p *Plan) Outline() string {
	return fmt.Sprintf("%s, %v images of %d classes, %d to train, %d to validate, %d sealed; space %s",
		p.Data.Kind, p.Splits.Train.Shape(), len(p.Classes), p.Splits.Train.Len(), p.Splits.Validation.Len(), p.Splits.Test.Len(), p.Space.Name())
}
