package trial_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/trial"
)

// fidelities draws fidelities of every kind, the zero one included.
var fidelities = rapid.Custom(func(t *rapid.T) trial.Fidelity {
	if rapid.IntRange(0, 4).Draw(t, "zero") == 0 {
		return trial.Fidelity{}
	}
	share := rapid.OneOf(rapid.Just(1.0), rapid.Float64Range(math.SmallestNonzeroFloat64, 1))
	return trial.Fidelity{
		Amount: rapid.IntRange(1, 1<<40).Draw(t, "amount"),
		Data:   share.Draw(t, "data"), Resolution: share.Draw(t, "resolution"), Width: share.Draw(t, "width"),
	}
})

func TestTheTextOfAFidelityIsFixed(t *testing.T) {
	for text, want := range map[string]trial.Fidelity{
		"full":                                 {},
		"1":                                    trial.Full(1),
		"600":                                  trial.Full(600),
		"9@data=0.25":                          {Amount: 9, Data: 0.25, Resolution: 1, Width: 1},
		"9@data=0.25,width=0.5":                {Amount: 9, Data: 0.25, Resolution: 1, Width: 0.5},
		"2@data=0.1,resolution=0.5,width=0.75": {Amount: 2, Data: 0.1, Resolution: 0.5, Width: 0.75},
		"3@resolution=1e-09":                   {Amount: 3, Data: 1, Resolution: 1e-9, Width: 1},
	} {
		if got := want.String(); got != text {
			t.Errorf("%+v reads %q, want %q", want, got, text)
		}
		if got, err := trial.ParseFidelity(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
}

func TestAWrongFidelityIsRefusedWithItsReason(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "no whole number",
		"0":                      "want 1 or more",
		"-3":                     "want 1 or more",
		"+3":                     "no whole number",
		"03":                     "no whole number",
		"3.5":                    "no whole number",
		"3@":                     "no share",
		"3@data":                 "no share",
		"3@data=x":               "no share",
		"3@data=0":               "out of range",
		"3@data=1.5":             "out of range",
		"3@data=NaN":             "out of range",
		"3@width=-1":             "out of range",
		"3@depth=0.5":            `unknown reduction "depth"`,
		"3@data=1":               "canonical form",
		"3@data=0.50":            "canonical form",
		"3@width=0.5,data=0.5":   "canonical form",
		"3@data=0.5,data=0.25":   "canonical form",
		"full@data=0.5":          "no whole number",
		"3@data=0.5,":            "no share",
		"99999999999999999999":   "no whole number",
		"3@data=0.5@width=0.5":   "no share",
		"3@data=0.5,width=0.5 ":  "no share",
		"3@data=0x1p-1":          "canonical form",
		"3@data=0.5,width=1e400": "no share",
	} {
		if f, err := trial.ParseFidelity(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is read as %+v, %v; the error should say %q", text, f, err, want)
		}
	}
}

func FuzzFidelity(f *testing.F) {
	for _, text := range []string{"full", "1", "9@data=0.25,width=0.5", "3@resolution=1e-09", "3@data=", "@", "-1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := trial.ParseFidelity(text)
		if err != nil {
			return
		}
		if x.String() != text {
			t.Errorf("%q reads back as %q", text, x)
		}
		if x != (trial.Fidelity{}) && x.Check() != nil {
			t.Errorf("%q is read and is impossible: %v", text, x.Check())
		}
	})
}

func TestEveryFidelityReadsBackFromItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := fidelities.Draw(t, "fidelity")
		text, err := f.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back trial.Fidelity
		if err := back.UnmarshalText(text); err != nil || back != f {
			t.Fatalf("%+v reads back from %q as %+v, %v", f, text, back, err)
		}
	})
}

func TestFidelitiesAreOrderedTotally(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := fidelities.Draw(t, "a"), fidelities.Draw(t, "b"), fidelities.Draw(t, "c")
		if a.Compare(b) != -b.Compare(a) || (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("%v and %v compare as %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v, %v and %v are in no order", a, b, c)
		}
	})
	order := []trial.Fidelity{
		{Amount: 9, Data: 1, Resolution: 1, Width: 0.25}, trial.Full(1), {Amount: 4, Data: 1, Resolution: 1, Width: 0.75}, trial.Full(3),
		{Amount: 8, Data: 0.5, Resolution: 1, Width: 1}, trial.Full(9),
	}
	if !slices.IsSortedFunc(order, trial.Fidelity.Compare) {
		t.Errorf("%v are not ascending", order)
	}
}

func TestTheZeroFidelityIsThatOfTheStage(t *testing.T) {
	stage := trial.Full(9)
	if f := (trial.Fidelity{}).Or(stage); f != stage {
		t.Errorf("nothing said means %v", f)
	}
	if f := trial.Full(3).Or(stage); f != trial.Full(3) {
		t.Errorf("3 means %v", f)
	}
	if f := (trial.Fidelity{Amount: 9, Data: 0.5, Resolution: 1, Width: 1}); !f.Reduced() || stage.Reduced() || f.At(2).Data != 0.5 || f.At(2).Amount != 2 {
		t.Errorf("%v is not told from %v", f, stage)
	}
}

func TestTheKeyOfASourceReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "sources")
		i := rapid.IntRange(0, n-1).Draw(t, "source")
		own := trial.Key(rapid.Int64Range(1, 1<<40).Draw(t, "key"))
		key := own.Of(i, n)
		if source, back := key.Split(n); source != i || back != own || key < 1 {
			t.Fatalf("key %d of source %d of %d is %d, and that is key %d of source %d", own, i, n, key, back, source)
		}
		other := trial.Key(rapid.Int64Range(1, 1<<40).Draw(t, "other"))
		if j := rapid.IntRange(0, n-1).Draw(t, "another"); (i != j || own != other) && other.Of(j, n) == key {
			t.Fatalf("keys %d of source %d and %d of source %d are both %d", own, i, other, j, key)
		}
		if trial.Key(0).Of(i, n) != 0 {
			t.Fatal("no key becomes one")
		}
	})
}
