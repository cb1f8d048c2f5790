package space_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/space"
)

func TestAnArchitectureGivesBackItsChoices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choices := rapid.SliceOf(rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(0, 1<<31-1))).Draw(t, "choices")
		a := space.NewArch(choices...)
		if a.Len() != len(choices) || !slices.Equal(a.Choices(), choices) {
			t.Fatalf("choices %v came back as %v", choices, a.Choices())
		}
		for i, c := range choices {
			if a.At(i) != c {
				t.Fatalf("choice %d of %v is %d", i, choices, a.At(i))
			}
		}
		if a != space.NewArch(choices...) {
			t.Fatal("two architectures of the same choices differ")
		}
		var b space.Arch
		if err := b.UnmarshalText([]byte(a.String())); err != nil || a != b {
			t.Fatalf("%v was read back as %v, %v", a, b, err)
		}
	})
}

func TestTheZeroArchitectureHasNoDecisions(t *testing.T) {
	var a space.Arch
	if a != space.NewArch() || a.Len() != 0 || a.String() != "" {
		t.Errorf("the zero architecture is %v with %d decisions", a, a.Len())
	}
}

func TestAnArchitectureIsAJSONText(t *testing.T) {
	text, err := json.Marshal(map[string]space.Arch{"arch": space.NewArch(2, 0, 300)})
	if err != nil || string(text) != `{"arch":"2.0.300"}` {
		t.Fatalf("written as %s, %v", text, err)
	}
	var back map[string]space.Arch
	if err := json.Unmarshal(text, &back); err != nil || back["arch"] != space.NewArch(2, 0, 300) {
		t.Errorf("read back as %v, %v", back, err)
	}
}

func TestRawTextThatIsNoArchitectureIsRefused(t *testing.T) {
	for _, text := range []string{".", "1.", ".1", "1..2", "-1", "+1", "01", "a", "1 2", "2147483648", "99999999999999999999"} {
		var a space.Arch
		if err := a.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, a)
		}
	}
}

func TestANegativeChoiceOrAMissingDecisionPanics(t *testing.T) {
	for name, mistake := range map[string]func(){
		"negative choice":  func() { space.NewArch(1, -1) },
		"missing decision": func() { space.NewArch(1, 2).At(2) },
		"negative index":   func() { space.NewArch(1, 2).At(-1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a %s did not panic", name)
				}
			}()
			mistake()
		}()
	}
}
