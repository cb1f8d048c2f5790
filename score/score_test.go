package score_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

func builtIn(t testing.TB, name string) *lattice.Lattice {
	t.Helper()
	s, err := space.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// scoreOf adds the scores of an architecture's options up, without the lattice's paths.
func scoreOf(s *space.Space, score lattice.Score, a space.Arch) float64 {
	sum := score.Of(lattice.Step{Fixed: true})
	for _, d := range s.Decisions(a) {
		sum += score.Of(lattice.Step{Decision: d.Name, Option: d.Options[d.Chosen]})
	}
	return score.Value(sum)
}

// documentedScores returns the examples of docs/formats/score-file.md, with the space that each is for.
func documentedScores(t testing.TB) map[string]string {
	t.Helper()
	content, err := os.ReadFile("../docs/formats/score-file.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(content), "```yaml\n")
	if len(parts) != 4 {
		t.Fatalf("the document has %d examples, want 3", len(parts)-1)
	}
	of := map[string]string{}
	for i, key := range []string{"mobile", "nb201", "mobile, pairs and counters"} {
		name, _, _ := strings.Cut(key, ",")
		text, rest, _ := strings.Cut(parts[i+1], "```")
		if _, after, ok := strings.Cut(rest, "This one is for "); !ok || !strings.Contains(strings.SplitN(after, ".", 2)[0], "`"+name+"`") {
			t.Fatalf("example %d does not say that it is for %s", i+1, name)
		}
		of[key] = text
	}
	return of
}

func TestTheExamplesInTheDocumentScoreAsItSays(t *testing.T) {
	of := documentedScores(t)
	mobile, err := score.Parse("score.yaml", []byte(of["mobile"]), builtIn(t, "mobile"))
	if err != nil {
		t.Fatal(err)
	}
	nb201, err := score.Parse("score.yaml", []byte(of["nb201"]), builtIn(t, "nb201"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		score            lattice.Score
		decision, option string
		want             float64
	}{
		{mobile, "stage1.block1.kernel", "k5", 0.8},
		{mobile, "stage1.block1.kernel", "k3", 0},
		{mobile, "stage1.block2.kernel", "k5", 0.2},
		{mobile, "stage3.block1.kernel", "k5", 0.2},
		{mobile, "stage3.block1.kernel", "k3", 0},
		{mobile, "stage2.block1.expand", "e6", 0.5},
		{mobile, "stage2.block2.expand", "e6", 0},
		{mobile, "act", "hswish", 0.3},
		{nb201, "node3_from0", "skip_connect", 0.5},
		{nb201, "node3_from0", "nor_conv_3x3", 2},
		{nb201, "node1_from0", "skip_connect", 0},
		{nb201, "node1_from0", "none", -1.5},
	} {
		if got := c.score.Value(c.score.Of(lattice.Step{Decision: c.decision, Option: c.option})); got != c.want {
			t.Errorf("%s of %s scores %v, want %v", c.option, c.decision, got, c.want)
		}
	}
	if got := mobile.Value(mobile.Of(lattice.Step{Fixed: true})); got != 70 {
		t.Errorf("the offset is %v, want 70", got)
	}
	if got := mobile.Tempered(0.5)(lattice.Step{Decision: "act", Option: "hswish"}); got != 0.6 {
		t.Errorf("at temperature 0.5 the weight is %v, want 0.6", got)
	}
	if got := mobile.Tempered(0.5)(lattice.Step{Fixed: true}); got != 0 {
		t.Errorf("the weight of the fixed step is %v, want 0", got)
	}
}

func TestPairsAndCountersInTheDocumentScoreAsItSays(t *testing.T) {
	l := builtIn(t, "mobile")
	s, err := score.Parse("score.yaml", []byte(documentedScores(t)["mobile, pairs and counters"]), l)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kernel, expand string) string { return " " + kernel + " " + expand + " se0" }
	for _, c := range []struct {
		stages [4]string
		want   float64
		why    string
	}{
		{[4]string{"d1" + block("k3", "e3"), "d1" + block("k3", "e3"), "d1" + block("k3", "e3"), "d1" + block("k3", "e3")}, 0, "depth 4, no e6: 2 and -2"},
		{[4]string{"d1" + block("k3", "e6"), "d1" + block("k3", "e3"), "d1" + block("k3", "e3"), "d1" + block("k3", "e3")}, 2, "depth 4, one e6"},
		{[4]string{"d1" + block("k3", "e6"), "d2" + block("k5", "e3") + block("k5", "e3"), "d1" + block("k3", "e3"), "d1" + block("k3", "e3")}, 2.3 + 0.4 + 0.1 - 0.3 - 0.1, "depth 5, k3 k5 k5 k3 k3"},
		{[4]string{"d1" + block("k3", "e6"), "d1" + block("k3", "e6"), "d3" + block("k3", "e6") + block("k3", "e6") + block("k3", "e6"), "d1" + block("k3", "e3")}, 2 + 0.4 + 1, "depth 6, d1 and d3, five e6"},
	} {
		text := "relu"
		for i, stage := range c.stages {
			text += " " + []string{"w12", "w18", "w30", "w60"}[i] + " " + stage
		}
		a, err := l.Space().Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := l.Score(a, s); err != nil || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v (%v), want %v", c.why, got, err, c.want)
		}
	}
}

