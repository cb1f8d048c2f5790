// Package predict holds surrogates: models that say, from the trials so far, how good an architecture is likely to be, and how sure
// they are of it.
//
// An [Encoder] turns architectures into a [Point]: their decisions, the graph labels of their network, its paths, its exact costs, and
// the key of its canonical graph, which networks that compute the same share. A [GP] over points, the Bayesian linear models, the forest and the
// boosted trees all answer with a mean and a variance. Everything is deterministic.
package predict
