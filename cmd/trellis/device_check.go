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
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/timing"
)

// checkFigures say how well a table foretells whole networks.
type checkFigures struct {
	Space    string        `json:"space"`
	Cost     string        `json:"cost"`
	Networks int           `json:"networks"`
	Pearson  float64       `json:"pearson"`
	Spearman float64       `json:"spearman"`
	MACs     float64       `json:"spearman_macs"` // of MACs with what was measured, to compare
	Ratio    float64       `json:"ratio"`         // the median of measured by foretold
	Low      float64       `json:"ratio_p10"`
	High     float64       `json:"ratio_p90"`
	Each     []checkedArch `json:"each"`
}

type checkedArch struct {
	Arch     string  `json:"arch"`
	Foretold float64 `json:"foretold_ms"`
	Measured float64 `json:"measured_ms"`
	MACs     int64   `json:"macs"`
}

// milliseconds are the unit of what is measured.
const milliseconds = "ms"

func newDeviceCheck(t *terminal) *cobra.Command {
	var (
		f    timingFlags
		set  []string
		file string
		n    int
		seed uint64
	)
	cmd := &cobra.Command{
		Use:   "check SPACE",
		Short: "Measure whole random networks of a space and compare them with the sums by a table",
		Long: `Check draws architectures uniformly, runs their whole networks on this machine as device measure runs operators, and compares what they
take with what a cost file says, which is to be in milliseconds: correlations, and the ratio of measured to foretold.`,
		Example: `  trellis device check mobile --latency here.yaml
  trellis device check nb201 --latency here.yaml -n 50 --seed 3 --json`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(cmd)
			if err != nil {
				return err
			}
			if file == "" {
				return wrongf("%s: --latency FILE says what operators take", cmd.CommandPath())
			}
			if n < 3 || n > 100_000 {
				return wrongf("-n %d: want 3 to 100000", n)
			}
			l, err := openLattice(args[0], set)
			if err != nil {
				return err
			}
			l, metric, err := t.priced(l, file)
			if err != nil {
				return err
			}
			if unit := l.Unit(metric); unit != milliseconds {
				return wrongf("--latency %s: its %s is in %s, and what is measured here in %s", file, metric, unit, milliseconds)
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
			bar := newCountdown(t.err, "measurements", f.rounds*n)
			defer bar.end()
			for round := range f.rounds {
				for i, g := range graphs {
					took, err := timing.Measure(cmd.Context(), g, o)
					if err != nil {
						return err
					}
					if c := &out.Each[i]; round == 0 || took.Median < c.Measured {
						c.Measured = took.Median
					}
					bar.step()
				}
			}
			bar.end()
			out.compare()
			return t.print(out, out.print)
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

// checked returns what the lattice says of an architecture.
func checked(l *lattice.Lattice, m lattice.Metric, a space.Arch) (checkedArch, error) {
	bins, err := l.Cost(a, m)
	if err != nil {
		return checkedArch{}, err
	}
	foretold, err := strconv.ParseFloat(l.Decimal(m, bins), 64)
	if err != nil {
		return checkedArch{}, err
	}
	macs, err := l.Cost(a, lattice.MACs)
	return checkedArch{Arch: l.Space().Format(a), Foretold: foretold, MACs: macs}, err
}

// compare sums the networks up.
func (f *checkFigures) compare() {
	var foretold, measured, macs, ratios []float64
	for _, c := range f.Each {
		foretold, measured, macs = append(foretold, c.Foretold), append(measured, c.Measured), append(macs, float64(c.MACs))
		if c.Foretold > 0 {
			ratios = append(ratios, c.Measured/c.Foretold)
		}
	}
	f.Pearson, f.Spearman = stat.Correlation(foretold, measured, nil), explain.Spearman(foretold, measured)
	f.MACs = explain.Spearman(macs, measured)
	slices.Sort(ratios)
	if len(ratios) > 0 {
		quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, ratios, nil) }
		f.Ratio, f.Low, f.High = quantile(0.5), quantile(0.1), quantile(0.9)
	}
}

func (f *checkFigures) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `%d networks of %s, measured and foretold
correlation            %.4f
of ranks               %.4f (of MACs with what was measured: %.4f)
measured / foretold    %.3f in the middle, %.3f to %.3f for eight in ten
`, f.Networks, f.Space, f.Pearson, f.Spearman, f.MACs, f.Ratio, f.Low, f.High)
	return err
}
