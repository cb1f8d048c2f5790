// Package conform holds the test suites that every implementation of an interface passes, written once: Strategy, Evaluator
// and Journal. A new implementation gets its whole battery with three lines:
//
//	func TestRandomIsAStrategy(t *testing.T) {
//		conform.Strategy(t, func(p search.Problem) search.Strategy { return search.NewRandom(p) })
//	}
//
// It also holds the test of the order of imports. Only tests import this package.
package conform
