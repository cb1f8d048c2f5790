package strategy_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/strategy"
	"github.com/trellis-nas/trellis/trial"
)

func open(t *testing.T, text string) search.Strategy {
	t.Helper()
	chosen, err := strategy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := chosen.New(search.Problem{
		Region:     conform.Enumerate(conform.Space(t, 3), nil),
		Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}},
		Seed:       7,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// play returns the first proposals of a strategy on a landscape.
func play(t *testing.T, s search.Strategy) (all []trial.Proposal) {
	t.Helper()
	for id := range trial.ID(60) {
		next, _ := s.Ask(1)
		for _, p := range next {
			all = append(all, p)
			r, err := conform.Landscape{}.Evaluate(t.Context(), trial.Trial{ID: id, Arch: p.Arch, Fidelity: trial.Full(1), Seed: uint64(id)}, trial.Silent)
			if err != nil {
				t.Fatal(err)
			}
			r.Key = p.Key
			s.Tell([]trial.Result{r})
		}
	}
	return all
}

// TestEveryStrategyOfTheCatalogueKeepsTheContract plays each by its name, so that a new one is in it by itself.
func TestEveryStrategyOfTheCatalogueKeepsTheContract(t *testing.T) {
	score := filepath.Join(t.TempDir(), "score.yaml")
	if err := os.WriteFile(score, []byte("trellis-score: 1\nscores: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, m := range strategy.Catalogue() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			text := m.Name
			if m.Name == "exact" {
				text += ":score=" + score
			}
			chosen, err := strategy.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			conform.BriefStrategy(t, m.Name == "exact", func(p search.Problem) search.Strategy {
				s, err := chosen.New(p)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func TestEveryStrategyOfTheCatalogueOpensAndADefaultWrittenOutChangesNothing(t *testing.T) {
	score := filepath.Join(t.TempDir(), "score.yaml")
	if err := os.WriteFile(score, []byte("trellis-score: 1\nscores: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, m := range strategy.Catalogue() {
		t.Run(m.Name, func(t *testing.T) {
			if m.Doc == "" {
				t.Error("it is not described")
			}
			name := m.Name
			if name == "exact" {
				name += ":score=" + score
			}
			plain := play(t, open(t, name))
			if len(plain) != 60 {
				t.Errorf("it makes %d proposals", len(plain))
			}
			for _, s := range m.Settings {
				if s.Doc == "" || s.Range() == "" {
					t.Errorf("setting %s is not described", s.Name)
				}
				if s.Default == "" {
					continue
				}
				if got := play(t, open(t, m.Name+":"+s.Name+"="+s.Default)); !reflect.DeepEqual(got, plain) {
					t.Errorf("%s=%s, its default, makes other proposals than nothing", s.Name, s.Default)
				}
			}
		})
	}
}

func TestEveryStrategyAndSettingIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "formats", "study-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range strategy.Catalogue() {
		if !strings.Contains(string(text), "| `"+m.Name+"` |") {
			t.Errorf("study-file.md has no row for strategy %s", m.Name)
		}
		for _, s := range m.Settings {
			if !strings.Contains(string(text), "`"+s.Name+"`") {
				t.Errorf("study-file.md does not name setting %s of %s", s.Name, m.Name)
			}
		}
	}
}

func TestAListOfStrategiesReadsBack(t *testing.T) {
	all, err := strategy.ParseList("random,evolution:population=50,sample=10,evolution")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, s := range all {
		texts = append(texts, s.String())
	}
	if want := []string{"random", "evolution:population=50,sample=10", "evolution"}; !reflect.DeepEqual(texts, want) {
		t.Errorf("strategies are %q, want %q", texts, want)
	}
}

func TestAWrongStrategyIsToldInOneSentence(t *testing.T) {
	for text, want := range map[string]string{
		"evolutoin":                       `strategy "evolutoin" is unknown; the nearest is "evolution"`,
		"evolution:populaton=5":           `unknown setting "populaton" of evolution; the nearest is "population"`,
		"random:population=5":             "population belongs to evolution",
		"random:anything=5":               `unknown setting "anything": random has none`,
		"evolution:population":            `setting "population" has no value`,
		"evolution:population=1":          "population is 1, want at least 2",
		"evolution:population=1M":         "population is 1M, want at most 100000",
		"evolution:population=x":          `population is "x", want a whole number`,
		"evolution:population=4,sample=5": "sample is 5, want at most the population of 4",
		"evolution:sample=4,sample=5":     "sample is given twice",
		"random,evolution,random":         `strategy "random" is listed twice`,
		"random,":                         `a name is missing beside a comma`,
	} {
		if _, err := strategy.ParseList(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v and should say %q", text, err, want)
		}
	}
}