func TestTheBestByAScoreFileIsTheBestOfAll(t *testing.T) {
	l := builtIn(t, "nb201")
	score, err := score.Parse("score.yaml", []byte(documentedScores(t)["nb201"]), l)
	if err != nil {
		t.Fatal(err)
	}
	greatest := math.Inf(-1)
	for a := range l.Space().Each() {
		greatest = max(greatest, scoreOf(l.Space(), score, a))
	}
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	for b := range all.Best(score.Of) {
		if score.Value(b.Score) != greatest || scoreOf(l.Space(), score, b.Arch) != greatest {
			t.Errorf("the first is %s with %v, want %v", l.Space().Format(b.Arch), score.Value(b.Score), greatest)
		}
		break
	}
}

func TestTheMostSpecificRuleWinsWhereverItStands(t *testing.T) {
	l := builtIn(t, "mobile")
	for _, text := range []string{
		"trellis-score: 1\nscores:\n  stage1.block1.kernel: {k5: 3}\n  \"*.block1.kernel\": {k5: 2, k3: 7}\n  \"*kernel\": {k5: 1}",
		"trellis-score: 1\nscores:\n  \"*kernel\": {k5: 1}\n  \"*.block1.kernel\": {k5: 2, k3: 7}\n  stage1.block1.kernel: {k5: 3}",
	} {
		s, err := score.Parse("score.yaml", []byte(text), l)
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for _, step := range []lattice.Step{
			{Decision: "stage1.block1.kernel", Option: "k5"}, {Decision: "stage1.block1.kernel", Option: "k3"},
			{Decision: "stage2.block1.kernel", Option: "k5"}, {Decision: "stage2.block2.kernel", Option: "k5"},
		} {
			got = append(got, s.Value(s.Of(step)))
		}
		if got[0] != 3 || got[1] != 7 || got[2] != 2 || got[3] != 1 {
			t.Errorf("the scores are %v, want 3, 7, 2, 1 for\n%s", got, text)
		}
	}
}

func TestScoresThatAreEqualOnPaperAreEqual(t *testing.T) {
	l := builtIn(t, "nb-macro")
	s, err := score.Parse("s.yaml", []byte("trellis-score: 1\noffset: 70\nscores:\n  \"*\": {1: 0.1}\n  layer2.op: {1: 0.2}\n  layer3.op: {1: 0.3, 2: 1e-3}"), l)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]float64{"11000000": 70.3, "00100000": 70.3, "11101111": 71, "00200000": 70.001} {
		a, err := l.Space().Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := l.Score(a, s); err != nil || got != want {
			t.Errorf("%s scores %v, want %v: %v", text, got, want, err)
		}
	}
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	front, err := all.Front(lattice.MACs, s.Of)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(front); i++ {
		if front[i].Score-front[i-1].Score < 1 {
			t.Errorf("points %d and %d of the front score %v and %v units", i-1, i, front[i-1].Score, front[i].Score)
		}
	}
}

func TestScoresOfTooManyDigitsAreTakenAsTheyAre(t *testing.T) {
	l := builtIn(t, "nb-macro")
	s, err := score.Parse("s.yaml", []byte("trellis-score: 1\noffset: 123456789\nscores: {layer1.op: {1: 0.12345678901234}}"), l)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Value(s.Of(lattice.Step{Decision: "layer1.op", Option: "1"})); got != 0.12345678901234 {
		t.Errorf("the score is %v", got)
	}
	var zero lattice.Score
	if got := zero.Value(zero.Of(lattice.Step{Fixed: true})); got != 0 {
		t.Errorf("the zero score scores %v", got)
	}
}

