// Package train trains one network alone and says how good it is: training as a trial.Evaluator.
//
// A Settings says how: it is a value whose zero is a good default. An Evaluator builds the network of a trial, draws its
// weights from the seed of the trial, trains it epoch by epoch, validates after each, stops early if its settings say so, and
// goes back to the weights of the best epoch. Finalists and baselines leave a checkpoint behind, which Evaluator.Test
// reads to score it once on the opened test set.
//
// The same trial gives the same bits whatever the number of threads and whatever runs beside it. A run that diverges or
// a network that cannot be built is a failed result with a reason; an error means that the machine is at fault.
package train
