package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/timing"
)

func newDevice(t *terminal.Terminal) *cobra.Command {
	return terminal.Group("device", "Measure the latency of the operators of a space on this machine",
		`  trellis device measure mobile --out here.yaml
  trellis device check mobile --latency here.yaml -n 100
  trellis space count mobile --latency here.yaml --max latency=2ms`,
		newDeviceMeasure(t), newDeviceCheck(t))
}

// timingFlags say how long to measure.
type timingFlags struct {
	within float64
	most   time.Duration
	rounds int
}

func (f *timingFlags) add(cmd *cobra.Command) {
	cmd.Flags().Float64Var(&f.within, "within", 0.01, "measure until half of the 95% confidence interval of the median is this share of it")
	cmd.Flags().DurationVar(&f.most, "most", time.Second, "time for one measurement at most")
	cmd.Flags().IntVar(&f.rounds, "rounds", 3, "how often everything is measured, in turn; the fastest round counts")
}

func (f *timingFlags) options(cmd *cobra.Command) (timing.Options, error) {
	switch {
	case !(f.within > 0 && f.within < 1):
		return timing.Options{}, terminal.Mistakef("%s: --within is %v; it must be more than 0 and less than 1", cmd.CommandPath(), f.within)
	case f.most <= 0:
		return timing.Options{}, terminal.Mistakef("%s: --most is %v; it must be more than 0s", cmd.CommandPath(), f.most)
	}
	return timing.Options{Within: f.within, Most: f.most}, terminal.InRange("--rounds", f.rounds, 1000)
}

func newDeviceMeasure(t *terminal.Terminal) *cobra.Command {
	var (
		f     timingFlags
		set   []string
		out   string
		fresh bool
	)
	cmd := &cobra.Command{
		Use:   "measure SPACE",
		Short: "Measure every operator of a space on this machine and write a cost file",
		Long: `Measure runs every operator of a space with the inference of the engine, one sample at a time on one thread, until its median is
known well enough or its time runs out, and writes a cost file with median, mean, deviation and number of samples. It goes through all
operators in several rounds, and the fastest of each counts, because other programs can only slow one down. The file is rewritten after
every measurement; what it holds already is not measured again. Leave the machine idle meanwhile.`,
		Example: `  trellis device measure mobile --out here.yaml
  trellis device measure nb201 --out here.yaml --within 0.005 --most 3s`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(cmd)
			if err != nil {
				return err
			}
			if out == "" {
				return terminal.Mistakef("%s: --out FILE is missing: where to write the cost file", cmd.CommandPath())
			}
			if err := needFolder(out); err != nil {
				return err
			}
			l, err := openLattice(args[0], set)
			if err != nil {
				return err
			}
			uses, err := l.Operators()
			if err != nil {
				return err
			}
			var operators []space.Operator
			for _, u := range uses {
				if !u.Operator.Idle() {
					operators = append(operators, u.Operator)
				}
			}
			m := measuring{t: t, file: out, space: l.Space().Name(), options: o, rounds: f.rounds, done: map[string]device.Measured{}}
			if !fresh {
				if err := m.read(operators); err != nil {
					return err
				}
			}
			return m.measure(cmd.Context(), operators)
		},
	}
	addSet(cmd, &set)
	f.add(cmd)
	cmd.Flags().StringVar(&out, "out", "", "the cost `file` to be written, or to be completed")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "measure again what the file holds already")
	cmd.MarkFlagFilename("out", "yaml", "yml")
	return cmd
}

// measuring is a cost file that is being measured.
type measuring struct {
	t       *terminal.Terminal
	file    string
	space   string
	options timing.Options
	rounds  int
	done    map[string]device.Measured
}

// read keeps what the file holds, if there is one.
func (m *measuring) read(operators []space.Operator) error {
	text, err := os.ReadFile(m.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return terminal.Mistake(fmt.Errorf("the cost file cannot be read: %w", err))
	}
	known, err := device.ReadMeasured(m.file, text, operators)
	if err != nil {
		return terminal.Hinted(err, "use --fresh to overwrite the file")
	}
	complete := 0
	for _, k := range known {
		m.done[k.Operator.Key()] = k
		if k.Rounds >= m.rounds {
			complete++
		}
	}
	if complete > 0 {
		fmt.Fprintf(m.t.Err, "%s has %d of %d operators already\n", m.file, complete, len(operators))
	}
	return nil
}

func (m *measuring) measure(ctx context.Context, operators []space.Operator) error {
	bar := terminal.Count(m.t.Err, "measurements", m.rounds*len(operators))
	defer bar.End()
	uncertain := 0
	for round := range m.rounds {
		for _, o := range operators {
			known := m.done[o.Key()]
			if known.Rounds > round {
				bar.Step()
				continue
			}
			f, err := timing.Measure(ctx, o.Graph, m.options)
			if ctx.Err() != nil && len(m.done) > 0 {
				bar.End()
				fmt.Fprintf(m.t.Err, "\nstopped; %s holds what was measured, and the same command goes on\n", m.file)
				return terminal.ErrInterrupted
			}
			if err != nil {
				return err
			}
			if f.Within > m.options.Within {
				uncertain++
			}
			m.done[o.Key()] = known.With(device.Measured{Operator: o, Median: f.Median, Mean: f.Mean, Deviation: f.Deviation, Count: f.Count})
			if err := m.write(operators); err != nil {
				return err
			}
			bar.Step()
		}
	}
	if err := m.write(operators); err != nil {
		return err
	}
	bar.End()
	if uncertain > 0 {
		fmt.Fprintf(m.t.Err, "note: the medians of %d measurements are less certain than asked, because their time ran out; allow more with --most\n", uncertain)
	}
	out := struct {
		File      string  `json:"file"`
		Operators int     `json:"operators"`
		Least     float64 `json:"least_ms"`
		Greatest  float64 `json:"greatest_ms"`
	}{File: m.file, Operators: len(operators)}
	for i, o := range operators {
		median := m.done[o.Key()].Median
		if i == 0 || median < out.Least {
			out.Least = median
		}
		out.Greatest = max(out.Greatest, median)
	}
	return m.t.Print(out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s: %d operators, of %.4g to %.4g ms each\n", out.File, out.Operators, out.Least, out.Greatest)
		return err
	})
}

// write rewrites the file.
func (m *measuring) write(operators []space.Operator) error {
	var rows []device.Measured
	for _, o := range operators {
		if r, ok := m.done[o.Key()]; ok {
			rows = append(rows, r)
		}
	}
	text := device.CostFile(rows, fmt.Sprintf("The operators of space %s on this machine, with the kernels %s: milliseconds of one sample on one thread.", m.space, kernel.Name()))
	return files.Write(m.file, text)
}
