package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn returns a set of random class counts.
func drawn(rt *rapid.T) *Set {
	counts := rapid.SliceOfN(rapid.IntRange(0, 60), 2, 6).Draw(rt, "counts")
	var labels []uint16
	for class, n := range counts {
		for range n {
			labels = append(labels, uint16(class))
		}
	}
	if len(labels) < 20 {
		rt.Skip("too few images to divide")
	}
	s, err := NewSet(Shape{1, 1, 1}, numbered(len(counts)), make([]uint8, len(labels)), rapid.Permutation(labels).Draw(rt, "labels"))
	if err != nil {
		rt.Fatal(err)
	}
	return s
}

func TestPartsAreDisjointCompleteAndStratified(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		set := drawn(rt)
		d, err := NewDataset(set, nil, nil)
		if err != nil {
			rt.Fatal(err)
		}
		share := rapid.Float64Range(0.1, 0.4).Draw(rt, "share")
		splits, err := d.Split(SplitOptions{Seed: rapid.Uint64().Draw(rt, "seed"), Validation: share, Test: share})
		if err != nil {
			rt.Fatal(err)
		}
		test, err := splits.Test.Open("the property is tested")
		if err != nil {
			rt.Fatal(err)
		}
		seen := make([]int, set.Len())
		for _, v := range []View{splits.Train, splits.Validation, test} {
			for i := range v.Len() {
				seen[v.Index(i)]++
			}
		}
		if slices.Min(seen) != 1 || slices.Max(seen) != 1 {
			rt.Fatalf("images appear this many times: %v", seen)
		}
		all := set.View().Counts()
		for class, n := range test.Counts() {
			if ideal := float64(test.Len()) * float64(all[class]) / float64(set.Len()); math.Abs(float64(n)-ideal) >= 1 {
				rt.Errorf("class %d has %d test images; its share is %.2f", class, n, ideal)
			}
		}
		rest := set.Len() - test.Len()
		for class, n := range splits.Validation.Counts() {
			if ideal := float64(splits.Validation.Len()) * float64(all[class]-test.Counts()[class]) / float64(rest); math.Abs(float64(n)-ideal) >= 1 {
				rt.Errorf("class %d has %d validation images; its share is %.2f", class, n, ideal)
			}
		}
	})
}

