package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/overhead"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/strategy"
)

// overheadBench are the flags of bench overhead.
type overheadBench struct {
	peer   bool
	python string
	folder string
	trials int
	slow   []string
}

// overheadFigures are the results of bench overhead.
type overheadFigures struct {
	Figures []overhead.Figure `json:"figures"`
}

func newBenchOverhead(t *terminal.Terminal) *cobra.Command {
	var b overheadBench
	cmd := &cobra.Command{
		Use:   "overhead",
		Short: "Measure proposals, the journal, fronts and hypervolumes, beside peers with --peer",
		Long: `Overhead measures what a search costs beside the evaluations: proposals and results a second after 10,000 results, milliseconds of a
proposal of the strategies with models after 500 results (both over the last tenth), studies with a journal on the disk, non-dominated
sorting, hypervolumes, and a generation of NSGA-II. Of the short ones the fastest run counts. Leave the machine idle meanwhile.

With --peer, Optuna, moocore and pymoo are measured too, as far as a Python has them; missing ones are named.`,
		Example: `  trellis bench overhead
  trellis bench overhead --peer --json
  trellis bench overhead --models tpe,gp --trials 2000`,
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := b.check(); err != nil {
				return err
			}
			return b.run(cmd.Context(), t)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&b.peer, "peer", false, "measure the peers too")
	f.StringVar(&b.python, "python", "", "Python that has them; without it the first on the path that has")
	f.StringVar(&b.folder, "folder", "", "`folder` for the journals, on the disk to be measured; without it that of temporary files")
	f.IntVar(&b.trials, "trials", 10_000, "results for random and evolution, and trials of the study with the widest window; others get a twentieth")
	f.StringSliceVar(&b.slow, "models", nil, "`names` of strategies with models, each with its settings after a colon; without it all there are")
	terminal.Complete(cmd, "models", modelled, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	return cmd
}

// modelled are the strategies whose proposals take milliseconds.
var modelled = []string{"tpe", "gp", "auto", "motpe", "parego", "ehvi"}

func (b *overheadBench) run(ctx context.Context, t *terminal.Terminal) error {
	var r overheadFigures
	add := func(f overhead.Figure) {
		r.Figures = append(r.Figures, f)
		fmt.Fprintf(t.Err, "%s …\n", f.Name)
	}
	if err := b.strategies(ctx, add); err != nil {
		return err
	}
	for _, j := range []struct{ window, trials int }{{1, b.trials / 10}, {16, b.trials / 2}, {256, b.trials}} {
		f, err := overhead.Journal(ctx, b.folder, j.window, max(10, j.trials))
		if err != nil {
			return err
		}
		add(f)
	}
	for _, f := range append(overhead.Sort(), overhead.Hypervolume()...) {
		add(f)
	}
	f, err := overhead.Generation()
	if err != nil {
		return err
	}
	add(f)
	if b.peer {
		fmt.Fprintln(t.Err, "peers …")
		peers, err := overhead.Peers(ctx, b.python, func(text string) { fmt.Fprintln(t.Err, text) })
		if err != nil {
			return terminal.Mistake(err)
		}
		for i := range r.Figures {
			r.Figures[i].Peers = peers[r.Figures[i].Name]
		}
	}
	return t.Print(r, func(w io.Writer) error { return r.print(w) })
}

// check refuses what can be refused before anything is measured.
func (b *overheadBench) check() error {
	if b.trials < 10 || b.trials > 1_000_000 {
		return terminal.Mistakef("trellis bench overhead: --trials is %d; it must be from 10 to 1000000", b.trials)
	}
	for _, name := range b.slow {
		if _, err := strategy.Parse(name); err != nil {
			return terminal.Mistakef("--models: %w", err)
		}
	}
	if info, err := os.Stat(b.folder); b.folder != "" && (err != nil || !info.IsDir()) {
		return terminal.Mistakef("--folder %s: there is no such folder", b.folder)
	}
	return nil
}

// strategies measures the quick strategies by rate and those with models by the time of a proposal.
func (b *overheadBench) strategies(ctx context.Context, add func(overhead.Figure)) error {
	models := b.slow
	if models == nil {
		for _, name := range modelled {
			if slices.Contains(strategy.Names(), name) {
				models = append(models, name)
			}
		}
	}
	for i, name := range append([]string{"random", "evolution"}, models...) {
		c, err := strategy.Parse(name)
		if err != nil {
			return terminal.Mistake(err)
		}
		objectives, trials := 1, b.trials
		if slices.Contains([]string{"motpe", "parego", "ehvi"}, c.Name) {
			objectives = 2
		}
		if i > 1 {
			trials = max(10, b.trials/20)
		}
		p, err := overhead.Problem(objectives)
		if err != nil {
			return err
		}
		rate, err := overhead.Proposals(ctx, c.New, p, trials)
		if err != nil {
			return err
		}
		f := overhead.Figure{Name: fmt.Sprintf("%s, %s results", name, thousands(trials)), Unit: "/s", Value: rate}
		if i > 1 {
			f.Unit, f.Value = "ms", 1000/rate
		}
		add(f)
	}
	return nil
}

func (r overheadFigures) print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "measured\t\t\tpeers")
	for _, f := range r.Figures {
		var peers []string
		for _, p := range f.Peers {
			peers = append(peers, fmt.Sprintf("%s %s", p.Name, inUnit(p.Value, f.Unit)))
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", f.Name, inUnit(f.Value, f.Unit), f.Unit, strings.Join(peers, ", "))
	}
	return tw.Flush()
}

// inUnit prints a rate as a whole number and milliseconds with three digits.
func inUnit(x float64, unit string) string {
	if unit == "/s" {
		return thousands(int(x))
	}
	return fmt.Sprintf("%.3g", x)
}

// thousands writes a number with a comma before every three digits.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
