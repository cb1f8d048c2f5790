package explain

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Explanation is all that is said of a score over a region, ready to be printed, drawn or sent as JSON. Values and effects are those of the
// objective or the score: of accuracy parts of 1, and of an objective that is minimised the effect of what is good is below 0.
type Explanation struct {
	Space     string            `json:"space"`
	Limits    []string          `json:"limits,omitempty"`
	Count     string            `json:"count"` // a string: it may have hundreds of digits
	Surrogate *FittedSurrogate  `json:"surrogate,omitempty"`
	Mean      Figure            `json:"mean"`
	MeanError Figure            `json:"mean_error,omitempty"`
	Deviation Figure            `json:"deviation"`
	Best      BestArchitecture  `json:"best"`
	Decisions []DecisionEffects `json:"decisions"` // those that matter most first
	Counters  []CounterEffects  `json:"counters,omitempty"`
	LimitValues
}

// DecisionEffects is what a decision does to the score. Shares are of the variance.
type DecisionEffects struct {
	Decision   string         `json:"decision"`
	Share      Figure         `json:"share"` // the Shapley value
	ShareError Figure         `json:"share_error,omitempty"`
	Alone      Figure         `json:"alone"` // what the decision explains without the others
	AloneError Figure         `json:"alone_error,omitempty"`
	Options    []OptionEffect `json:"options"`
	Pairs      []PairEffect   `json:"pairs,omitempty"`
}

// OptionEffect is what an option does on average.
type OptionEffect struct {
	Option      string `json:"option"`
	Probability Figure `json:"probability"`
	Effect      Figure `json:"effect"`
	Error       Figure `json:"effect_error,omitempty"`
}

// PairEffect is what an option does together with the one before it.
type PairEffect struct {
	Before string `json:"before"`
	OptionEffect
	Interaction      Figure `json:"interaction"` // what of the effect is beyond what both options do
	InteractionError Figure `json:"interaction_error,omitempty"`
}

// CounterEffects is what the numbers of a counter do: no decision's own, but their total's.
type CounterEffects struct {
	Counter string         `json:"counter"`
	Share   *Figure        `json:"share,omitempty"` // of the variance, if the score depends on it
	Numbers []NumberEffect `json:"numbers,omitempty"`
	Missing string         `json:"missing,omitempty"` // why there are no numbers
}

// NumberEffect is what a number of a counter does on average.
type NumberEffect struct {
	Number      int64  `json:"number"`
	Probability Figure `json:"probability"`
	Effect      Figure `json:"effect"`
}

// BestArchitecture is the architecture of the best score, with what makes it so.
type BestArchitecture struct {
	Scored
	Error         Figure        `json:"error,omitempty"`
	Trial         *MeasuredAs   `json:"trial,omitempty"` // that evaluated it, if one did
	Contributions []ScoreAddend `json:"contributions"`
	arch          space.Arch
}

// ScoreAddend is what a decision or a counter adds to a score, beyond its mean.
type ScoreAddend struct {
	Decision string `json:"decision"`
	Option   string `json:"option,omitempty"`
	Adds     Figure `json:"adds"`
}

// MeasuredAs is a trial and what it measured.
type MeasuredAs struct {
	ID    trial.ID `json:"id"`
	Value Figure   `json:"value"`
}

// Question is what else is asked about a score.
type Question struct {
	Cost     lattice.Metric   // whose limits are valued
	Counters []lattice.Metric // whose numbers' effects are asked for, beside those of the score itself
	Advice   string           // how the question may be made smaller; stands behind what is too large to be answered
}

// Score explains a score of a score file over a region whose steps know what it depends on.
func Score(r *lattice.CountedRegion, s lattice.Score, q Question) (Explanation, error) {
	of := subject{Question: q, region: r, weight: s.OfOptions, value: s.Value}
	for _, m := range s.Counters() {
		of.parts = append(of.parts, Part{Name: string(m), Of: s.OfCounter(m)})
	}
	return of.explain(Effects(r, of.weight, of.parts...))
}

// subject is what is explained: a score over a region, the sum of weight along paths and of parts, of which the greatest is the best.
type subject struct {
	Question
	region *lattice.CountedRegion
	weight func(lattice.Step) float64
	parts  []Part
	value  func(float64) float64 // of a sum of weights: the score or objective that it stands for, or a difference of two
}

// figure is the value of a sum of weights, and size the absolute one: of a standard error.
func (s subject) figure(sum float64) Figure { return Figure(s.value(sum)) }
func (s subject) size(sum float64) Figure   { return s.figure(sum).Size() }

