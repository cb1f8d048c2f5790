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
		cost  costFlag
		out   pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "front SPACE --score FILE",
		Short: "Print and draw the exact front of a cost against an additive score",
		Long: `Front prints the architectures that no other one within the limits beats: none scores as much and costs less, or costs as much and
scores more. Of equal ones it prints one. The front is complete and exact.`,
		Example: `  trellis space front mobile --score score.yaml
  trellis space front mobile --score score.yaml --cost params --max macs=10M --out front.svg`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := score.need(cmd); err != nil {
				return err
			}
			m, err := cost.metric()
			if err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			r, err := f.region(args[0])
			if err != nil {
				return err
			}
			s, err := score.read(r)
			if err != nil {
				return err
			}
			front, err := r.Front(m, s.Of)
			if err != nil {
				return tooLarge(err)
			}
			points := make([]scored, len(front))
			for i, p := range front {
				if points[i], err = describeScored(r, p.Arch, s.Value(p.Score)); err != nil {
					return err
				}
			}
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, m, points)) }); err != nil {
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

func frontChart(r *lattice.Region, m lattice.Metric, front []scored) draw.FrontChart {
	c := draw.FrontChart{Title: titled(r), Cost: costAxis(m), Score: draw.Axis{Label: "score"}, Maximise: true}
	for _, p := range front {
		cost := p.MACs
		if m == lattice.Params {
			cost = p.Params
		}
		c.Front = append(c.Front, draw.Point{X: float64(cost), Y: p.Score})
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
