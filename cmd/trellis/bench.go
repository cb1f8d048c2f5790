package main

import "github.com/spf13/cobra"

func newBench(t *terminal) *cobra.Command {
	return group(t, "bench", "Measure this machine and this program, beside its peers",
		`  trellis bench search --table examples/tables/nb-macro.yaml --data FOLDER --strategies random,evolution
  trellis bench strategies               the strategies and their settings
  trellis bench engine                   training steps of the native engine
  trellis bench engine --peer            the same beside PyTorch, in one run
  trellis bench overhead                 proposals, the journal, fronts and hypervolumes`,
		newBenchSearch(t), newBenchStrategies(t), newBenchEngine(t), newBenchOverhead(t))
}
