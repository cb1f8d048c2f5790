package trellis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// fileStudy returns the study of a study file.
func fileStudy(t *testing.T, text string) trellis.Study {
	t.Helper()
	file, err := spec.Parse("study.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Plan("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := plan.Study(spec.Run{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// searched returns the proposals and results of what is no finalist and no baseline.
func searched(lines []string) []string {
	var out []string
	for _, line := range lines {
		final := strings.Contains(line, `"stage":"finalists"`) || strings.Contains(line, `"stage":"baselines"`)
		if kind, _, _ := strings.Cut(line, " "); !final && (kind == store.TrialProposed{}.Kind() || kind == store.StageOpened{}.Kind()) {
			out = append(out, line)
		}
	}
	return out
}

func TestAStudyFileAndItsTwinInGoProposeTheSame(t *testing.T) {
	const head = `trellis: 1
name: twin
seed: 5
data: {kind: glyphs, classes: digits, size: 16, train: 64, validation: 20, test: 20}
space: {use: mobile, stem: 4, kernel: [3, 5], expand: [1, 2], se: [0], act: [relu], stages: [{width: [4, 8], depth: [1, 2], stride: 2}]}
constraints: {params: 1500}
objectives: [maximise: accuracy, minimise: depth]
evaluation: {epochs: 2, batch: 16}
finalists: {count: 0}
parallel: 2
`
	mobile, err := space.Mobile(space.MobileOptions{
		Name: "twin", Input: trellis.Shape{H: 16, W: 16, C: 1}, Stem: 4, Kernel: []int{3, 5}, Expand: []float64{1, 2}, SE: []float64{0}, Act: []string{"relu"},
		Stages: []space.MobileStage{{Width: []int{4, 8}, Depth: []int{1, 2}, Stride: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	twin := trellis.Study{
		Name: "twin", Seed: 5, Space: mobile, Limits: []trellis.Limit{trellis.AtMost("params", 1500)}, Parallel: 2,
		Objectives: trellis.Objectives{trellis.Maximise("accuracy"), trellis.Minimise("depth")},
	}
	for _, c := range []struct {
		name, file string
		change     func(*trellis.Study)
	}{
		{"auto", "budget: {trials: 6}\n", func(s *trellis.Study) { s.Trials = 6 }},
		{"evolution", "budget: {trials: 8}\nstrategy: {name: evolution, population: 3, sample: 2}\n", func(s *trellis.Study) {
			s.Trials, s.Strategy = 8, "evolution:population=3,sample=2"
		}},
		{"stages", `stages:
  - {name: coarse, strategy: random, budget: {trials: 5}, fidelity: {epochs: 1}}
  - {name: fine, best: {of: coarse, count: 2, resume: true}}
  - {name: more, strategy: random, budget: {trials: 5}}
`, func(s *trellis.Study) {
			s.Trials, s.Strategy = 5, "random"
			s.Stages = []study.Stage{{Name: "coarse", Fidelity: trial.Full(1)}, {Name: "fine", Source: study.BestOf{Stage: "coarse", Count: 2, Resume: true}}, {Name: "more"}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			of := fileStudy(t, head+c.file)
			if trellis.HashOf(of.Space) != trellis.HashOf(mobile) {
				t.Fatal("the spaces differ")
			}
			s := twin
			s.Evaluator = of.Stages[0].Evaluator
			c.change(&s)
			want, got := searched(contents(t, of)), searched(contents(t, s))
			if !slices.Equal(want, got) || len(want) < 7 {
				t.Errorf("of the file come\n%s\nand of Go\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
			}
		})
	}
}
