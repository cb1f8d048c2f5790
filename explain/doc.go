// Package explain says why architectures are good, by a surrogate whose sums are exact.
//
// A [Surrogate] is an additive score, or one of neighbouring decisions, fitted to measured trials; its [Fit] says how well it describes
// them, and nothing that follows from it is truer than that. Of the surrogate, or of any such score, everything is exact, over all
// architectures of a region at once and not over samples: the main effect of every option ([Effects]) and of every number of a counter
// ([Numbers]), the share of every decision in the variance of the score (its Shapley value), what each decision of one architecture adds
// ([Summary.Contributions]), and what one more unit of a budget buys ([Budget]). How far other trials would have led elsewhere,
// [Surrogate.Effects] says: standard errors by the jackknife.
package explain
