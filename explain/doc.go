// Package explain finds out why architectures are good, by a surrogate whose sums are exact.
//
// A [Surrogate] is a score, additive or of neighbouring decisions, fitted to measured trials; its [Fit] is how well it describes them, and
// nothing that follows from it is more reliable than that. Of the surrogate, or of any such score, everything is exact, over all
// architectures of a region and not over samples: the main effect of every option ([Effects]) and of every number of a counter
// ([Numbers]), the share of every decision in the variance of the score (its Shapley value), what each decision of one architecture
// contributes ([Summary.Contributions]), and the marginal value of a limit on a cost ([CostFront], [MarginalValueAt]). [Surrogate.Effects]
// has standard errors over the trials, by the jackknife.
//
// [Study] explains a study and [Score] a score file: all of the above in one [Explanation], for text, pages and JSON. Package report prints it.
package explain
