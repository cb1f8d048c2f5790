package data

import (
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
)

func near(a, b []float64, by float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= by })
}

func TestFashionMNISTIsReadWhole(t *testing.T) {
	d, err := Open(published.Data(t, "fashion_mnist"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	about := Describe(d)
	train, test := about.Parts[0], about.Parts[1]
	if about.Kind != IDX || about.Shape != (Shape{28, 28, 1}) || train.Images != 60000 || test.Images != 10000 {
		t.Errorf("it is %s of %v with %d and %d images", about.Kind, about.Shape, train.Images, test.Images)
	}
	for class := range 10 {
		if train.Counts[class] != 6000 || test.Counts[class] != 1000 {
			t.Errorf("class %d has %d training and %d test images; want 6000 and 1000", class, train.Counts[class], test.Counts[class])
		}
	}
	if !near(train.Mean, []float64{0.28604}, 5e-6) || !near(train.Std, []float64{0.35302}, 5e-6) {
		t.Errorf("mean and deviation are %v and %v; want 0.28604 and 0.35302", train.Mean, train.Std)
	}
	if got := about.Classes[9]; got != "Ankle boot" {
		t.Errorf("class 9 is called %q; want %q", got, "Ankle boot")
	}
	splits, err := d.Split(SplitOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if splits.Train.Len() != 54000 || !slices.Equal(splits.Validation.Counts(), slices.Repeat([]int{600}, 10)) {
		t.Errorf("the split has %d training images and validation %v", splits.Train.Len(), splits.Validation.Counts())
	}
}

func TestTheSubsetOfCIFAR10IsReadWhole(t *testing.T) {
	d, err := Open(published.Data(t, "cifar10"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	about := Describe(d)
	train, test := about.Parts[0], about.Parts[1]
	if about.Kind != CIFAR10 || about.Shape != (Shape{32, 32, 3}) || about.Classes[0] != "airplane" {
		t.Errorf("it is %s of %v, first class %s", about.Kind, about.Shape, about.Classes[0])
	}
	if !slices.Equal(train.Counts, slices.Repeat([]int{2000}, 10)) || !slices.Equal(test.Counts, slices.Repeat([]int{400}, 10)) {
		t.Errorf("the classes have %v and %v images; want 2000 and 400 each", train.Counts, test.Counts)
	}
	if !near(train.Mean, []float64{0.4926, 0.4828, 0.4471}, 5e-5) || !near(train.Std, []float64{0.2457, 0.2435, 0.2611}, 5e-5) {
		t.Errorf("mean and deviation are %v and %v", train.Mean, train.Std)
	}
}
