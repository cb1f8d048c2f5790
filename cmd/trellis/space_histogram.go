package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
)

// mostBins of a histogram: more are not told apart in a picture.
const mostBins = 1000

func newSpaceHistogram(t *terminal.Terminal) *cobra.Command {
	var (
		f     spaceFlags
		cost  costFlag
		score scoreFlag
		bins  int
		out   pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "histogram SPACE",
		Short: "Count and draw how many architectures cost or score how much, also within limits",
		Long: `Histogram counts the architectures that keep the limits by a cost, or by the scores of a file: how rare are good ones? Every count is exact. A score
of very many digits is rounded down at every decision; by how much at most is printed then.`,
		Example: `  trellis space histogram mobile
  trellis space histogram mobile --cost params --bins 40 --max macs=5M --out hist.png
  trellis space histogram mobile --score score.yaml --max macs=10M
  trellis space histogram nb201 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(terminal.InRange("--bins", bins, mostBins), out.check()); err != nil {
				return err
			}
			r, m, off, err := f.counted(t, cmd, args[0], cost, score)
			if err != nil {
				return err
			}
			h, err := r.Histogram(m, bins)
			if err != nil {
				return tooLarge(terminal.Mistake(err))
			}
			p := binned(r, h)
			p.Off = figure(off)
			if err := out.chart(func() (draw.Picture, error) { return draw.Histogram(p.chart(r, h)) }); err != nil {
				return err
			}
			return t.Print(p, p.write)
		},
	}
	f.add(cmd)
	cost.add(cmd)
	score.add(cmd)
	cmd.Flags().IntVar(&bins, "bins", 20, "how many bins of equal width, at most")
	out.add(cmd)
	return cmd
}

// mostScores is how many scores are told apart at most.
const mostScores = 10_000

// counted is the region of a space with the metric that its architectures are counted by: a cost, or the scores of a file, which are less than off
// above what they are counted as.
func (f *spaceFlags) counted(t *terminal.Terminal, cmd *cobra.Command, name string, cost costFlag, score scoreFlag) (r *lattice.CountedRegion, m lattice.Metric, off float64, err error) {
	if score.file == "" {
		if r, err = f.region(t, name); err != nil {
			return nil, "", 0, err
		}
		m, err = cost.metric(r)
		return r, m, 0, err
	}
	if cmd.Flags().Changed("cost") {
		return nil, "", 0, terminal.Mistakef("--cost %s: with --score the scores are counted, and not a cost", cost.name)
	}
	l, s, err := f.compileFor(t, name, score)
	if err != nil {
		return nil, "", 0, err
	}
	if l, m, off, err = l.WithScore(s, mostScores); err != nil {
		return nil, "", 0, terminal.Mistake(err)
	}
	r, err = f.within(l)
	return r, m, off, err
}

// binnedCounts are a histogram as it is printed.
type binnedCounts struct {
	Space  string   `json:"space"`
	Limits []string `json:"limits,omitempty"`
	Cost   string   `json:"cost"`
	Unit   string   `json:"unit,omitempty"`
	Count  string   `json:"count"`         // a string: it may have hundreds of digits
	Off    figure   `json:"off,omitempty"` // scores are less than this above what they are counted as
	Bins   []bin    `json:"bins"`
}

type bin struct {
	Least    json.Number `json:"least"`
	Greatest json.Number `json:"greatest"`
	Count    string      `json:"count"`
	Share    figure      `json:"share"`
	whole    *big.Int
}

func binned(r *lattice.CountedRegion, h lattice.Histogram) binnedCounts {
	out := binnedCounts{Space: r.Space().Name(), Limits: limitsOf(r), Cost: string(h.Metric), Unit: r.Lattice().Unit(h.Metric), Count: r.Count().String()}
	for i, n := range h.Counts {
		share, _ := new(big.Rat).SetFrac(n, r.Count()).Float64()
		out.Bins = append(out.Bins, bin{decimal(r, h.Metric, h.Edges[i]), decimal(r, h.Metric, h.Edges[i+1]-1), n.String(), figure(share), n})
	}
	return out
}

// write prints a line for each bin, with a bar that is as long as the greatest count allows.
func (b binnedCounts) write(w io.Writer) error {
	const longest = 40
	most := 0.0
	for _, x := range b.Bins {
		most = max(most, float64(x.Share))
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "%s\tARCHITECTURES\tSHARE\n", b.heading())
	for _, x := range b.Bins {
		bar := strings.Repeat("#", int(longest*float64(x.Share)/most+0.5))
		share := strings.TrimRight(fmt.Sprintf("%-9s%s", report.Percent(x.Share), bar), " ")
		fmt.Fprintf(tw, "%s\t%s\t%s\n", x.span(), report.BigCount(x.whole), share)
	}
	if err := tw.Flush(); err != nil || b.Off == 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "Scores are rounded down at every decision, by less than %s in all.\n", report.Significant(float64(b.Off), 2))
	return err
}

// heading is the cost with its unit, if it has one.
func (b binnedCounts) heading() string {
	if b.Unit == "" {
		return strings.ToUpper(b.Cost)
	}
	return fmt.Sprintf("%s (%s)", strings.ToUpper(b.Cost), b.Unit)
}

// span is from where to where a bin is: of a bin of one amount, that.
func (b bin) span() string {
	if b.Least == b.Greatest {
		return b.Least.String()
	}
	return fmt.Sprintf("%s to %s", b.Least, b.Greatest)
}

func (b binnedCounts) chart(r *lattice.CountedRegion, h lattice.Histogram) draw.HistogramChart {
	c := draw.HistogramChart{
		Title: titled(r), Cost: costAxis(r, h.Metric),
		Share: draw.Axis{Label: "share of " + report.BigCount(r.Count()) + " architectures", Percent: true},
	}
	for _, e := range h.Edges {
		at, _ := decimal(r, h.Metric, e).Float64()
		c.Edges = append(c.Edges, at)
	}
	for _, x := range b.Bins {
		c.Shares = append(c.Shares, float64(x.Share))
	}
	return c
}
