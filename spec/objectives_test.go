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
		want []search.Goal
	}{
		{"[maximise: accuracy, minimise: macs]", nil},
		{"[maximise: accuracy, {minimise: macs, target: 1M}]", []search.Goal{{Target: 1e6, Exponent: -0.07}}},
		{"[maximise: accuracy, {minimise: macs, target: 1M, hard: true}]", []search.Goal{{Target: 1e6, Exponent: -1, Hard: true}}},
		{"[maximise: accuracy, {minimise: loss, target: 0.25, exponent: -0.2}, {minimise: params, target: 20k}]",
			[]search.Goal{{Target: 0.25, Exponent: -0.2}, {Target: 20e3, Exponent: -0.07}}},
	} {
		if got := parse(t, small+"objectives: "+c.text+"\n").Goals; !reflect.DeepEqual(got, c.want) {
			t.Errorf("the goals of %s are %v, want %v", c.text, got, c.want)
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
		"[maximise: accuracy, {minimise: macs, target: -3}]":                   "target is -3",
		"[maximise: accuracy, {minimise: macs, target: 1M, exponent: 0.07}]":   "exponent is 0.07",
	} {
		_, err := spec.Parse("study.yaml", []byte(small+"objectives: "+text+"\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "study.yaml:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want one with %q", text, err, want)
		}
	}
}
