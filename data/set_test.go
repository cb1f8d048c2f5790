package data

import "testing"

func TestASetRefusesWhatDoesNotFitTogether(t *testing.T) {
	shape := Shape{1, 2, 1}
	for _, c := range []struct {
		shape   Shape
		classes int
		pixels  int
		labels  []uint16
		want    string
	}{
		{Shape{0, 2, 1}, 2, 0, []uint16{0}, "an image shape of 0x2x1 is impossible: every side must be at least 1"},
		{shape, 0, 2, []uint16{0}, "a set of 0 classes is impossible: want 1 to 65536"},
		{shape, 2, 0, nil, "a set without images is of no use"},
		{shape, 2, 5, []uint16{0, 1}, "2 labels and images of 1x2x1 need 4 pixel values, got 5"},
		{shape, 2, 4, []uint16{0, 2}, "image 1 has label 2, but there are only 2 classes (0 to 1)"},
	} {
		_, err := NewSet(c.shape, numbered(c.classes), make([]uint8, c.pixels), c.labels)
		if err == nil || err.Error() != c.want {
			t.Errorf("the error is %v; want %s", err, c.want)
		}
	}
}

func TestPartsOfADatasetMustBeOfOneKind(t *testing.T) {
	train := made(t, Shape{2, 2, 1}, 3, 9)
	for _, c := range []struct {
		train, validation, test *Set
		want                    string
	}{
		{nil, nil, train, "a dataset needs a training part"},
		{train, made(t, Shape{2, 3, 1}, 3, 9), nil, "the validation images are 2x3x1, but the training images are 2x2x1"},
		{train, nil, made(t, Shape{2, 2, 1}, 2, 9), `the test part has other classes than the training part: ["0" "1"] and ["0" "1" "2"]`},
		{made(t, Shape{2, 2, 1}, 1, 9), nil, nil, "all images are of one class (0), so there is nothing to learn"},
	} {
		_, err := NewDataset(c.train, c.validation, c.test)
		if err == nil || err.Error() != c.want {
			t.Errorf("the error is %v; want %s", err, c.want)
		}
	}
}

func TestTheHashOfASetTellsEveryDifference(t *testing.T) {
	build := func(shape Shape, classes []string, pixels []uint8, labels []uint16) string {
		s, err := NewSet(shape, classes, pixels, labels)
		if err != nil {
			t.Fatal(err)
		}
		return s.Hash()
	}
	hashes := []string{
		build(Shape{1, 2, 1}, []string{"a", "bc"}, []uint8{1, 2, 3, 4}, []uint16{0, 1}),
		build(Shape{2, 1, 1}, []string{"a", "bc"}, []uint8{1, 2, 3, 4}, []uint16{0, 1}),
		build(Shape{1, 2, 1}, []string{"ab", "c"}, []uint8{1, 2, 3, 4}, []uint16{0, 1}),
		build(Shape{1, 2, 1}, []string{"a", "bc"}, []uint8{1, 2, 3, 5}, []uint16{0, 1}),
		build(Shape{1, 2, 1}, []string{"a", "bc"}, []uint8{1, 2, 3, 4}, []uint16{1, 0}),
	}
	seen := map[string]int{}
	for i, hash := range hashes {
		if other, twice := seen[hash]; twice {
			t.Errorf("sets %d and %d have the same hash", other, i)
		}
		seen[hash] = i
	}
	if again := build(Shape{1, 2, 1}, []string{"a", "bc"}, []uint8{1, 2, 3, 4}, []uint16{0, 1}); again != hashes[0] {
		t.Error("the same set has two hashes")
	}
}

func TestWhoeverChangesTheListOfClassesChangesACopy(t *testing.T) {
	s := made(t, Shape{1, 1, 1}, 2, 4)
	s.Classes()[0] = "changed"
	if s.Classes()[0] != "0" {
		t.Error("the set's own class names changed")
	}
}
