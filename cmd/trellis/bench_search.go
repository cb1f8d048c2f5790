package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/magnitude"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/strategy"
)

// benchFlags say which strategies are run on which table.
type benchFlags struct {
	table, data, strategies string
	seeds, evaluations      int
	window, workers         int
	max, minimise           []string
	out                     string
}

func newBenchSearch(t *terminal.Terminal) *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "search --table FILE --strategies NAMES",
		Short: "Benchmark strategies on a tabular benchmark, many seeds each",
		Long: `Search runs every strategy with every seed on the table and prints the regret of the incumbent against the best of the table (the
mean over the seeds with its standard error), the share of the seeds that found the best, and the median rank, after 20, 50, 100
and more distinct evaluations. With several objectives it prints how much of the hypervolume of the true front is missing.
--out writes the curves as PNG and SVG, a page, and results.json. The result does not depend on --workers.

A strategy may have settings after a colon: evolution:population=50,sample=10. trellis strategies lists them.`,
		Example: `  trellis bench search --table examples/tables/nb-macro.yaml --data FOLDER --strategies random,evolution --seeds 100 --evaluations 150
  trellis bench search --table examples/tables/nb-macro.yaml --minimise macs --data FOLDER --strategies auto,nsga2 --seeds 20 --evaluations 100
  trellis bench search --table examples/tables/nb201.yaml --data FOLDER --strategies evolution,evolution:population=50,sample=10 --out bench/nb201`,
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := f.benchmark()
			if err != nil {
				return err
			}
			fmt.Fprintf(t.Err, "table %s of %s architectures\n", c.Table.Name(), thousands(c.Table.Len()))
			var evaluations atomic.Int64
			bar := terminal.CountWith(t.Err, "runs", len(c.Strategies)*c.Seeds, func() string {
				return thousands(int(evaluations.Load())) + " evaluations"
			})
			c.Done, c.Evaluated = func(string) { bar.Step() }, func() { evaluations.Add(1) }
			o, err := c.Run(cmd.Context())
			bar.End()
			if err != nil {
				return err
			}
			if err := t.Print(o, func(w io.Writer) error { return o.Write(w) }); err != nil || f.out == "" {
				return err
			}
			files, err := o.Save(f.out)
			for _, name := range files {
				fmt.Fprintln(t.Err, name)
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.table, "table", "", "the `file` that describes the table (docs/formats/table-file.md)")
	flags.StringVar(&f.data, "data", "", "the `folder` of the CSV files (default: that of the table file)")
	flags.StringVar(&f.strategies, "strategies", "", "`names` of strategies with commas between them, each with its settings after a colon")
	flags.IntVar(&f.seeds, "seeds", 100, "runs of each strategy, with the seeds 0, 1, 2 and so on")
	flags.IntVar(&f.evaluations, "evaluations", 500, "distinct evaluations of a run")
	flags.IntVar(&f.window, "window", 1, "proposal i is asked for when the results 0 to i-`window` are known")
	flags.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "runs at a time")
	flags.StringArrayVar(&f.max, "max", nil, "a limit on a metric of the table, as `metric=N` (params=500k)")
	flags.StringArrayVar(&f.minimise, "minimise", nil, "one more objective: a `metric` of the table that is to be small, such as macs")
	flags.StringVar(&f.out, "out", "", "the `folder` to write curves, page and results.json to")
	terminal.Complete(cmd, "strategies", strategy.Names(), cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	cmd.MarkFlagFilename("table", "yaml", "yml")
	cmd.MarkFlagDirname("data")
	cmd.MarkFlagDirname("out")
	return cmd
}

// benchmark checks the flags and opens the table. Every error is the user's to mend.
func (f *benchFlags) benchmark() (bench.Benchmark, error) {
	for _, need := range []struct{ flag, value string }{{"table", f.table}, {"strategies", f.strategies}} {
		if need.value == "" {
			return bench.Benchmark{}, terminal.Mistakef("trellis bench search: --%s is missing", need.flag)
		}
	}
	if err := cmp.Or(terminal.InRange("--seeds", f.seeds, 100_000), terminal.InRange("--evaluations", f.evaluations, 10_000_000),
		terminal.InRange("--window", f.window, mostAtOnce), terminal.InRange("--workers", f.workers, mostAtOnce), needPlace(f.out)); err != nil {
		return bench.Benchmark{}, err
	}
	c := bench.Benchmark{Seeds: f.seeds, Evaluations: f.evaluations, Window: f.window, Workers: f.workers}
	all, err := strategy.ParseList(f.strategies)
	if err != nil {
		return c, terminal.Mistakef("--strategies: %w", err)
	}
	for _, s := range all {
		c.Strategies = append(c.Strategies, bench.Named{Name: s.String(), Open: s.New})
	}
	for _, text := range f.max {
		name, value, ok := strings.Cut(text, "=")
		x, valid := quantity(value)
		if !ok || !valid {
			return c, terminal.Mistakef("--max %s: want metric=N, such as params=500k", text)
		}
		c.Limits = append(c.Limits, bench.Limit{Metric: name, Max: x})
	}
	if c.Table, err = bench.Open(f.table, f.data); err != nil {
		return c, terminal.Mistake(err)
	}
	if c.Table, err = c.Table.Minimising(f.minimise...); err != nil {
		return c, terminal.Mistakef("--minimise: %w", err)
	}
	if _, _, err := c.Table.Region(c.Limits...); err != nil {
		return c, terminal.Mistakef("--max: %w", err)
	}
	return c, nil
}

// quantity reads a count as people write it, or any other number.
func quantity(text string) (float64, bool) {
	if n, ok := magnitude.Count(text); ok {
		return float64(n), true
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && x-x == 0
}
