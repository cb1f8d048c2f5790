package spec

import "github.com/trellis-nas/trellis/search"

// The entries of the catalogue for strategies that stand on a model of the results so far.

var autoMethod = Method{
	Name: "auto",
	Doc:  "what needed the fewest evaluations on the published tables: a Gaussian process that never tries equal networks twice; for several objectives ehvi",
	open: func(p search.Problem, _ Values) (search.Strategy, error) { return search.NewAuto(p) },
}

var gpMethod = Method{
	Name: "gp",
	Doc:  "Bayesian optimisation with a Gaussian process over decisions, graphs and costs (Jones et al. 1998; Ru et al. 2021)",
	Settings: []Setting{
		{Name: "start", Kind: Whole, Default: "8", Least: 1, Most: 100_000, Doc: "uniform draws at the beginning"},
		{Name: "kernel", Kind: Word, Default: "mixture", Words: []string{"mixture", "hamming", "graph", "path", "product"}, Doc: "what architectures are compared by"},
		{Name: "acquisition", Kind: Word, Default: "ei", Words: []string{"ei", "ucb", "thompson"}, Doc: "by what the next one is chosen"},
		{Name: "beta", Kind: Number, Default: "1", Least: 0.001, Most: 1000, Doc: "of ucb: how many standard deviations"},
	},
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewGP(p, search.GPConfig{
			Start: v.Int("start"), Kernel: search.Kernel(v.Word("kernel")),
			Acquisition: search.Acquisition(v.Word("acquisition")), Beta: v.Float("beta"),
		})
	},
}