// whole is the score of a step with that of all parts.
func (s subject) whole(step lattice.Step) float64 {
	sum := s.weight(step)
	for _, p := range s.parts {
		sum += p.Of(step)
	}
	return sum
}

// equalShares is how near shares are that are ordered as equal, whatever rounding makes of them.
const equalShares = 1e-9

// explain makes an explanation of what a summary says of the subject.
func (s subject) explain(of Summary) (Explanation, error) {
	r := s.region
	out := Explanation{
		Space: r.Space().Name(), Count: r.Count().String(),
		Mean: s.figure(of.Mean), MeanError: s.size(of.Error), Deviation: s.size(math.Sqrt(of.Variance)),
	}
	for _, l := range r.Limits() {
		out.Limits = append(out.Limits, l.String())
	}
	place := map[string]int{} // of decisions in the lattice
	for i, d := range r.Lattice().Decisions() {
		place[d.Name] = i
	}
	for _, d := range of.Decisions {
		out.Decisions = append(out.Decisions, s.decision(d, of))
	}
	// What explains much alone comes early too, though its share may be that of decisions behind it.
	slices.SortFunc(out.Decisions, func(a, b DecisionEffects) int {
		return cmp.Or(cmp.Compare(math.Round(b.importance()/equalShares), math.Round(a.importance()/equalShares)), cmp.Compare(place[a.Decision], place[b.Decision]))
	})
	var err error
	if out.Counters, err = s.counters(of); err != nil {
		return out, err
	}
	if out.Best, err = s.best(of); err != nil {
		return out, err
	}
	front, err := CostFront(r, s.Cost, s.whole)
	if err != nil {
		return out, err
	}
	for i := range front {
		front[i].Score = s.value(front[i].Score)
	}
	out.LimitValues = limitValues(r, s.Cost, front)
	return out, nil
}

// importance is the share of the variance, or what the decision explains alone if that is more.
func (d DecisionEffects) importance() float64 { return float64(max(d.Share.Size(), d.Alone)) }

func (s subject) decision(d Decision, of Summary) DecisionEffects {
	out := DecisionEffects{
		Decision: d.Name,
		Share:    Figure(of.part(d.Shapley)), ShareError: Figure(d.Error),
		Alone: Figure(of.part(d.Alone)), AloneError: Figure(d.AloneError),
	}
	option := func(e Effect) OptionEffect {
		return OptionEffect{e.Option, Figure(min(1, e.Probability)), s.figure(e.Mean), s.size(e.Error)}
	}
	for _, e := range d.Options {
		out.Options = append(out.Options, option(e))
	}
	for _, p := range d.Pairs {
		out.Pairs = append(out.Pairs, PairEffect{p.Before.Decision + "=" + p.Before.Option, option(p.Effect), s.figure(p.Beyond), s.size(p.BeyondError)})
	}
	return out
}

// counters returns the effects of the numbers of counters: of those that the score depends on, and of those that are asked for.
func (s subject) counters(of Summary) ([]CounterEffects, error) {
	var out []CounterEffects
	for _, p := range of.Parts {
		share := Figure(of.part(p.Shapley))
		out = append(out, CounterEffects{Counter: p.Name, Share: &share})
	}
	for _, m := range s.Counters {
		if !slices.ContainsFunc(out, func(c CounterEffects) bool { return c.Counter == string(m) }) {
			out = append(out, CounterEffects{Counter: string(m)})
		}
	}
	for i := range out {
		c := &out[i]
		numbers, err := Numbers(s.region, lattice.Metric(c.Counter), s.whole)
		var large *lattice.TooLargeError
		switch {
		case errors.As(err, &large):
			c.Missing = large.Error() + s.Advice
		case err != nil:
			return nil, err
		}
		for _, n := range numbers {
			c.Numbers = append(c.Numbers, NumberEffect{n.Number, Figure(n.Probability), s.figure(n.Mean)})
		}
	}
	return out, nil
}

// best returns the best architecture, with what each decision adds to it.
func (s subject) best(of Summary) (BestArchitecture, error) {
	var out BestArchitecture
	for b := range s.region.Best(s.whole) {
		described, err := Describe(s.region, b.Arch)
		if err != nil {
			return out, err
		}
		out.arch, out.Scored = b.Arch, Scored{described, s.figure(b.Score)}
		contributions, err := of.Contributions(b.Arch)
		if err != nil {
			return out, err
		}
		for _, c := range contributions {
			out.Contributions = append(out.Contributions, ScoreAddend{c.Decision, c.Option, s.figure(c.Shapley)})
		}
		break
	}
	return out, nil
}
