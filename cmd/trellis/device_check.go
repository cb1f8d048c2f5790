package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"gonum.org/v1/gonum/stat"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/timing"
)

// checkFigures are how well a table predicts whole networks.
type checkFigures struct {
	Space    string        `json:"space"`
	Cost     string        `json:"cost"`
	Networks int           `json:"networks"`
	Pearson  float64       `json:"pearson"`
	Spearman float64       `json:"spearman"`
	MACs     float64       `json:"spearman_macs"` // of MACs with what was measured, to compare
	Ratio    float64       `json:"ratio"`         // the median of measured by predicted
	Low      float64       `json:"ratio_p10"`
	High     float64       `json:"ratio_p90"`
	Each     []checkedArch `json:"each"`
}

type checkedArch struct {
	Arch      string  `json:"arch"`
	Predicted float64 `json:"predicted_ms"`
	Measured  float64 `json:"measured_ms"`
	MACs      int64   `json:"macs"`
}

// milliseconds are the unit of what is measured.
const milliseconds = "ms"

func newDeviceCheck(t *terminal.Terminal) *cobra.Command {
	var (
		f    timingFlags
		set  []string
		file string
		n    int
		seed uint64
	)
	cmd := &cobra.Command{
		Use:   "check SPACE",
		Short: "Compare the latency of random networks of a space with what a cost file predicts",
		Long: `Check draws architectures uniformly, measures their networks on this machine as device measure does operators, and compares their latency
with what a cost file in milliseconds predicts: correlations, and the ratio of measured to predicted.`,
		Example: `  trellis device check mobile --latency here.yaml
  trellis device check nb201 --latency here.yaml -n 50 --seed 3 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(cmd)
			if err != nil {
				return err
			}
			if file == "" {
				return terminal.Mistakef("%s: --latency FILE is missing: the cost file to be checked", cmd.CommandPath())
			}
			if n < 3 || n > 100_000 {
				return terminal.Mistakef("-n %d: want 3 to 100000", n)
			}
			l, err := openLattice(args[0], set)
			if err != nil {
				return err
			}
			l, metric, err := priced(t, l, file)
			if err != nil {
				return err
			}
			if unit := l.Unit(metric); unit != milliseconds {
				return terminal.Mistakef("--latency %s: its %s is in %s, but latency is measured here in %s", file, metric, unit, milliseconds)
			}
			r, err := l.Within()
			if err != nil {
				return err
			}
			out := checkFigures{Space: l.Space().Name(), Cost: string(metric), Networks: n}
			random := stream.New(seed, "device-check")
			graphs := make([]*network.Graph, n)
			for i := range graphs {
				a := r.Sample(random)
				c, err := checked(l, metric, a)
				if err != nil {
					return err
				}
				if graphs[i], err = l.Space().Network(a); err != nil {
					return err
				}
				out.Each = append(out.Each, c)
			}
			bar := terminal.Count(t.Err, "measurements", f.rounds*n)
			defer bar.End()
			for round := range f.rounds {
				for i, g := range graphs {
					took, err := timing.Measure(cmd.Context(), g, o)
					if err != nil {
						return err
					}
					if c := &out.Each[i]; round == 0 || took.Median < c.Measured {
						c.Measured = took.Median
					}
					bar.Step()
				}
			}
			bar.End()
			out.compare()
			return t.Print(out, out.print)
		},
	}
	addSet(cmd, &set)
	f.add(cmd)
	cmd.Flags().StringVar(&file, "latency", "", "the cost `file` to be checked (docs/formats/cost-file.md)")
	cmd.Flags().IntVarP(&n, "number", "n", 100, "how many networks")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the draws")
	cmd.MarkFlagFilename("latency", "yaml", "yml", "csv", "gz")
	return cmd
}

// checked returns the predicted cost of an architecture.
func checked(l *lattice.Lattice, m lattice.Metric, a space.Arch) (checkedArch, error) {
	bins, err := l.Cost(a, m)
	if err != nil {
		return checkedArch{}, err
	}
	predicted, err := strconv.ParseFloat(l.Decimal(m, bins), 64)
	if err != nil {
		return checkedArch{}, err
	}
	macs, err := l.Cost(a, lattice.MACs)
	return checkedArch{Arch: l.Space().Format(a), Predicted: predicted, MACs: macs}, err
}

// compare computes the correlations and ratios.
func (f *checkFigures) compare() {
	var predicted, measured, macs, ratios []float64
	for _, c := range f.Each {
		predicted, measured, macs = append(predicted, c.Predicted), append(measured, c.Measured), append(macs, float64(c.MACs))
		if c.Predicted > 0 {
			ratios = append(ratios, c.Measured/c.Predicted)
		}
	}
	f.Pearson, f.Spearman = stat.Correlation(predicted, measured, nil), explain.Spearman(predicted, measured)
	f.MACs = explain.Spearman(macs, measured)
	slices.Sort(ratios)
	if len(ratios) > 0 {
		quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, ratios, nil) }
		f.Ratio, f.Low, f.High = quantile(0.5), quantile(0.1), quantile(0.9)
	}
}

func (f *checkFigures) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `%d networks of %s, measured and predicted
correlation            %.4f
rank correlation       %.4f (of MACs with what was measured: %.4f)
measured / predicted   %.3f (median), %.3f to %.3f from the 10th to the 90th percentile
`, f.Networks, f.Space, f.Pearson, f.Spearman, f.MACs, f.Ratio, f.Low, f.High)
	return err
}
