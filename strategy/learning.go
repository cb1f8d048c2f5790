package strategy

import (
	"slices"

	"github.com/trellis-nas/trellis/controller"
	"github.com/trellis-nas/trellis/search"
)

// reinforceMethod and ppoMethod are the recurrent controllers.
var (
	reinforceMethod = Method{
		Name:     "reinforce",
		Doc:      "an LSTM controller trained by REINFORCE with a baseline and an entropy bonus (Zoph & Le 2017)",
		Settings: controllerSettings("2", "0.01"),
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			return controller.NewReinforce(p, controllerOf(v))
		},
	}
	ppoMethod = Method{
		Name: "ppo",
		Doc:  "an LSTM controller trained by proximal policy optimisation (Schulman et al. 2017)",
		Settings: append(controllerSettings("5", "0.005"),
			Setting{Name: "epochs", Kind: Whole, Default: "5", Least: 1, Most: 1000, Doc: "updates on each batch"},
			Setting{Name: "clip", Kind: Number, Default: "0.2", Least: 1e-3, Most: 0.999, Doc: "how far the ratio of new to old probability may leave 1"},
		),
		open: func(p search.Problem, v Values) (search.Strategy, error) {
			c := controllerOf(v)
			c.Epochs, c.Clip = v.Int("epochs"), v.Float("clip")
			return controller.NewPPO(p, c)
		},
	}
)

func controllerSettings(batch, rate string) []Setting {
	return slices.Concat(policyGradientSettings(batch, "0.3"), []Setting{
		{Name: "units", Kind: Whole, Default: "100", Least: 1, Most: 4096, Doc: "units of the LSTM"},
		{Name: "rate", Kind: Number, Default: rate, Least: 1e-9, Most: 10, Doc: "learning rate of Adam"},
	})
}

func controllerOf(v Values) controller.Config {
	return controller.Config{PolicyGradientConfig: policyGradientOf(v), Units: v.Int("units"), Rate: v.Float("rate")}
}

// policyMethod is the lattice policy.
var policyMethod = Method{
	Name: "policy",
	Doc:  "a distribution over the paths of the lattice, trained by the natural policy gradient (Williams 1992; Amari 1998)",
	Settings: append(policyGradientSettings("2", "0.2"),
		Setting{Name: "pairs", Kind: Switch, Default: "false", Doc: "learn a score for every pair of options of decisions that follow each other"},
		Setting{Name: "caution", Kind: Number, Default: "5", Least: 1e-3, Most: 1e6, Doc: "results that the prior of the linear fit is worth"},
		Setting{Name: "step", Kind: Number, Default: "0.5", Least: 1e-6, Most: 100, Doc: "divergence of a step at most, in nats"},
	),
	open: func(p search.Problem, v Values) (search.Strategy, error) {
		return search.NewPolicy(p, search.PolicyConfig{
			PolicyGradientConfig: policyGradientOf(v), Pairs: v.Bool("pairs"), Caution: v.Float("caution"), Step: v.Float("step"),
		})
	},
}

// policyGradientSettings are those of every strategy that trains a policy.
func policyGradientSettings(batch, entropy string) []Setting {
	return []Setting{
		{Name: "batch", Kind: Whole, Default: batch, Least: 1, Most: 10_000, Doc: "draws between two updates"},
		{Name: "entropy", Kind: Number, Default: entropy, Least: 1e-6, Most: 4, Doc: "bonus of entropy: what a nat is worth, in deviations of the reward"},
		{Name: "redraws", Kind: Whole, Default: "20", Least: 1, Most: 10_000, Doc: "draws for one proposal before the policy counts as collapsed"},
	}
}

func policyGradientOf(v Values) search.PolicyGradientConfig {
	return search.PolicyGradientConfig{Batch: v.Int("batch"), Bonus: v.Float("entropy"), Redraws: v.Int("redraws")}
}
