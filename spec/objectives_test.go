package spec_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/spec"
)

func TestObjectivesAfterTheFirstMayHaveTargets(t *testing.T) {
	for _, c := range []struct {
		text string
		want []search.Target
	}{
		{"[maximise: accuracy, minimise: macs]", nil},
		{"[maximise: accuracy, {minimise: macs, target: 1M}]", []search.Target{{Value: 1e6, Exponent: -0.07}}},
		{"[maximise: accuracy, {minimise: macs, target: 1M, hard: true}]", []search.Target{{Value: 1e6, Exponent: -1, Hard: true}}},
		{"[maximise: accuracy, {minimise: loss, target: 0.25, exponent: -0.2}, {minimise: params, target: 20k}]",
			[]search.Target{{Value: 0.25, Exponent: -0.2}, {Value: 20e3, Exponent: -0.07}}},
	} {
		if got := plan(t, parse(t, small+"objectives: "+c.text+"\n")).Scalarization; !reflect.DeepEqual(got, c.want) {
			t.Errorf("the targets of %s are %v, want %v", c.text, got, c.want)
		}
	}
}

func TestAWrongTargetIsToldAtItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"[{maximise: accuracy, target: 0.9}, minimise: macs]":                  "the first objective is what is traded for the others",
		"[minimise: loss, {minimise: macs, target: 1M}]":                       "a target needs a first objective that is maximised",
		"[maximise: accuracy, minimise: params, {minimise: macs, target: 1M}]": "macs has a target and params has none",
		"[maximise: accuracy, {minimise: macs, target: 1M}, minimise: params]": `"target"`,
		"[maximise: accuracy, {minimise: macs, hard: true}]":                   "hard says how a target counts, and macs has none",
		"[maximise: accuracy, {minimise: macs, target: -3}]":                   "target is -3; it must be more than 0",
		"[maximise: accuracy, {minimise: macs, target: 6ms}]":                  `target: "6ms" is not a count of at least 1`,
		"[maximise: accuracy, {minimise: memory, target: 6ms}]":                `target: "6ms" is no memory`,
		"[maximise: accuracy, {minimise: loss, target: little}]":               `target is "little", want a number`,
		"[maximise: accuracy, {minimise: loss, target: .inf}]":                 `target is ".inf", want a number`,
		"[maximise: accuracy, {minimise: macs, target: 1M, exponent: 0.07}]":   "exponent is 0.07",
	} {
		f, err := spec.Parse("study.yaml", []byte(small+"objectives: "+text+"\n"))
		if err == nil {
			_, err = f.Plan("")
		}
		if err == nil || !strings.HasPrefix(err.Error(), "study.yaml:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want one with %q", text, err, want)
		}
	}
}

func TestATargetIsWrittenAsALimitIs(t *testing.T) {
	for _, c := range []struct {
		metric, amount string
		want           float64
	}{
		{"latency", "1.3ms", 1.3}, {"latency", "1300us", 1.3}, {"latency", "1.3", 1.3}, {"latency", "0.0013s", 1.3},
		{"memory", "5KiB", 5 * 1024}, {"memory", "5000", 5000}, {"memory", "5k", 5000}, {"memory", "5kB", 5000},
		{"depth", "2", 2}, {"count(k5)", "1", 1}, {"params", "1.5k", 1500}, {"macs", "1M", 1e6},
	} {
		objectives := "objectives: [maximise: accuracy, {minimise: " + c.metric + ", target: " + c.amount + "}]\n"
		limits := "limits: {" + c.metric + ": " + c.amount + "}\n"
		if c.metric == "params" || c.metric == "macs" || c.metric == "memory" {
			limits = "limits: {" + c.metric + ": {max: " + c.amount + "}}\n"
		}
		p := plan(t, first(opened(t, mobile+objectives+limits)))
		if got := p.Scalarization[0].Value; got != c.want {
			t.Errorf("the target of %s of %s is %v, want %v", c.amount, c.metric, got, c.want)
		}
	}
}

func TestALimitThatTheLatticeHasNoRoomForIsToldAtItsPlace(t *testing.T) {
	text := mobile + "limits:\n  latency: {min: 1.25}\n  depth: {min: 2}\n  count(k3): {min: 1}\n  count(k5): {min: 1}\n"
	_, err := first(opened(t, text)).Plan("")
	if err == nil || !strings.Contains(err.Error(), `study.yaml:13:20: count(k5): the lattice of space "phone" has 8 metrics already`) {
		t.Errorf("the error is %v", err)
	}
}
