package spec_test

import "testing"

func TestAStudyFileMayGiveAnySettingOfItsStrategy(t *testing.T) {
	for line, want := range map[string]string{
		"strategy: random\n":                                       "random",
		"strategy: {name: random}\n":                               "random",
		"strategy: {name: evolution, population: 6}\n":             "evolution:population=6",
		"strategy: {sample: 3, name: evolution, population: 1k}\n": "evolution:sample=3,population=1k",
	} {
		if got := parse(t, small+line).Stages[0].Strategy.String(); got != want {
			t.Errorf("%q is read as %s, want %s", line, got, want)
		}
	}
}