func TestTheSeedDecidesTheSplit(t *testing.T) {
	d, err := NewDataset(made(t, Shape{1, 1, 1}, 4, 400), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	split := func(seed uint64) []int32 {
		s, err := d.Split(SplitOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return s.Validation.index
	}
	if !slices.Equal(split(7), split(7)) {
		t.Error("the same seed gave two splits")
	}
	if slices.Equal(split(7), split(8)) {
		t.Error("two seeds gave the same split")
	}
}

func TestALimitTakesFromEachClassAndMovesNothingBetweenParts(t *testing.T) {
	d, err := NewDataset(made(t, Shape{1, 1, 1}, 4, 400), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := d.Split(SplitOptions{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	few, err := d.Split(SplitOptions{Seed: 3, TrainLimit: 42, ValidationLimit: 8})
	if err != nil {
		t.Fatal(err)
	}
	if got := few.Train.Counts(); !slices.Equal(got, []int{11, 11, 10, 10}) {
		t.Errorf("42 training images are %v by class; want [11 11 10 10]", got)
	}
	if got := few.Validation.Counts(); !slices.Equal(got, []int{2, 2, 2, 2}) {
		t.Errorf("8 validation images are %v by class; want [2 2 2 2]", got)
	}
	for _, position := range few.Train.index {
		if !slices.Contains(whole.Train.index, position) {
			t.Errorf("image %d trains only when there is a limit", position)
		}
	}
	if few.Test.Len() != whole.Test.Len() {
		t.Errorf("the limit changed the test set from %d to %d images", whole.Test.Len(), few.Test.Len())
	}
}

func TestAPublishedTestSetIsTheTestSet(t *testing.T) {
	test := made(t, Shape{1, 1, 1}, 4, 44)
	d, err := NewDataset(made(t, Shape{1, 1, 1}, 4, 400), nil, test)
	if err != nil {
		t.Fatal(err)
	}
	splits, err := d.Split(SplitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if splits.Test.Len() != 44 || splits.Train.Len() != 360 || splits.Validation.Len() != 40 {
		t.Errorf("the parts have %d, %d and %d images; want 360, 40 and 44", splits.Train.Len(), splits.Validation.Len(), splits.Test.Len())
	}
	opened, err := splits.Test.Open("the test")
	if err != nil {
		t.Fatal(err)
	}
	if opened.set != test {
		t.Error("the test images are not those that were published")
	}
}

func TestASplitThatCannotBeIsRefused(t *testing.T) {
	own, err := NewDataset(made(t, Shape{1, 1, 1}, 2, 20), made(t, Shape{1, 1, 1}, 2, 6), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    SplitOptions
		want string
	}{
		{SplitOptions{Validation: 0.1}, "a validation share of 0.1 was asked for, but this dataset ships a validation part of its own (6 images): leave the share out"},
		{SplitOptions{Test: 1}, "a test share of 1 is impossible: want more than 0 and less than 1"},
		{SplitOptions{Test: math.NaN()}, "a test share of NaN is impossible: want more than 0 and less than 1"},
		{SplitOptions{Test: 0.001}, "a test share of 0.001 takes 0 of 20 images and leaves a part empty"},
		{SplitOptions{ValidationCount: 4}, "4 images to validate on were asked for, but this dataset ships a validation part of its own (6 images): leave the number out"},
		{SplitOptions{ValidationCount: 4, Validation: 0.2}, "the validation part was asked for twice, as a share of 0.2 and as 4 images: give one of them"},
		{SplitOptions{TrainLimit: -3}, "a limit of -3 images is impossible: want 1 or more, or 0 for all"},
	} {
		if _, err := own.Split(c.o); err == nil || err.Error() != c.want {
			t.Errorf("the error is %v; want %s", err, c.want)
		}
	}
}

func TestTheValidationPartMayBeAskedForByNumber(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(3, 500).Draw(rt, "images")
		test := made(t, Shape{1, 1, 1}, 2, 4)
		d, err := NewDataset(made(t, Shape{1, 1, 1}, 2, n), nil, test)
		if err != nil {
			rt.Fatal(err)
		}
		want := rapid.IntRange(1, n-1).Draw(rt, "count")
		splits, err := d.Split(SplitOptions{ValidationCount: want})
		if err != nil {
			rt.Fatal(err)
		}
		if splits.Validation.Len() != want || splits.Train.Len() != n-want {
			rt.Errorf("%d images to validate on became %d, and %d to train on", want, splits.Validation.Len(), splits.Train.Len())
		}
		refusal := fmt.Sprintf("%d images to validate on are impossible: there are %d to train and validate on", n, n)
		if _, err := d.Split(SplitOptions{ValidationCount: n}); err == nil || err.Error() != refusal {
			rt.Errorf("the error is %v; want %s", err, refusal)
		}
	})
}

func TestTheHashOfATrainingTellsImagesOrderAndParts(t *testing.T) {
	a, b := made(t, Shape{2, 1, 1}, 2, 6).View(), made(t, Shape{2, 1, 1}, 2, 4).View()
	turned := View{a.set, []int32{1, 0, 2, 3, 4, 5}}
	seen := map[string]bool{}
	for _, training := range []Training{{a, b}, {b, a}, {turned, b}, {a, a}} {
		hash := training.Hash()
		if again := training.Hash(); again != hash {
			t.Errorf("a training has two hashes, %s and %s", hash, again)
		}
		seen[hash] = true
	}
	if len(seen) != 4 {
		t.Errorf("4 different trainings have %d hashes", len(seen))
	}
}
