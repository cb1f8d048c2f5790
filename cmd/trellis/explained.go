package main

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// explained is a score over a region as it is printed. Values and effects are those of the objective: of accuracy parts of 1, and of an
// objective that is to be small the effect of what is good is below 0.
type explained struct {
	Space     string              `json:"space"`
	Limits    []string            `json:"limits,omitempty"`
	Count     string              `json:"count"` // a string: it may have hundreds of digits
	Surrogate *surrogate          `json:"surrogate,omitempty"`
	Mean      figure              `json:"mean"`
	MeanError figure              `json:"mean_error,omitempty"`
	Deviation figure              `json:"deviation"`
	Best      explainedBest       `json:"best"`
	Decisions []explainedDecision `json:"decisions"`
	Counters  []explainedCounter  `json:"counters,omitempty"`
	priceList

	measure measure
	all     bool // options, pairs and decisions are written, however little they do
}

type explainedDecision struct {
	Decision   string            `json:"decision"`
	Share      figure            `json:"share"` // of the variance: the Shapley value in parts of it
	ShareError figure            `json:"share_error,omitempty"`
	Alone      figure            `json:"alone"` // of the variance: what the decision explains without the others
	AloneError figure            `json:"alone_error,omitempty"`
	Options    []explainedOption `json:"options"`
	Pairs      []explainedPair   `json:"pairs,omitempty"`
}

type explainedOption struct {
	Option      string `json:"option"`
	Probability figure `json:"probability"`
	Effect      figure `json:"effect"`
	Error       figure `json:"effect_error,omitempty"`
}

// explainedPair is an option together with the one before it.
type explainedPair struct {
	Before string `json:"before"`
	explainedOption
	Interaction      figure `json:"interaction"` // what of the effect is beyond what both options do
	InteractionError figure `json:"interaction_error,omitempty"`
}

// explainedCounter is what a counter does: no decision's own, but its total's.
type explainedCounter struct {
	Counter string            `json:"counter"`
	Share   *figure           `json:"share,omitempty"` // of the variance, if the score depends on it
	Numbers []explainedNumber `json:"numbers,omitempty"`
	Missing string            `json:"missing,omitempty"` // why there are no numbers
}

type explainedNumber struct {
	Number      int64  `json:"number"`
	Probability figure `json:"probability"`
	Effect      figure `json:"effect"`
}

type explainedBest struct {
	scored
	Error         figure                  `json:"error,omitempty"`
	Trial         *explainedTrial         `json:"trial,omitempty"` // that tried it
	Contributions []explainedContribution `json:"contributions"`
	arch          space.Arch
}

// explainedContribution is what a decision or a counter adds to a score, beyond its mean.
type explainedContribution struct {
	Decision string `json:"decision"`
	Option   string `json:"option,omitempty"`
	Adds     figure `json:"adds"`
}

// subject is what is explained: a score over a region, the sum of weight along paths and of parts, of which the greatest is the best.
type subject struct {
	region *lattice.Region
	weight func(lattice.Step) float64
	parts  []explain.Part
	value  func(float64) float64 // of a sum of weights: the score or the objective that it means, or a difference of them
	cost   lattice.Metric
	by     []lattice.Metric // counters beside those of parts
	less   string           // how sums that are too large may become smaller
}

// says is the value of a sum of weights, and error how far it may be off or apart from another.
func (s subject) says(sum float64) figure  { return figure(s.value(sum)) }
func (s subject) error(sum float64) figure { return figure(math.Abs(s.value(sum))) }

// whole is the score of a step with that of all parts.
func (s subject) whole(step lattice.Step) float64 {
	sum := s.weight(step)
	for _, p := range s.parts {
		sum += p.Of(step)
	}
	return sum
}

// evenly is how near shares are that are printed as equal, whatever rounding makes of them.
const evenly = 1e-9

