// Package pareto compares vectors of objectives: dominance, non-dominated sorting, fronts, crowding, hypervolume.
//
// A set of points is a [][]float64: one vector per point, all of one length, every component minimised. Callers that
// maximise negate. Nothing here is random and nothing depends on more than the values and the order of the points.
//
// Numbers that are none: −Inf is the best value there is and +Inf the worst; a NaN is read as +Inf, so that a point
// whose objective could not be measured never wins by it. Zero and negative zero are equal.
//
// Vectors of unequal length are a mistake of the caller, and every function of the package panics on them.
package pareto
