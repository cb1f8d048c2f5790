package multifidelity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/search"
)

// Setting is a number that can be set by name. A value that is not given reads as the default, 0 where there is none.
type Setting struct {
	Name        string
	Doc         string
	Whole       bool // a whole number
	Default     string
	Least, Most float64 // both allowed
}

// Values are settings by name; those that are missing have their defaults.
type Values map[string]float64

// Scheduler is an entry of the catalogue of schedulers.
type Scheduler struct {
	Name     string
	Doc      string // what it is in one line, with the source
	Settings []Setting
	// Learns says that the inner strategy must be a search.WarmStarter.
	Learns bool
	open   func(search.Problem, Inner, Config, Values) (search.Strategy, error)
}

// Rule is an entry of the catalogue of stopping rules.
type Rule struct {
	Name     string
	Doc      string
	Settings []Setting
	open     func(search.Problem, search.Strategy, Values) (search.Strategy, error)
}

// Shared returns the settings that every scheduler has besides its own.
func Shared() []Setting {
	return []Setting{
		{Name: "min", Doc: "the least amount of the lowest rung", Whole: true, Default: "1", Least: 1, Most: 1e6},
		{Name: "eta", Doc: "factor between the amounts of two rungs; one in eta is promoted", Whole: true, Default: "3", Least: 2, Most: 100},
	}
}

// Schedulers returns the catalogue of schedulers, in the order in which they are documented.
func Schedulers() []Scheduler {
	return []Scheduler{
		{
			Name: "asha",
			Doc:  "asynchronous successive halving: promotes as soon as it can (Li et al. 2020)",
			open: func(p search.Problem, inner Inner, c Config, _ Values) (search.Strategy, error) {
				return NewASHA(p, inner, c)
			},
		},
		{
			Name: "halving",
			Doc:  "successive halving: rung by rung, the best 1/eta of each (Jamieson & Talwalkar 2016)",
			Settings: []Setting{
				{Name: "count", Doc: "architectures on the lowest rung; eta to the power of the rungs above it", Whole: true, Least: 1, Most: 1e6},
			},
			open: func(p search.Problem, inner Inner, c Config, v Values) (search.Strategy, error) {
				return NewSuccessiveHalving(p, inner, HalvingConfig{Config: c, Count: int(v["count"])})
			},
		},
		{
			Name: "hyperband",
			Doc:  "successive halving from several lowest rungs in turn (Li et al. 2018)",
			open: func(p search.Problem, inner Inner, c Config, _ Values) (search.Strategy, error) {
				return NewHyperband(p, inner, c)
			},
		},
		{
			Name: "bohb",
			Doc:  "Hyperband with a model of the highest rung that has enough results (Falkner et al. 2018)",
			Settings: []Setting{
				{Name: "uniform", Doc: "share of uniform draws", Default: "0.3333333333333333", Least: 1e-9, Most: 1},
				{Name: "least", Doc: "completed results that a rung needs for a model; 3 more than an architecture has decisions", Whole: true, Least: 1, Most: 1e6},
			},
			Learns: true,
			open: func(p search.Problem, inner Inner, c Config, v Values) (search.Strategy, error) {
				return NewBOHB(p, inner, BOHBConfig{Config: c, Uniform: v["uniform"], Least: int(v["least"])})
			},
		},
		{
			Name: "dehb",
			Doc:  "Hyperband with differential evolution on each rung, parents from the rung below (Awad et al. 2021)",
			Settings: []Setting{
				{Name: "factor", Doc: "how much of a difference of two parents is added to a third", Default: "0.5", Least: 1e-9, Most: 1},
				{Name: "crossover", Doc: "probability that a decision is that of the mutant", Default: "0.5", Least: 1e-9, Most: 1},
			},
			open: func(p search.Problem, inner Inner, c Config, v Values) (search.Strategy, error) {
				return NewDEHB(p, inner, DEHBConfig{Config: c, Factor: v["factor"], Crossover: v["crossover"]})
			},
		},
	}
}

// Rules returns the catalogue of stopping rules.
func Rules() []Rule {
	return []Rule{
		{
			Name: "median",
			Doc:  "stops a trial whose best so far is worse than the median running average of others (Golovin et al. 2017)",
			Settings: []Setting{
				{Name: "warmup", Doc: "amount up to which nothing is stopped", Whole: true, Least: 0, Most: 1e6},
				{Name: "least", Doc: "completed curves that there must be at an amount", Whole: true, Default: "5", Least: 1, Most: 1e6},
				{Name: "every", Doc: "amounts from one look at a curve to the next", Whole: true, Default: "1", Least: 1, Most: 1e6},
			},
			open: func(p search.Problem, inner search.Strategy, v Values) (search.Strategy, error) {
				return NewMedianRule(p, inner, MedianConfig{Warmup: int(v["warmup"]), Least: int(v["least"]), Every: int(v["every"])})
			},
		},
		{
			Name: "patience",
			Doc:  "stops a trial when so many points in a row brought nothing better (Prechelt 1998)",
			Settings: []Setting{
				{Name: "points", Doc: "that may bring nothing better than all before", Whole: true, Default: "10", Least: 1, Most: 1e6},
			},
			open: func(p search.Problem, inner search.Strategy, v Values) (search.Strategy, error) {
				return NewPatience(p, inner, PatienceConfig{Points: int(v["points"])})
			},
		},
	}
}

// New makes the scheduler over an inner strategy. The shared settings min and eta count where c leaves them at 0. It is an error if a
// setting is unknown or out of range.
func (s Scheduler) New(p search.Problem, inner Inner, c Config, v Values) (search.Strategy, error) {
	if err := check(s.Name, append(Shared(), s.Settings...), v); err != nil {
		return nil, err
	}
	if c.Min == 0 {
		c.Min = int(v["min"])
	}
	if c.Eta == 0 {
		c.Eta = int(v["eta"])
	}
	return s.open(p, inner, c, v)
}

// New puts the rule around a strategy. It is an error if a setting is unknown or out of range.
func (r Rule) New(p search.Problem, inner search.Strategy, v Values) (search.Strategy, error) {
	if err := check(r.Name, r.Settings, v); err != nil {
		return nil, err
	}
	return r.open(p, inner, v)
}

func check(name string, settings []Setting, v Values) error {
	known := make([]string, len(settings))
	for i, s := range settings {
		known[i] = s.Name
		x, given := v[s.Name]
		switch {
		case !given:
		case !(x >= s.Least && x <= s.Most):
			return fmt.Errorf("%s: %s %v is out of range: want %v to %v", name, s.Name, x, s.Least, s.Most)
		case s.Whole && x != float64(int(x)):
			return fmt.Errorf("%s: %s %v is no whole number", name, s.Name, x)
		}
	}
	var unknown []string
	for setting := range v {
		if !slices.Contains(known, setting) {
			unknown = append(unknown, setting)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("%s has no setting %s; it has %s", name, unknown[0], strings.Join(known, ", "))
	}
	return nil
}
