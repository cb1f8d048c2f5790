package spec

import "github.com/trellis-nas/trellis/search"

// policyMethod is the lattice policy.
var policyMethod = Method{
	Name: "policy",
	Doc:  "a distribution over the paths of the lattice, trained by the natural policy gradient (Williams 1992; Amari 1998)",
	Settings: append(learnerSettings("2", "0.2"),
		Setting{Name: "pairs", Kind: Switch, Default: "false", Doc: "learn a score for every pair of options of decisions that follow each other"},
		Setting{Name: "caution", Kind: Number, Default: "5", Least: 1e-3, Most: 1e6, Doc: "results that the prior of the linear fit is worth"},
		Setting{Name: "step", Kind: Number, Default: "0.5", Least: 1e-6, Most: 100, Doc: "divergence of a step at most, in nats"},
	),
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewPolicy(p, search.PolicyConfig{
			LearnerConfig: learnerOf(v), Pairs: v.Bool("pairs"), Caution: v.Float("caution"), Step: v.Float("step"),
		})
	},
}

// learnerSettings are those of every strategy that trains a policy.
func learnerSettings(batch, entropy string) []Setting {
	return []Setting{
		{Name: "batch", Kind: Whole, Default: batch, Least: 1, Most: 10_000, Doc: "draws between two lessons"},
		{Name: "entropy", Kind: Number, Default: entropy, Least: 1e-6, Most: 4, Doc: "bonus of entropy: what a nat is worth, in deviations of the reward"},
		{Name: "redraws", Kind: Whole, Default: "20", Least: 1, Most: 10_000, Doc: "draws for one proposal before the policy counts as collapsed"},
	}
}

func learnerOf(v Values) search.LearnerConfig {
	return search.LearnerConfig{Batch: v.Int("batch"), Bonus: v.Float("entropy"), Redraws: v.Int("redraws")}
}
