package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/trial"
)

func newSpaceMarginals(t *terminal.Terminal) *cobra.Command {
	var (
		f    spaceFlags
		by   distributionFlags
		with string
	)
	cmd := &cobra.Command{
		Use:   "marginals SPACE",
		Short: "Print the probability of each option of each decision, by a score, within limits",
		Long: `Marginals prints how often each option of each decision is taken by the architectures that keep the limits: all with the same
probability or, with --score, each with a probability proportional to exp(score / temperature). The options of a decision that not every
architecture meets, such as the kernel of a block that may be left out, have less than 100% together. The entropy says how spread
out the distribution is: exp(entropy) architectures of equal probability have the same.`,
		Example: `  trellis space marginals mobile
  trellis space marginals mobile --max params=50k          what small networks are made of
  trellis space marginals mobile --score score.yaml --temperature 0.1 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := by.check(cmd); err != nil {
				return err
			}
			r, score, err := by.region(t, f, args[0])
			if err != nil {
				return err
			}
			out := spread{Space: r.Space().Name(), Limits: limitsOf(r), Count: r.Count().String(), count: report.BigCount(r.Count())}
			g := r.Gibbs(score.Tempered(by.temperature))
			out.add(inOrder(r.Lattice(), g.Marginals()))
			out.Entropy = figure(g.Entropy())
			if by.file != "" {
				mean := figure(score.Value(g.Mean(score.Of)))
				out.Score, out.Temperature = &mean, by.temperature
			}
			if with != "" {
				if out.Joints, err = jointly(g, with); err != nil {
					return terminal.Mistakef("--with %s: %w", with, err)
				}
			}
			return t.Print(out, out.write)
		},
	}
	f.add(cmd)
	by.add(cmd)
	cmd.Flags().StringVar(&with, "with", "", "also the joint probabilities with every option of this `decision`")
	return cmd
}

// spread is a distribution over a region as it is printed.
type spread struct {
	Space       string     `json:"space"`
	Limits      []string   `json:"limits,omitempty"`
	Count       string     `json:"count"` // a string: it may have hundreds of digits
	Temperature float64    `json:"temperature,omitempty"`
	Score       *figure    `json:"score,omitempty"` // on average
	Entropy     figure     `json:"entropy"`         // in nats
	Decisions   []marginal `json:"decisions"`
	Joints      []joint    `json:"joints,omitempty"`
	count       string
}

// joint are the joint probabilities with an option.
type joint struct {
	Option    string     `json:"option"`
	Decisions []marginal `json:"decisions"`
}

// jointly returns the pairwise marginals of a decision.
func jointly(g *lattice.Gibbs, decision string) ([]joint, error) {
	all, err := g.Joints(decision)
	var out []joint
	for _, j := range all {
		together := spread{}
		together.add(j.With)
		out = append(out, joint{decision + "=" + j.Option, together.Decisions})
	}
	return out, err
}

type marginal struct {
	Decision string   `json:"decision"`
	Met      figure   `json:"met"`
	Options  []chance `json:"options"`
}

type chance struct {
	Option      string `json:"option"`
	Probability figure `json:"probability"`
}

// inOrder returns the marginals in the order in which derivations meet the decisions: steps lead to items of lower number.
func inOrder(l *lattice.Lattice, all []lattice.Marginal) []lattice.Marginal {
	first := map[string]int{}
	lattice.Fold(l, lattice.Boolean{}, func(s lattice.Step) bool {
		first[s.Decision] = max(first[s.Decision], s.Item)
		return true
	})
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b lattice.Marginal) int { return cmp.Compare(first[b.Decision], first[a.Decision]) })
	return out
}

func (s *spread) add(all []lattice.Marginal) {
	for _, m := range all {
		d := marginal{Decision: m.Decision, Met: figure(min(1, m.Met()))}
		for i, o := range m.Options {
			d.Options = append(d.Options, chance{o, figure(min(1, m.Probability[i]))})
		}
		s.Decisions = append(s.Decisions, d)
	}
}

func (s spread) write(w io.Writer) error {
	for _, j := range s.Joints {
		if err := writeDecisions(w, j.Option, j.Decisions); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if err := writeDecisions(w, "DECISION", s.Decisions); err != nil {
		return err
	}
	return s.writeSums(w)
}

// writeDecisions prints a line for each decision.
func writeDecisions(w io.Writer, head string, decisions []marginal) error {
	l := layout.List{Gap: "  "}
	l.Text("OPTIONS", head, "MET")
	for _, d := range decisions {
		var options []string
		for _, o := range d.Options {
			options = append(options, o.Option+" "+report.Percent(o.Probability))
		}
		l.Add(options, d.Decision, report.Percent(d.Met))
	}
	return l.Write(w, terminal.Width(w))
}

// writeSums prints what is true of the distribution as a whole.
func (s spread) writeSums(w io.Writer) error {
	fmt.Fprintf(w, "\narchitectures  %s\n", s.count)
	if s.Score != nil {
		fmt.Fprintf(w, "score          %s on average, at temperature %s\n", number(*s.Score), number(s.Temperature))
	}
	_, err := fmt.Fprintf(w, "entropy        %s nats: as spread out as %s architectures of equal probability\n", number(s.Entropy), equallyMany(float64(s.Entropy)))
	return err
}

// equallyMany prints exp(entropy) with three digits; it may be beyond float64.
func equallyMany(entropy float64) string {
	if entropy < math.Log(9.99e14) {
		return trial.ShortCount(math.Exp(entropy))
	}
	whole, part := math.Modf(entropy / math.Ln10)
	return fmt.Sprintf("%.2f · 10^%.0f", math.Pow(10, part), whole)
}
