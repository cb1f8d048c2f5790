package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func newSpaceFront(t *terminal.Terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		cost  frontFlags
		out   pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "front SPACE --score FILE",
		Short: "Print and draw the exact front of a cost against a score",
		Long: `Front prints the non-dominated architectures within the limits: no other one scores as much and costs less, or costs as much and scores
more. Of equal ones it prints one. The front is complete and exact. With --and COST it is the front of three objectives: of two
costs and the score. Where it is too large, --slack thins it by a stated error of the score.`,
		Example: `  trellis space front mobile --score score.yaml
  trellis space front mobile --score score.yaml --cost params --max macs=10M --out front.svg
  trellis space front mobile --score score.yaml --cost params --and macs --slack 0.5`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := score.need(cmd); err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			r, s, err := f.ranked(t, args[0], score)
			if err != nil {
				return err
			}
			of, err := cost.metrics(r)
			if err != nil {
				return err
			}
			front, err := cost.front(r, of, s)
			if err != nil {
				return err
			}
			points := make([]explain.Scored, len(front))
			drawn := make([]lattice.FrontPoint, len(front))
			for i, p := range front {
				if points[i], err = describeScored(r, p.arch, s.Value(p.score)); err != nil {
					return err
				}
				for j, m := range of {
					points[i].AddCost(r, m, p.costs[j])
				}
				drawn[i] = lattice.FrontPoint{Arch: p.arch, Cost: p.costs[0], Score: float64(points[i].Score)}
			}
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, of[0], drawn)) }); err != nil {
				return err
			}
			return t.Print(points, func(w io.Writer) error {
				tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				table := tableOf(r, of...)
				fmt.Fprintln(tw, table.heading())
				for _, p := range points {
					fmt.Fprintln(tw, table.cells(p))
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
	terminal.Complete(cmd, "and", lattice.NamedMetrics(), cobra.ShellCompDirectiveNoFileComp)
	cmd.Flags().Float64Var(&f.slack, "slack", 0, "fewer points: scores may be less by this much than on the exact front, at the same costs")
}

// frontPoint is a point of a front of one cost or two.
type frontPoint struct {
	arch  space.Arch
	costs []int64
	score float64
}

// metrics are the costs of the front, one or two.
func (f *frontFlags) metrics(r explain.Feasible) ([]lattice.Metric, error) {
	m, err := f.metric(r)
	if err != nil || f.second == "" {
		return []lattice.Metric{m}, err
	}
	second, err := metricOf(r.Lattice(), f.second)
	if err != nil {
		return nil, terminal.Mistakef("--and %s: %w", f.second, err)
	}
	if second == m {
		return nil, terminal.Mistakef("--and %s: that is the --cost already; want another", f.second)
	}
	return []lattice.Metric{m, second}, nil
}

// front returns the points of the front of some metrics.
func (f *frontFlags) front(r *lattice.FeasibleSet, of []lattice.Metric, s lattice.Score) ([]frontPoint, error) {
	if !(f.slack >= 0) {
		return nil, terminal.Mistakef("--slack %v: want at least 0", f.slack)
	}
	slack := f.slack / s.Value(1)
	var out []frontPoint
	if len(of) == 1 {
		front, err := r.FrontNear(of[0], s.Of, slack)
		for _, p := range front {
			out = append(out, frontPoint{p.Arch, []int64{p.Cost}, p.Score})
		}
		return out, tooLarge(terminal.Mistake(err))
	}
	surface, err := r.Surface([2]lattice.Metric(of), s.Of, slack)
	for _, p := range surface {
		out = append(out, frontPoint{p.Arch, p.Costs[:], p.Score})
	}
	return out, tooLarge(terminal.Mistake(err))
}

func frontChart(r explain.Feasible, m lattice.Metric, front []lattice.FrontPoint) draw.FrontChart {
	c := draw.FrontChart{Title: titled(r), Cost: costAxis(r, m), Score: draw.Axis{Label: "score"}, Maximise: true}
	for _, p := range front {
		cost, _ := decimal(r, m, p.Cost).Float64()
		c.Front = append(c.Front, draw.Point{X: cost, Y: p.Score})
	}
	return c
}

// costAxis names a cost as people do, with its unit.
func costAxis(r explain.Feasible, m lattice.Metric) draw.Axis {
	label := string(m)
	if m == lattice.MACs {
		label = "MACs"
	}
	if unit := r.Lattice().Unit(m); unit != "" {
		label += ", " + unit
	}
	return draw.Axis{Label: label}
}

// titled is the title of a picture of a region: its space and its limits.
func titled(r explain.Feasible) string {
	return strings.Join(append([]string{r.Space().Name()}, limitsOf(r)...), ", ")
}
