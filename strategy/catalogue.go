package strategy

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
)

// Default is the strategy of a study file that names none.
const Default = "auto"

// Method is an entry of the catalogue of strategies: what can be named in a study file and on the command line.
type Method struct {
	Name     string
	Doc      string // what it is in one line, with the source
	Settings []Setting

	// agree tells what is wrong with settings that are each in range: at which one, and what. An empty fault is none.
	agree func(Values) (setting, fault string)
	open  func(search.Problem, Values) (search.Strategy, error)
}

// catalogue is the one place where the name of a strategy becomes its constructor, in the order in which they are
// documented. A value that is not given reads as the default here, 0 where there is none.
var catalogue = []Method{
	autoMethod,
	{
		Name: "random",
		Doc:  "uniform and without repetition",
		open: func(p search.Problem, _ Values) (search.Strategy, error) { return search.NewRandom(p), nil },
	},
	{
		Name: "evolution",
		Doc:  "regularised evolution: mutations of tournament winners, the oldest dies (Real et al. 2019)",
		Settings: []Setting{
			{Name: "population", Kind: Whole, Default: "20", Least: 2, Most: 100_000, Doc: "members"},
			{Name: "sample", Kind: Whole, Least: 1, Most: 100_000, Doc: "members drawn for a tournament; 5, or the population if that is smaller"},
			restartSetting,
		},
		agree: tournamentFits,
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return search.NewEvolution(p, search.EvolutionConfig{Population: v.Int("population"), Sample: v.Int("sample")})
		},
	},
	{
		Name: "genetic",
		Doc:  "genetic algorithm by generations: crossover, tournaments, elitism (Holland 1975; Goldberg & Deb 1991)",
		Settings: []Setting{
			{Name: "population", Kind: Whole, Default: "16", Least: 2, Most: 100_000, Doc: "members of a generation"},
			{Name: "elite", Kind: Whole, Least: 1, Most: 100_000, Doc: "members that stay; 4, or half the population if that is smaller"},
			{Name: "sample", Kind: Whole, Least: 1, Most: 100_000, Doc: "members drawn for a tournament; 5, or the population if that is smaller"},
			{Name: "crossover", Kind: Number, Default: "0.9", Least: 0.001, Most: 1, Doc: "probability that a child has two parents"},
			{Name: "mutation", Kind: Number, Default: "0.5", Least: 0.001, Most: 1, Doc: "probability that a child of two parents is mutated too"},
			restartSetting,
		},
		agree: tournamentFits,
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return search.NewGenetic(p, search.GeneticConfig{
				Population: v.Int("population"), Elite: v.Int("elite"), Sample: v.Int("sample"),
				Crossover: v.Float("crossover"), Mutation: v.Float("mutation"),
			})
		},
	},
	{
		Name: "local",
		Doc:  "local search with restarts: climbs to better neighbours until there is none (White et al. 2021)",
		Settings: []Setting{
			{Name: "improvement", Kind: Word, Default: "first", Words: []string{"first", "best"}, Doc: "go on from the first better neighbour, or from the best of all"},
		},
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return search.NewLocal(p, search.LocalConfig{Best: v.Word("improvement") == "best"})
		},
	},
	{
		Name: "annealing",
		Doc:  "simulated annealing with a temperature relative to the spread of the results (Kirkpatrick et al. 1983)",
		Settings: []Setting{
			{Name: "initial", Kind: Whole, Default: "10", Least: 1, Most: 100_000, Doc: "uniform draws before the walk"},
			{Name: "temperature", Kind: Number, Default: "0.5", Least: 1e-9, Most: 1e9, Doc: "at the beginning, in spreads of the results"},
			{Name: "half_life", Kind: Number, Default: "10", Least: 0.1, Most: 1e9, Doc: "results until the temperature has halved"},
			restartSetting,
		},
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return search.NewAnnealing(p, search.AnnealingConfig{Initial: v.Int("initial"), Temperature: v.Float("temperature"), HalfLife: v.Float("half_life")})
		},
	},
	{
		Name:     "nsga2",
		Doc:      "genetic algorithm by fronts and crowding, for two or three objectives (Deb et al. 2002)",
		Settings: breedingSettings,
		open:     func(p search.Problem, v Values) (search.Strategy, error) { return search.NewNSGA2(p, breedingOf(v)) },
	},
	{
		Name:     "nsga3",
		Doc:      "genetic algorithm by fronts and reference lines, for many objectives (Deb & Jain 2014)",
		Settings: breedingSettings,
		open:     func(p search.Problem, v Values) (search.Strategy, error) { return search.NewNSGA3(p, breedingOf(v)) },
	},
	{
		Name:     "ehvi",
		Doc:      "Gaussian processes and the exact expected hypervolume improvement, for two or three objectives (Emmerich et al. 2006)",
		Settings: guidedSettings,
		open:     func(p search.Problem, v Values) (search.Strategy, error) { return search.NewEHVI(p, guidedOf(v)) },
	},
	{
		Name: "motpe",
		Doc:  "multi-objective Parzen estimator: likely among the best tenth and unlikely among the others (Ozaki et al. 2020)",
		Settings: []Setting{
			{Name: "initial", Kind: Whole, Default: "10", Least: 2, Most: 100_000, Doc: "uniform draws before there is a model"},
			{Name: "candidates", Kind: Whole, Default: "24", Least: 1, Most: 100_000, Doc: "architectures drawn from the density of the best"},
			{Name: "best", Kind: Number, Default: "0.1", Least: 0.001, Most: 0.999, Doc: "the share of the results that are the best"},
			{Name: "bandwidth", Kind: Number, Default: "0.2", Least: 0.001, Most: 0.999, Doc: "how far a result reaches: the probability that a decision is made otherwise"},
		},
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return search.NewMOTPE(p, search.MOTPEConfig{
				Initial: v.Int("initial"), Candidates: v.Int("candidates"), Best: v.Float("best"), Bandwidth: v.Float("bandwidth"),
			})
		},
	},
	{
		Name:     "parego",
		Doc:      "a Gaussian process of a new weighting of the objectives with every proposal (Knowles 2006)",
		Settings: guidedSettings,
		open:     func(p search.Problem, v Values) (search.Strategy, error) { return search.NewParEGO(p, guidedOf(v)) },
	},
	gpMethod,
	policyMethod,
	reinforceMethod,
	ppoMethod,
	tpeMethod,
	forestMethod,
	bananasMethod,
	thompsonMethod,
	exactMethod,
}

