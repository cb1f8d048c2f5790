// Package overhead measures what a search costs beside the evaluations: proposals, the journal, fronts and hypervolumes.
package overhead
