// Package search holds the strategies: what to try next, given the results so far.
//
// Every strategy is one file, over a Region of feasible architectures, behind the Strategy interface: the method proposes, the driver of
// package study evaluates. The files are grouped by their first word:
//
//	strategy, problem   the interfaces
//	region              what may be proposed, what has been, what is near to what
//	history             what was observed, and how observations rank
//	stagnation          how diverse proposals are and whether anything better is found; restarts answer it
//	encoding            architectures as models see them
//	random, exact       proposals that learn from no result
//	local               local search and annealing
//	evolution           populations
//	model               one number, by a model of the results
//	multi               several objectives, by models of the results
//	policy              distributions that learn from rewards
package search
