package strategy

import "github.com/trellis-nas/trellis/search"

// The entries of the catalogue for strategies that stand on a model of the results so far.

var autoMethod = Method{
	Name: "auto",
	Doc:  "what needed the fewest evaluations on the published tables: a Gaussian process that never tries equal networks twice; for several objectives ehvi and motpe by turns",
	open: func(p search.Problem, _ Values) (search.Strategy, error) { return search.NewAuto(p) },
}

var gpMethod = Method{
	Name: "gp",
	Doc:  "Bayesian optimisation with a Gaussian process over decisions, graphs and costs (Jones et al. 1998; Ru et al. 2021)",
	Settings: []Setting{
		initialSetting,
		{Name: "kernel", Kind: Word, Default: "mixture", Words: []string{"mixture", "hamming", "graph", "path", "product"}, Doc: "what architectures are compared by"},
		{Name: "acquisition", Kind: Word, Default: "ei", Words: []string{"ei", "ucb", "thompson"}, Doc: "by what the next one is chosen"},
		{Name: "beta", Kind: Number, Default: "1", Least: 0.001, Most: 1000, Doc: "of ucb: how many standard deviations"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewGP(p, search.GPConfig{
			Initial: v.Int("initial"), Kernel: search.Kernel(v.Word("kernel")),
			Acquisition: search.Acquisition(v.Word("acquisition")), Beta: v.Float("beta"),
		})
	},
}

var initialSetting = Setting{Name: "initial", Kind: Whole, Default: "8", Least: 1, Most: 100_000, Doc: "uniform draws at the beginning"}

var tpeMethod = Method{
	Name: "tpe",
	Doc:  "tree-structured Parzen estimator, multivariate or not (Bergstra et al. 2011; Falkner et al. 2018)",
	Settings: []Setting{
		initialSetting,
		{Name: "candidates", Kind: Whole, Default: "24", Least: 1, Most: 100_000, Doc: "draws from the density of the good"},
		{Name: "univariate", Kind: Switch, Default: "false", Doc: "a density for each decision alone"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewTPE(p, search.TPEConfig{Initial: v.Int("initial"), Candidates: v.Int("candidates"), Univariate: v.Bool("univariate")})
	},
}

var forestMethod = Method{
	Name: "forest",
	Doc:  "sequential model-based optimisation with a random forest, SMAC (Hutter et al. 2011)",
	Settings: []Setting{
		initialSetting,
		{Name: "trees", Kind: Whole, Default: "40", Least: 2, Most: 10_000, Doc: "of the forest"},
		{Name: "acquisition", Kind: Word, Default: "ei", Words: []string{"ei", "thompson"}, Doc: "by what the next one is chosen"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewForest(p, search.ForestConfig{Initial: v.Int("initial"), Trees: v.Int("trees"), Acquisition: search.Acquisition(v.Word("acquisition"))})
	},
}

var bananasMethod = Method{
	Name: "bananas",
	Doc:  "BANANAS: an ensemble of boosted trees over decisions and paths, mutations of the best (White et al. 2021)",
	Settings: []Setting{
		initialSetting,
		{Name: "members", Kind: Whole, Default: "5", Least: 2, Most: 1000, Doc: "of the ensemble"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewBananas(p, search.BananasConfig{Initial: v.Int("initial"), Members: v.Int("members")})
	},
}

var thompsonMethod = Method{
	Name: "thompson",
	Doc:  "Thompson sampling on the lattice with a Bayesian linear model, its best path exact within all limits (Thompson 1933)",
	Settings: []Setting{
		initialSetting,
		{Name: "chain", Kind: Switch, Default: "false", Doc: "pairs of neighbouring decisions have weights too"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewLatticeThompson(p, search.LatticeThompsonConfig{Initial: v.Int("initial"), Chain: v.Bool("chain")})
	},
}
