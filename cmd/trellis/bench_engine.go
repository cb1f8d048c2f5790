package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/peer"
	"github.com/trellis-nas/trellis/internal/terminal"
)

// engineBench are the flags of bench engine.
type engineBench struct {
	nets           []string
	threads        []int
	rounds         int
	seconds        float64
	peer, pair     bool
	python, script string
	alone          bool
}

// engineFigures are the results of bench engine.
type engineFigures struct {
	Kernels  string            `json:"kernels"`
	Networks []peer.Comparison `json:"networks"`
	Means    []engineMean      `json:"means,omitempty"`
	Pairs    []enginePair      `json:"pairs,omitempty"`
}

// engineMean is the geometric mean of the ratios with one number of threads.
type engineMean struct {
	Threads int     `json:"threads"`
	Ratio   float64 `json:"ratio"`
}

// enginePair compares two trials at once with one alone, a thread each.
type enginePair struct {
	Network string  `json:"net"`
	One     float64 `json:"one"`
	Two     float64 `json:"two"`
}

func newBenchEngine(t *terminal.Terminal) *cobra.Command {
	var b engineBench
	var names []string
	for _, n := range peer.Networks() {
		names = append(names, n.Name)
	}
	cmd := &cobra.Command{
		Use:   "engine",
		Short: "Measure training steps of the native engine, beside PyTorch with --peer",
		Long: `Engine trains small networks for a few seconds each and prints samples a second, GFLOP/s, the share of the FMA peak that
the same process measured just before, and the memory above that of a process which has only started. Every measurement is a process of its
own, pinned to a core with one thread.

With --peer, PyTorch trains the same networks in turn with this engine, in the settings that favour it (channels last, freed memory
kept), and the ratio is printed. That needs a Python with torch and numpy, and the script of the other side. The fastest of all rounds
counts on both sides, because other programs can only slow a run down. Leave the machine idle meanwhile.

Networks: ` + strings.Join(names, " ") + ".",
		Example: `  trellis bench engine
  trellis bench engine --net mbv2-tiny --threads 1,2
  trellis bench engine --peer --rounds 3 --seconds 4 --json`,
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, args []string) error {
			nets, err := b.networks()
			if err != nil {
				return err
			}
			if b.alone {
				f, err := peer.Measure(nets[0], b.threads[0], b.seconds)
				if err != nil {
					return err
				}
				return json.NewEncoder(t.Out).Encode(f)
			}
			return b.run(cmd.Context(), t, nets)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&b.nets, "net", nil, "networks to measure; all without it")
	f.IntSliceVar(&b.threads, "threads", []int{1, 2}, "threads within a step")
	f.IntVar(&b.rounds, "rounds", 2, "how often each side is measured")
	f.Float64Var(&b.seconds, "seconds", 2, "length of one measurement")
	f.BoolVar(&b.peer, "peer", false, "measure PyTorch too, alternately")
	f.BoolVar(&b.pair, "pair", false, "measure two trials at once against one, too")
	f.StringVar(&b.python, "python", "", "Python that has torch; without it the first on the path that has")
	f.StringVar(&b.script, "script", "", "script of the other side; without it ../shared/bench/torch_train.py")
	f.BoolVar(&b.alone, "alone", false, "measure one network in this process")
	_ = f.MarkHidden("alone")
	_ = cmd.RegisterFlagCompletionFunc("net", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// networks returns the networks asked for and checks the other flags.
func (b *engineBench) networks() ([]peer.Network, error) {
	switch {
	case b.rounds < 1 || b.rounds > 1000:
		return nil, terminal.Mistakef("trellis bench engine: --rounds is %d; it must be from 1 to 1000", b.rounds)
	case !(b.seconds > 0 && b.seconds <= 3600):
		return nil, terminal.Mistakef("trellis bench engine: --seconds is %v; it must be more than 0 and at most 3600", b.seconds)
	case len(b.threads) == 0 || slices.Min(b.threads) < 1 || slices.Max(b.threads) > mostAtOnce:
		return nil, terminal.Mistakef("trellis bench engine: --threads is %v; every number must be from 1 to %d", b.threads, mostAtOnce)
	}
	all := peer.Networks()
	if len(b.nets) == 0 {
		return all, nil
	}
	var names []string
	for _, n := range all {
		names = append(names, n.Name)
	}
	var out []peer.Network
	for _, name := range b.nets {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, terminal.Mistakef("trellis bench engine: there is no network %q; %s", name, nearest.Advice(name, names))
		}
		out = append(out, all[i])
	}
	return out, nil
}

func (b *engineBench) run(ctx context.Context, t *terminal.Terminal, nets []peer.Network) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	own := peer.Own{Command: []string{exe, "bench", "engine", "--alone"}}
	var other *peer.PyTorch
	if b.peer {
		if other, err = peer.NewPyTorch(ctx, b.python, b.script); err != nil {
			return terminal.Mistake(err)
		}
	}
	r := engineFigures{Kernels: kernel.Name()}
	for _, threads := range b.threads {
		var here []peer.Comparison
		for _, n := range nets {
			fmt.Fprintf(t.Err, "%s, %s …\n", n.Name, several(threads, "thread"))
			c, err := peer.Compare(ctx, n, threads, b.rounds, b.seconds, own, other)
			if err != nil {
				return cmp.Or(ctx.Err(), err) // a measurement that was stopped is killed
			}
			here = append(here, c)
		}
		r.Networks = append(r.Networks, here...)
		if other != nil {
			r.Means = append(r.Means, engineMean{threads, peer.GeometricMean(here)})
		}
	}
	for _, n := range nets {
		if !b.pair {
			break
		}
		fmt.Fprintf(t.Err, "%s, two at once …\n", n.Name)
		p, err := b.pairOf(n)
		if err != nil {
			return err
		}
		r.Pairs = append(r.Pairs, p)
	}
	return t.Print(r, func(w io.Writer) error { return r.print(w) })
}

