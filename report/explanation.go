package report

import (
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/trial"
)

// What is printed without --all: the decisions and pairs that matter most, and of a decision the options of the greatest effects.
const (
	fewDecisions = 10
	fewOptions   = 6
	fewPairs     = 10
	fewNumbers   = 15

	fewContributions = 5
)

// effectsWidth is how many columns the effects of the options of a decision take at most.
const effectsWidth = 100

// margin is how many columns the labels before paragraphs take, and textWidth how many a line takes at most.
const margin, textWidth = 11, 110

func paragraph(w io.Writer, label, text string) { layout.Paragraph(w, label, text, margin, textWidth) }

// explanation is an explanation that is written as text.
type explanation struct {
	explain.Explanation
	measure measure
	all     bool // options, pairs and decisions are written, however little they do
}

// WriteExplanation prints an explanation as tables, the fit first, for nothing below is truer than that; with all every decision, option and
// pair, however little it does.
func WriteExplanation(w io.Writer, of explain.Explanation, all bool) error {
	e := explanation{of, measureOf(of), all}
	if e.Surrogate != nil {
		writeSurrogate(w, *e.Surrogate)
	}
	within := ""
	if len(e.Limits) > 0 {
		within = " within " + strings.Join(e.Limits, " and ")
	}
	paragraph(w, "mean", fmt.Sprintf("%s%s over the %s architectures of %s%s; standard deviation %s",
		e.measure.value(e.Mean), e.plusMinus(e.MeanError), e.count(), e.Space, within, e.measure.difference(e.Deviation)))
	paragraph(w, "best", fmt.Sprintf("%s%s%s, %s MACs, %s params", e.measure.value(e.Best.Score), e.plusMinus(e.Best.Error), e.tried(),
		trial.ShortCount(float64(e.Best.MACs)), trial.ShortCount(float64(e.Best.Params))))
	fmt.Fprintf(w, "%*s%s\n", margin, "", e.Best.Arch)
	if e.Deviation > 0 {
		paragraph(w, "because", e.because())
	}
	for _, table := range []func(io.Writer){e.writeDecisions, e.writePairs, e.writeCounters, e.writeLimits} {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		table(tw)
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// count is the number of architectures for people.
func (e explanation) count() string {
	n, _ := new(big.Int).SetString(e.Count, 10)
	return BigCount(n)
}

// plusMinus is the standard error of a value, if there is one.
func (e explanation) plusMinus(deviation explain.Figure) string {
	if deviation == 0 {
		return ""
	}
	return strings.TrimRight(" ± "+e.measure.error(deviation)+" "+e.measure.unit(), " ")
}

// tried says what was measured of the best architecture, or of the best trial.
func (e explanation) tried() string {
	switch {
	case e.Surrogate == nil:
		return ""
	case e.Best.Trial == nil:
		return fmt.Sprintf(" predicted (not tried; the best trial, %d, measured %s)", e.Surrogate.Best.ID, e.measure.value(e.Surrogate.Best.Value))
	}
	return fmt.Sprintf(" predicted (trial %d measured %s)", e.Best.Trial.ID, e.measure.value(e.Best.Trial.Value))
}

// because says what makes the best architecture better than the mean of all.
func (e explanation) because() string {
	var words []string
	rest := explain.Figure(0)
	for i, c := range e.Best.Contributions {
		if !e.all && i >= fewContributions && len(e.Best.Contributions) > fewContributions+1 {
			rest += c.Adds
			continue
		}
		name := c.Decision
		if c.Option != "" {
			name += "=" + c.Option
		}
		words = append(words, name+" "+e.measure.change(c.Adds))
	}
	said := strings.Join(words, ", ")
	if n := len(e.Best.Contributions) - len(words); n > 0 {
		said += fmt.Sprintf(", %d others %s", n, e.measure.change(rest))
	}
	if unit := e.measure.unit(); unit != "" {
		said += " " + unit
	}
	return said + " beyond the mean"
}

// precision is with how many decimals effects are printed: so that the median of their standard errors has two digits, or the greatest effect three.
func (e explanation) precision() int {
	greatest := explain.Figure(0)
	var deviations []explain.Figure
	for _, d := range e.Decisions {
		for _, o := range d.Options {
			if o.Probability > 0 {
				greatest, deviations = max(greatest, o.Effect.Size()), append(deviations, o.Error)
			}
		}
	}
	slices.Sort(deviations)
	if n := len(deviations); n > 0 && deviations[n/2] > 0 {
		return e.measure.decimals(deviations[n/2], 2)
	}
	return e.measure.decimals(greatest, 3)
}

func (e explanation) writeDecisions(w io.Writer) {
	if e.Deviation == 0 {
		fmt.Fprintln(w, "\nAll architectures score the same: no decision explains anything.")
		return
	}
	fmt.Fprintf(w, "\nDECISION\tSHARE\tALONE\t%s\n", e.measure.in("EFFECTS OF ITS OPTIONS"))
	few := e.Decisions
	if !e.all && len(few) > fewDecisions+1 {
		few = few[:fewDecisions]
	}
	negative := false
	for _, d := range few {
		decision, share, alone := d.Decision, e.share(d.Share, d.ShareError), e.share(d.Alone, d.AloneError)
		negative = negative || strings.HasPrefix(share, "-")
		for _, line := range layout.Lines(e.options(d), "  ", effectsWidth) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", decision, share, alone, line)
			decision, share, alone = "", "", ""
		}
	}
	if rest := e.Decisions[len(few):]; len(rest) > 0 {
		sum := explain.Figure(0)
		for _, d := range rest {
			sum += d.Share
		}
		fmt.Fprintf(w, "%d others\t%s\t\ttogether; --all shows them\n", len(rest), e.share(sum, 0))
	}
	fmt.Fprintln(w, "SHARE: of the variance of the score (Shapley value); all add up to 100%. ALONE: of the variance, what the options explain without")
	fmt.Fprintln(w, "other decisions. EFFECT: the mean of all architectures with the option, less the mean of all.")
	if negative {
		fmt.Fprintln(w, "A share is below 0 where a decision mostly offsets others that the limits tie it to.")
	}
	if e.Surrogate != nil {
		fmt.Fprintln(w, "±: one standard error over the trials (jackknife); an effect within two of them may be zero.")
	}
}

// share writes a share with its standard error.
func (e explanation) share(of, deviation explain.Figure) string {
	s := fixed(float64(100*of), 1) + "%"
	if deviation > 0 {
		s += " ± " + fixed(float64(100*deviation), 1)
	}
	return s
}

// options are the effects of the options of a decision, in its order: without --all the greatest.
func (e explanation) options(d explain.DecisionEffects) []string {
	var met []explain.OptionEffect
	for _, o := range d.Options {
		if o.Probability > 0 {
			met = append(met, o)
		}
	}
	if len(met) == 1 && len(d.Options) > 1 {
		return []string{"only " + met[0].Option}
	}
	least := explain.Figure(0)
	if !e.all && len(met) > fewOptions {
		sizes := make([]explain.Figure, len(met))
		for i, o := range met {
			sizes[i] = o.Effect.Size()
		}
		slices.Sort(sizes)
		least = sizes[len(sizes)-fewOptions]
	}
	var out []string
	left := 0
	for _, o := range met {
		if o.Effect.Size() < least {
			left++
			continue
		}
		out = append(out, o.Option+" "+e.measure.effect(o.Effect, o.Error, e.precision()))
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("and %d smaller", left))
	}
	return out
}