// explainScore explains a score of which a summary says what it does on average, and returns the front that the prices are read from.
func explainScore(of subject, s explain.Summary) (explained, []lattice.Trade, error) {
	r := of.region
	out := explained{Space: r.Space().Name(), Limits: limitsOf(r), Count: r.Count().String(), Mean: of.says(s.Mean), Deviation: of.error(math.Sqrt(s.Variance))}
	out.MeanError = of.error(s.Error)
	place := map[string]int{} // of decisions in the lattice
	for i, d := range r.Lattice().Decisions() {
		place[d.Name] = i
	}
	for _, d := range s.Decisions {
		out.Decisions = append(out.Decisions, of.decision(d, s.Variance))
	}
	// What does much alone comes early too, though its share may be that of decisions behind it. Rounding decides nothing.
	slices.SortFunc(out.Decisions, func(a, b explainedDecision) int {
		return cmp.Or(cmp.Compare(math.Round(b.matters()/evenly), math.Round(a.matters()/evenly)), cmp.Compare(place[a.Decision], place[b.Decision]))
	})
	if err := of.counters(&out, s); err != nil {
		return out, nil, err
	}
	if err := of.best(&out, s); err != nil {
		return out, nil, err
	}
	front, err := explain.Budget(r, of.cost, of.whole)
	if err != nil {
		return out, nil, wrong(err)
	}
	for i := range front {
		front[i].Score = of.value(front[i].Score)
	}
	out.priceList = prices(r, of.cost, front)
	return out, front, nil
}

// matters is by how much a decision matters: its share of the variance, or what it explains alone if that is more.
func (d explainedDecision) matters() float64 {
	return max(math.Abs(float64(d.Share)), float64(d.Alone))
}

// part is a part of a variance as a share of it.
func part(of, variance float64) figure {
	if variance > 0 {
		return figure(of / variance)
	}
	return 0
}

func (s subject) decision(d explain.Decision, variance float64) explainedDecision {
	out := explainedDecision{Decision: d.Name, Share: part(d.Shapley, variance), ShareError: figure(d.Error), Alone: part(d.Alone, variance), AloneError: figure(d.AloneError)}
	option := func(e explain.Effect) explainedOption {
		return explainedOption{e.Option, figure(min(1, e.Probability)), s.says(e.Mean), s.error(e.Error)}
	}
	for _, e := range d.Options {
		out.Options = append(out.Options, option(e))
	}
	for _, p := range d.Pairs {
		out.Pairs = append(out.Pairs, explainedPair{p.Before.Decision + "=" + p.Before.Option, option(p.Effect), s.says(p.Beyond), s.error(p.BeyondError)})
	}
	return out
}

// counters says what the numbers of counters do: of those that the score depends on, and of those that are asked for.
func (s subject) counters(out *explained, of explain.Summary) error {
	for _, p := range of.Parts {
		share := part(p.Shapley, of.Variance)
		out.Counters = append(out.Counters, explainedCounter{Counter: p.Name, Share: &share})
	}
	for _, m := range s.by {
		if !slices.ContainsFunc(out.Counters, func(c explainedCounter) bool { return c.Counter == string(m) }) {
			out.Counters = append(out.Counters, explainedCounter{Counter: string(m)})
		}
	}
	for i := range out.Counters {
		c := &out.Counters[i]
		numbers, err := explain.Numbers(s.region, lattice.Metric(c.Counter), s.whole)
		var large *lattice.TooLargeError
		switch {
		case errors.As(err, &large):
			c.Missing = large.Error() + s.less
		case err != nil:
			return wrong(err)
		}
		for _, n := range numbers {
			c.Numbers = append(c.Numbers, explainedNumber{n.Number, figure(n.Probability), s.says(n.Mean)})
		}
	}
	return nil
}

// best is the best architecture, with what each decision adds to it.
func (s subject) best(out *explained, of explain.Summary) error {
	for b := range s.region.Best(s.whole) {
		var err error
		if out.Best.scored, err = describeScored(s.region, b.Arch, s.value(b.Score)); err != nil {
			return err
		}
		contributions, err := of.Contributions(b.Arch)
		if err != nil {
			return err
		}
		for _, c := range contributions {
			out.Best.Contributions = append(out.Best.Contributions, explainedContribution{c.Decision, c.Option, s.says(c.Shapley)})
		}
		out.Best.arch = b.Arch
		break
	}
	return nil
}
