package search

import (
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Problem is what a strategy is made for.
type Problem struct {
	Region      Region
	Objectives  trial.Objectives  // the first decides where one number has to
	Constraints trial.Constraints // on measured metrics; the region takes care of the others
	Seed        uint64            // of every random decision
	// Exact holds metrics that are functions of the architecture and known without evaluating it, such as params and MACs. A
	// strategy may ask for any architecture of the region; models are spared what was observed. It may be nil.
	Exact map[string]func(space.Arch) float64
	// Encodings is the index of the region's architectures for strategies with models. Those that search the same region may
	// share one; nil means that the strategy makes its own.
	Encodings *EncodingIndex
}
