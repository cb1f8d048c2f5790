// Package search holds the strategies: what to try next, given what is known.
//
// Every strategy is one file named after it, over a Region of feasible architectures, behind the Strategy interface:
// the method proposes, the driver of package study evaluates.
package search