// guidedSettings are those of the model-based strategies for several objectives.
var guidedSettings = []Setting{
	{Name: "initial", Kind: Whole, Default: "10", Least: 2, Most: 100_000, Doc: "uniform draws before there is a model"},
	{Name: "candidates", Kind: Whole, Default: "1000", Least: 2, Most: 100_000, Doc: "uniform draws to choose among, beside the neighbours of the front"},
}

func guidedOf(v Values) search.GuidedConfig {
	return search.GuidedConfig{Initial: v.Int("initial"), Candidates: v.Int("candidates")}
}

// breedingSettings are those of the multi-objective genetic algorithms.
var breedingSettings = []Setting{
	{Name: "population", Kind: Whole, Default: "20", Least: 2, Most: 100_000, Doc: "members that survive a selection"},
	{Name: "brood", Kind: Whole, Default: "1", Least: 1, Most: 100_000, Doc: "results between two selections: 1 is the steady state, the population a generation"},
	{Name: "crossover", Kind: Number, Default: "0.9", Least: 0.001, Most: 1, Doc: "probability that a child has two parents"},
	{Name: "mutation", Kind: Number, Default: "0.5", Least: 0.001, Most: 1, Doc: "probability that a child of two parents is mutated too"},
}

func breedingOf(v Values) search.BreedingConfig {
	return search.BreedingConfig{
		Population: v.Int("population"), Brood: v.Int("brood"), Crossover: v.Float("crossover"), Mutation: v.Float("mutation"),
	}
}

// restartSetting belongs to the strategies that may stagnate; see Chosen.New.
var restartSetting = Setting{Name: "restart", Kind: Whole, Default: "0", Least: 0, Most: 10_000, Doc: "uniform draws when the search stagnates; 0 lets it be"}

// tournamentFits is the agreement of the settings population and sample.
func tournamentFits(v Values) (setting, fault string) {
	if p := v.Int("population"); v.Given("population") && v.Int("sample") > p {
		return "sample", fmt.Sprintf("sample is %d, want at most the population of %d", v.Int("sample"), p)
	}
	return "", ""
}

// Catalogue returns the catalogue, in the order in which it is documented.
func Catalogue() []Method {
	out := make([]Method, len(catalogue))
	copy(out, catalogue)
	return out
}

// Names returns the names in the catalogue, in its order.
func Names() []string {
	names := make([]string, len(catalogue))
	for i, m := range catalogue {
		names[i] = m.Name
	}
	return names
}

func (m Method) setting(name string) (Setting, bool) {
	for _, s := range m.Settings {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

// method returns an entry of the catalogue.
func method(name string) (Method, bool) {
	for _, m := range catalogue {
		if m.Name == name {
			return m, true
		}
	}
	return Method{}, false
}
