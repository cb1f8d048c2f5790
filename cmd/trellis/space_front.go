package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/lattice"
)

func newSpaceFront(t *terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		cost  frontFlags
		out   pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "front SPACE --score FILE",
		Short: "Print and draw the exact front of a cost against a score",
		Long: `Front prints the architectures that no other one within the limits beats: none scores as much and costs less, or costs as much and
scores more. Of equal ones it prints one. The front is complete and exact. With --and COST it is the front of three objectives: of two
costs and the score. Where it is too large, --slack thins it by a stated error of the score.`,
		Example: `  trellis space front mobile --score score.yaml
  trellis space front mobile --score score.yaml --cost params --max macs=10M --out front.svg
  trellis space front mobile --score score.yaml --cost params --and macs --slack 0.5`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := score.need(cmd); err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			r, s, err := f.scored(t, args[0], score)
			if err != nil {
				return err
			}
			m, err := cost.metric(r)
			if err != nil {
				return err
			}
			front, err := cost.front(r, m, s)
			if err != nil {
				return err
			}
			points := make([]scored, len(front))
			for i, p := range front {
				if points[i], err = describeScored(r, p.Arch, s.Value(p.Score)); err != nil {
					return err
				}
				front[i].Score = points[i].Score
			}
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, m, front)) }); err != nil {
				return err
			}
			return t.print(points, func(w io.Writer) error {
				tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				fmt.Fprintln(tw, "SCORE\tMACS\tPARAMS\tARCHITECTURE")
				for _, p := range points {
					fmt.Fprintln(tw, p.cells())
				}
				return tw.Flush()
			})
		},
	}
	f.add(cmd)
	score.add(cmd)
	cost.add(cmd)
	out.add(cmd)
	return cmd
}

// frontFlags choose the objectives of a front beside the score.
type frontFlags struct {
	costFlag
	second string
	slack  float64
}

func (f *frontFlags) add(cmd *cobra.Command) {
	f.costFlag.add(cmd)
	cmd.Flags().StringVar(&f.second, "and", "", "a second `cost`: the front of three objectives")
	cmd.Flags().Float64Var(&f.slack, "slack", 0, "fewer points: scores may be less by this much than on the exact front, at the same costs")
}

// front returns the points of the front, in any case with the first cost.
func (f *frontFlags) front(r *lattice.Region, m lattice.Metric, s lattice.Score) ([]lattice.Trade, error) {
	if !(f.slack >= 0) {
		return nil, wrongf("--slack %v: want at least 0", f.slack)
	}
	slack := f.slack / s.Value(1)
	if f.second == "" {
		front, err := r.FrontNear(m, s.Of, slack)
		return front, tooLarge(wrong(err))
	}
	second, err := metricOf(r.Lattice(), f.second)
	if err != nil {
		return nil, wrongf("--and %s: %w", f.second, err)
	}
	surface, err := r.Surface([2]lattice.Metric{m, second}, s.Of, slack)
	if err != nil {
		return nil, tooLarge(wrong(err))
	}
	front := make([]lattice.Trade, len(surface))
	for i, p := range surface {
		front[i] = lattice.Trade{Arch: p.Arch, Cost: p.Costs[0], Score: p.Score}
	}
	return front, nil
}

func frontChart(r *lattice.Region, m lattice.Metric, front []lattice.Trade) draw.FrontChart {
	c := draw.FrontChart{Title: titled(r), Cost: costAxis(m), Score: draw.Axis{Label: "score"}, Maximise: true}
	for _, p := range front {
		cost, _ := decimal(r, m, p.Cost).Float64()
		c.Front = append(c.Front, draw.Point{X: cost, Y: p.Score})
	}
	return c
}

// costAxis names a cost as people do.
func costAxis(m lattice.Metric) draw.Axis {
	if m == lattice.MACs {
		return draw.Axis{Label: "MACs"}
	}
	return draw.Axis{Label: string(m)}
}

// titled is the title of a picture of a region: its space and its limits.
func titled(r *lattice.Region) string {
	return strings.Join(append([]string{r.Space().Name()}, limitsOf(r)...), ", ")
}