// pairOf measures one and two trainings of n in turn and keeps the fastest of each.
func (b *engineBench) pairOf(n peer.Network) (enginePair, error) {
	p := enginePair{Network: n.Name}
	for range b.rounds {
		one, err := peer.Together(n, 1, b.seconds)
		if err != nil {
			return p, err
		}
		two, err := peer.Together(n, 2, b.seconds)
		if err != nil {
			return p, err
		}
		p.One, p.Two = max(p.One, one), max(p.Two, two)
	}
	return p, nil
}

func (r engineFigures) print(w io.Writer) error {
	fmt.Fprintf(w, "kernels: %s\n\n", r.Kernels)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	beside := len(r.Means) > 0
	fmt.Fprint(tw, "network\tbatch\tthreads\t/s\tGFLOP/s\tof the peak\tMiB\tallocs\t")
	if beside {
		fmt.Fprint(tw, "PyTorch /s\tGFLOP/s\tMiB\tratio\tof its memory\t")
	}
	fmt.Fprintln(tw)
	for _, c := range r.Networks {
		o := c.Own
		fmt.Fprintf(tw, "%s\t%d\t%d\t%.1f\t%.1f\t%.0f%%\t%.0f\t%.1f\t", c.Network, o.Batch, c.Threads, o.Rate, o.GFLOPS, 100*o.GFLOPS/o.Peak, o.MiB-o.IdleMiB, o.Allocs)
		if p := c.Peer; p != nil {
			fmt.Fprintf(tw, "%.1f\t%.1f\t%.0f\t%.2f\t%.2f\t", p.Rate, p.GFLOPS, p.MiB-p.IdleMiB, c.Ratio(), (o.MiB-o.IdleMiB)/(p.MiB-p.IdleMiB))
		}
		fmt.Fprintln(tw)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, m := range r.Means {
		fmt.Fprintf(w, "\ngeometric mean of the ratios with threads = %d: %.2f", m.Threads, m.Ratio)
	}
	if beside {
		fmt.Fprintln(w)
	}
	if len(r.Pairs) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	tw = tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "network\tone trial /s\ttwo at once /s\ttimes\t")
	for _, p := range r.Pairs {
		fmt.Fprintf(tw, "%s\t%.1f\t%.1f\t%.2f\t\n", p.Network, p.One, p.Two, p.Two/p.One)
	}
	return tw.Flush()
}