// kindNames name the kinds of surrogates in a sentence.
var kindNames = map[string]string{explain.Additive: "a number for each option", explain.Pairs: "a number for each pair of neighbouring options"}

// writeSurrogate prints what the surrogate is fitted to, how well it fits, and why it was chosen.
func writeSurrogate(w io.Writer, s explain.FittedSurrogate) {
	failed := ""
	if s.Failed > 0 {
		failed = fmt.Sprintf(", %d failed ones left out", s.Failed)
	}
	less := ""
	if s.LessIsBetter {
		less = " (less is better)"
	}
	paragraph(w, "surrogate", fmt.Sprintf("of %s%s (%s): %s, fitted to %s%s", s.Objective, less, s.Fidelity, kindNames[s.Kind], Several(s.Fit.Trials, "trial"), failed))
	paragraph(w, "fit", fmt.Sprintf("R² %.3f, leave-one-out R² %.3f, rank correlation %.3f, ridge penalty %g", s.Fit.R2, s.Fit.LeaveOneOut, s.Fit.Spearman, s.Fit.Ridge))
	switch {
	case s.Fit.LeaveOneOut <= 0:
		paragraph(w, "", "the surrogate predicts trials that it has not seen no better than their mean does: what follows is not reliable")
	case s.HardlyPredicts:
		paragraph(w, "", fmt.Sprintf("the surrogate hardly predicts trials that it has not seen (leave-one-out R² below %g): read what follows with care", s.Threshold))
	}
	if s.Instead != nil {
		paragraph(w, "choice", whyNot(*s.Instead, s.Kind))
	}
}

// whyNot says why a surrogate was not chosen.
func whyNot(a explain.Alternative, chosen string) string {
	said := fmt.Sprintf("%s has leave-one-out R² %.3f: pairs gain %s ± %.3f", kindNames[a.Kind], a.Fit.LeaveOneOut, plussed(fixed(a.Gain, 3)), a.Error)
	if chosen == explain.Pairs {
		return said + ", more than one standard error, so pairs are chosen"
	}
	return said + ", not more than one standard error, so the simpler one is chosen"
}
