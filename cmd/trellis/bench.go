package main

import (
	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
)

func newBench(t *terminal.Terminal) *cobra.Command {
	return terminal.Group("bench", "Benchmark strategies, the training engine and the overhead of a search",
		`  trellis bench search --table examples/tables/nb-macro.yaml --data FOLDER --strategies random,evolution
  trellis bench engine                   training steps of the native engine
  trellis bench engine --peer            the same beside PyTorch, in one run
  trellis bench overhead                 proposals, the journal, fronts and hypervolumes`,
		newBenchSearch(t), newBenchEngine(t), newBenchOverhead(t))
}