func TestMistakesInAScoreFileHaveTheirPlaceAndTheNearestWord(t *testing.T) {
	l := builtIn(t, "mobile")
	const head = "trellis-score: 1\nscores:\n"
	for text, want := range map[string]string{
		"":                               "s.yaml:1:1: the file is empty",
		"scores: {}":                     `s.yaml:1:1: "trellis-score" is missing`,
		"trellis-score: 1":               `s.yaml:1:1: "scores" is missing`,
		"trellis-score: 2\nscores: {}":   "s.yaml:1:16: this score file has format 2, and this trellis reads format 1",
		"trellis-score: one\nscores: {}": `s.yaml:1:16: trellis-score is "one", want a whole number`,
		"trellis-score: 1\nofset: 3":     `s.yaml:2:1: unknown key "ofset"; the nearest is "offset" (of trellis-score, offset, scores, pairs, counters)`,
		"trellis-score: 1\noffset: much\nscores: {}":                      `s.yaml:2:9: offset is "much", want a number`,
		head + "  stage1.blok1.kernel: {k3: 1}":                           `s.yaml:3:3: space "mobile" has no decision "stage1.blok1.kernel"; the nearest is "stage1.block1.kernel"`,
		head + "  \"*.kernl\": {k3: 1}":                                   `s.yaml:3:3: no decision of space "mobile" has a name that ends in ".kernl"; the nearest is "*.kernel" (of *act, *.width, *.depth, *.kernel, *.expand, *.se)`,
		head + "  stage*.kernel: {k3: 1}":                                 `s.yaml:3:3: a star stands at the beginning of a rule and nowhere else: "stage*.kernel"`,
		head + "  stage1.block1.kernel: {k7: 1}":                          `s.yaml:3:26: decision "stage1.block1.kernel" has no option "k7"; the nearest is "k3" (of k3, k5)`,
		head + "  \"*.block1.kernel\": {k3: 1, e3: 1}":                    `s.yaml:3:30: no decision that "*.block1.kernel" is about has an option "e3"; the nearest is "k3" (of k3, k5)`,
		head + "  act: {relu: high}":                                      `s.yaml:3:15: relu is "high", want a number`,
		head + "  act: {relu: }":                                          `s.yaml:3:9: option "relu" has no score`,
		head + "  act: {relu: 1e10}":                                      "s.yaml:3:15: relu is 1e10, want at most 1e+09",
		head + "  act: {relu: .nan}":                                      `s.yaml:3:15: relu is ".nan", want a number`,
		head + "  act: {relu: 1, relu: 2}":                                `s.yaml:3:18: key "relu" is given twice; it stands in line 3 already`,
		head + "  act: {relu: 1}\n  act: {relu: 2}":                       `s.yaml:4:3: key "act" is given twice; it stands in line 3 already`,
		"trellis-score: 1\npairs:\n  act: {}":                             `s.yaml:3:3: "act" is no pair of rules, such as "*.kernel > *.kernel"`,
		"trellis-score: 1\npairs:\n  act > ack: {}":                       `s.yaml:3:3: space "mobile" has no decision "ack"; the nearest is "act"`,
		"trellis-score: 1\npairs:\n  \"*.kernl > act\": {}":               `s.yaml:3:3: no decision of space "mobile" has a name that ends in ".kernl"; the nearest is "*.kernel" (of *act, *.width, *.depth, *.kernel, *.expand, *.se)`,
		"trellis-score: 1\npairs:\n  stage2.depth > act: {}":              `s.yaml:3:3: no architecture decides "stage2.depth" before "act"; the other way round, "act > stage2.depth", there are some`,
		"trellis-score: 1\npairs:\n  act > act: {}":                       `s.yaml:3:3: no architecture decides "act" before "act"`,
		"trellis-score: 1\npairs:\n  act > stage2.depth: {rely: {d1: 1}}": `s.yaml:3:24: decision "act" has no option "rely"; the nearest is "relu" (of relu, hswish)`,
		"trellis-score: 1\npairs:\n  act > stage2.depth: {relu: {d9: 1}}": `s.yaml:3:31: decision "stage2.depth" has no option "d9"; the nearest is "d1" (of d1, d2, d3)`,
		"trellis-score: 1\npairs:\n  act > stage2.depth: {relu: {d1: }}":  `s.yaml:3:31: option "d1" has no score`,
		"trellis-score: 1\npairs:\n  act > stage2.depth: {relu: 3}":       `s.yaml:3:30: relu is "3", want a mapping`,
		"trellis-score: 1\ncounters: {dept: {each: 1}}":                   `s.yaml:2:12: unknown counter "dept"; the nearest is "depth" (of depth, count(OPTION), count(DECISION=OPTION))`,
		"trellis-score: 1\ncounters: {count(k7): {each: 1}}":              `s.yaml:2:12: count(k7): no such decision of space "mobile" has an option "k7"; the nearest is "k3"`,
		"trellis-score: 1\ncounters: {count(act=k5): {each: 1}}":          `s.yaml:2:12: count(act=k5): no such decision of space "mobile" has an option "k5"; the nearest is "relu" (of relu, hswish)`,
		"trellis-score: 1\ncounters: {count(ack=relu): {each: 1}}":        `s.yaml:2:12: count(ack=relu): space "mobile" has no decision "ack"; the nearest is "act"`,
		"trellis-score: 1\ncounters: {depth: {}}":                         `s.yaml:2:12: counter "depth" has no numbers: give each, at or from`,
		"trellis-score: 1\ncounters: {depth: {per: 1}}":                   `s.yaml:2:20: unknown key "per"; the nearest is "at" (of each, at, from)`,
		"trellis-score: 1\ncounters: {depth: 4}":                          `s.yaml:2:19: depth is "4", want a mapping`,
		"trellis-score: 1\ncounters: {depth: {at: {13: 1}}}":              `s.yaml:2:25: 13 is out of reach: depth is from 4 to 12 in space "mobile"`,
		"trellis-score: 1\ncounters: {depth: {from: {-1: 1}}}":            `s.yaml:2:27: -1 is out of reach: depth is from 4 to 12 in space "mobile"`,
		"trellis-score: 1\ncounters: {depth: {from: {five: 1}}}":          `s.yaml:2:27: "five" is no whole number`,
		"trellis-score: 1\ncounters: {depth: {from: {05: 1}}}":            `s.yaml:2:27: "05" is no whole number`,
		"trellis-score: 1\ncounters: {depth: {from: {5: }}}":              `s.yaml:2:27: 5 has no score`,
		"trellis-score: 1\ncounters: {depth: {from: {5: much}}}":          `s.yaml:2:30: 5 is "much", want a number`,
		"trellis-score: 1\npairs: {" + manyPairs(17) + "}":                `s.yaml:1:1: a score has at most 16 pairs and counters, and this one has 17`,
		head + "  act: [1, 2]":                                            `s.yaml:3:8: act is a list, want a mapping`,
		head + "  - act":                                                  `s.yaml:3:3: scores is a list, want a mapping`,
	} {
		_, err := score.Parse("s.yaml", []byte(text), l)
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// manyPairs are pairs of decisions of mobile.
func manyPairs(n int) string {
	var out []string
	for i := range n {
		of := []string{"kernel > stage%d.depth: {k3: {d1: 1}}", "expand > stage%d.depth: {e3: {d1: 1}}"}[i/9]
		out = append(out, fmt.Sprintf("stage1.block%d."+of, i%3+1, i/3%3+2))
	}
	return strings.Join(out, ", ")
}

func TestAScoreFileThatIsNotThereIsNamed(t *testing.T) {
	l := builtIn(t, "nb-macro")
	folder := t.TempDir()
	missing := filepath.Join(folder, "none.yaml")
	if _, err := score.Open(missing, l); err == nil || err.Error() != "there is no score file "+missing {
		t.Errorf("the error is %v", err)
	}
	if _, err := score.Open(folder, l); err == nil || err.Error() != folder+" is a folder, want a score file" {
		t.Errorf("the error is %v", err)
	}
}

func FuzzParse(f *testing.F) {
	l := builtIn(f, "nb-macro")
	f.Add("trellis-score: 1\noffset: 1\nscores: {layer1.op: {0: 1, 1: 0.5}, \"*.op\": {2: -1e3}}")
	f.Add("trellis-score: 1\nscores:\n  \"*\": {\"0\": 1}\n")
	f.Add("trellis-score: 1\nscores: {layer9.op: {0: 1}}")
	f.Add("trellis-score: 1\npairs: {layer1.op > layer4.op: {0: {1: 0.5}}, \"* > *\": {2: {2: -1e3}}}")
	f.Add("trellis-score: 1\ncounters: {count(2): {each: 0.5, at: {3: 1e-3}, from: {2: 7}}, \"count(*.op=0)\": {each: 1}}")
	architectures := slices.Collect(l.Space().Each())
	f.Fuzz(func(t *testing.T, text string) {
		s, err := score.Parse("s.yaml", []byte(text), l)
		var placed *strict.Error
		if err != nil {
			if !errors.As(err, &placed) || strings.Contains(err.Error(), "\n") {
				t.Errorf("an error without a place, or of several lines: %v", err)
			}
			return
		}
		known, err := l.ForScore(s)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(architectures); i += 1500 {
			a := architectures[i]
			want, err := l.Score(a, s)
			if err != nil {
				t.Fatal(err)
			}
			sum, steps := 0.0, 0.0
			path, err := known.Steps(a)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range path {
				sum += s.Of(step)
				steps += math.Abs(s.Of(step))
			}
			if got := s.Value(sum); math.IsNaN(got) || math.Abs(got-want) > 1e-12*s.Value(steps) || math.Abs(got) > 1e12 {
				t.Errorf("%v scores %v by the lattice that knows and %v by hand", a, got, want)
			}
		}
	})
}
