package main

import (
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/report"
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

// margin is how many columns the words before paragraphs take, and textWidth how many a line takes at most.
const margin, textWidth = 11, 110

// paragraph writes a text behind a word, in as many lines as it needs.
func paragraph(w io.Writer, word, text string) {
	for _, line := range lines(strings.Fields(text), " ", textWidth-margin) {
		fmt.Fprintf(w, "%-*s%s\n", margin, word, line)
		word = ""
	}
}

// write prints tables: the fit first, for nothing below is truer than that.
func (e explained) write(w io.Writer) error {
	if e.Surrogate != nil {
		e.Surrogate.write(w)
	}
	within := ""
	if len(e.Limits) > 0 {
		within = " within " + strings.Join(e.Limits, " and ")
	}
	paragraph(w, "mean", fmt.Sprintf("%s%s over the %s architectures of %s%s; standard deviation %s",
		e.measure.value(e.Mean), e.plusMinus(e.MeanError), e.count(), e.Space, within, e.measure.difference(e.Deviation)))
	paragraph(w, "best", fmt.Sprintf("%s%s%s, %s MACs, %s params", e.measure.value(e.Best.Score), e.plusMinus(e.Best.Error), e.tried(),
		report.ShortCount(float64(e.Best.MACs)), report.ShortCount(float64(e.Best.Params))))
	fmt.Fprintf(w, "%*s%s\n", margin, "", e.Best.Arch)
	if e.Deviation > 0 {
		paragraph(w, "because", e.because())
	}
	for _, table := range []func(io.Writer){e.writeDecisions, e.writePairs, e.writeCounters, e.writePrices} {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		table(tw)
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// count is the number of architectures for people.
func (e explained) count() string {
	n, _ := new(big.Int).SetString(e.Count, 10)
	return report.BigCount(n)
}

// plusMinus is the standard error of a value, if there is one.
func (e explained) plusMinus(deviation figure) string {
	if deviation == 0 {
		return ""
	}
	return strings.TrimRight(" ± "+e.measure.error(deviation)+" "+e.measure.unit(), " ")
}

// tried says what was measured of the best architecture, or of the best trial.
func (e explained) tried() string {
	switch {
	case e.Surrogate == nil:
		return ""
	case e.Best.Trial == nil:
		return fmt.Sprintf(" predicted (not tried; the best trial, %d, measured %s)", e.Surrogate.Best.ID, e.measure.value(e.Surrogate.Best.Value))
	}
	return fmt.Sprintf(" predicted (trial %d measured %s)", e.Best.Trial.ID, e.measure.value(e.Best.Trial.Value))
}

// because says what makes the best architecture better than the mean of all.
func (e explained) because() string {
	var words []string
	rest := figure(0)
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
func (e explained) precision() int {
	greatest := figure(0)
	var deviations []figure
	for _, d := range e.Decisions {
		for _, o := range d.Options {
			if o.Probability > 0 {
				greatest, deviations = max(greatest, o.Effect.size()), append(deviations, o.Error)
			}
		}
	}
	slices.Sort(deviations)
	if n := len(deviations); n > 0 && deviations[n/2] > 0 {
		return e.measure.decimals(deviations[n/2], 2)
	}
	return e.measure.decimals(greatest, 3)
}

func (e explained) writeDecisions(w io.Writer) {
	if e.Deviation == 0 {
		fmt.Fprintln(w, "\nAll of them score the same, so that no decision explains anything.")
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
		for _, line := range lines(e.options(d), "  ", effectsWidth) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", decision, share, alone, line)
			decision, share, alone = "", "", ""
		}
	}
	if rest := e.Decisions[len(few):]; len(rest) > 0 {
		sum := figure(0)
		for _, d := range rest {
			sum += d.Share
		}
		fmt.Fprintf(w, "%d others\t%s\t\ttogether; --all shows them\n", len(rest), e.share(sum, 0))
	}
	fmt.Fprintln(w, "SHARE: of the variance of the score (Shapley value); all add up to 100%. ALONE: of the variance, what the options explain without")
	fmt.Fprintln(w, "other decisions. EFFECT: the mean of all architectures with the option, less the mean of all.")
	if negative {
		fmt.Fprintln(w, "A share is below 0 where a decision mostly offsets others: the limits tie them together.")
	}
	if e.Surrogate != nil {
		fmt.Fprintln(w, "±: one standard error over the trials (jackknife); an effect within two of them may well be none.")
	}
}

// share writes a share with its standard error.
func (e explained) share(of, deviation figure) string {
	s := fixed(float64(100*of), 1) + "%"
	if deviation > 0 {
		s += " ± " + fixed(float64(100*deviation), 1)
	}
	return s
}

// options are the effects of the options of a decision, in its order: without --all the greatest.
func (e explained) options(d explainedDecision) []string {
	var met []explainedOption
	for _, o := range d.Options {
		if o.Probability > 0 {
			met = append(met, o)
		}
	}
	if len(met) == 1 && len(d.Options) > 1 {
		return []string{"only " + met[0].Option}
	}
	least := figure(0)
	if !e.all && len(met) > fewOptions {
		sizes := make([]figure, len(met))
		for i, o := range met {
			sizes[i] = o.Effect.size()
		}
		slices.Sort(sizes)
		least = sizes[len(sizes)-fewOptions]
	}
	var out []string
	left := 0
	for _, o := range met {
		if o.Effect.size() < least {
			left++
			continue
		}
		out = append(out, o.Option+" "+e.measure.effect(o.Effect, o.Error, e.precision()))
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("and %d less", left))
	}
	return out
}
