package data

import (
	"math"
	"slices"
	"testing"
)

// epoch returns every image of an epoch by its position in the set, and the order of the positions.
func epoch(t *testing.T, v View, o BatchOptions, number int) (map[int][]float32, []int) {
	t.Helper()
	b, err := NewBatches(v, o)
	if err != nil {
		t.Fatal(err)
	}
	images, order := map[int][]float32{}, []int{}
	n := v.Shape().Len()
	for batch := range b.Epoch(number) {
		for i, at := range batch.Index {
			images[at] = slices.Clone(batch.Images[i*n : (i+1)*n])
			order = append(order, at)
			if int(batch.Labels[i]) != v.set.Label(at) {
				t.Fatalf("image %d carries label %d; want %d", at, batch.Labels[i], v.set.Label(at))
			}
		}
	}
	return images, order
}

func everything(size int) BatchOptions {
	return BatchOptions{Size: size, Seed: 9, Shuffle: true, Augment: []Augment{Crop{Padding: 2}, Flip{}, Cutout{Size: 3}}}
}

func TestAnImageLooksTheSameWhateverTheBatchSize(t *testing.T) {
	view := made(t, Shape{6, 5, 3}, 3, 50).View()
	want, order := epoch(t, view, everything(7), 4)
	for _, size := range []int{1, 16, 50, 1000} {
		got, other := epoch(t, view, everything(size), 4)
		if !slices.Equal(order, other) {
			t.Errorf("batches of %d come in another order", size)
		}
		for at, image := range want {
			if !slices.Equal(image, got[at]) {
				t.Errorf("image %d looks different in batches of %d", at, size)
			}
		}
	}
}

func TestAnImageLooksTheSameWhateverElseIsInTheView(t *testing.T) {
	set := made(t, Shape{6, 5, 3}, 3, 50)
	want, _ := epoch(t, set.View(), everything(8), 1)
	few, _ := stratify(set.View(), 12, 5, "some")
	got, _ := epoch(t, few, everything(8), 1)
	for at, image := range got {
		if !slices.Equal(image, want[at]) {
			t.Errorf("image %d depends on the other images", at)
		}
	}
}

func TestEpochsDifferAndRepeat(t *testing.T) {
	view := made(t, Shape{6, 5, 1}, 3, 50).View()
	b, err := NewBatches(view, everything(50))
	if err != nil {
		t.Fatal(err)
	}
	look := func(number int) (images []float32) {
		for batch := range b.Epoch(number) {
			images = slices.Clone(batch.Images)
		}
		return images
	}
	first, second := look(0), look(1)
	if slices.Equal(first, second) {
		t.Error("two epochs are the same")
	}
	if !slices.Equal(first, look(0)) {
		t.Error("an epoch that is asked for again is another")
	}
}

func TestSeedsGiveDifferentOrdersAndPictures(t *testing.T) {
	view := made(t, Shape{6, 5, 1}, 3, 50).View()
	one, other := everything(50), everything(50)
	other.Seed++
	a, orderA := epoch(t, view, one, 0)
	b, orderB := epoch(t, view, other, 0)
	same := 0
	for at := range a {
		if slices.Equal(a[at], b[at]) {
			same++
		}
	}
	if slices.Equal(orderA, orderB) || same > 5 {
		t.Errorf("two seeds have %d of 50 images in common", same)
	}
}

func TestEveryImageComesOnceAndTheLastBatchAsWished(t *testing.T) {
	view := made(t, Shape{1, 1, 1}, 2, 10).View()
	for _, c := range []struct {
		drop bool
		want []int
	}{{false, []int{4, 4, 2}}, {true, []int{4, 4}}} {
		b, err := NewBatches(view, BatchOptions{Size: 4, Shuffle: true, DropLast: c.drop})
		if err != nil {
			t.Fatal(err)
		}
		var sizes []int
		seen := map[int]bool{}
		for batch := range b.Epoch(0) {
			sizes = append(sizes, batch.Len())
			for _, at := range batch.Index {
				if seen[at] {
					t.Errorf("image %d came twice", at)
				}
				seen[at] = true
			}
		}
		if !slices.Equal(sizes, c.want) || b.Len() != len(c.want) || b.Images() != len(seen) {
			t.Errorf("batches of %v, %d of them announced with %d images; want %v", sizes, b.Len(), b.Images(), c.want)
		}
	}
}

func TestWithoutShufflingTheOrderIsThatOfTheView(t *testing.T) {
	view := made(t, Shape{1, 1, 1}, 2, 10).View()
	if _, order := epoch(t, view, BatchOptions{Size: 3}, 5); !slices.IsSorted(order) {
		t.Errorf("the order is %v", order)
	}
}

func TestPixelsBecomeFloatsFromZeroToOneWithoutNormalisation(t *testing.T) {
	s, err := NewSet(Shape{1, 2, 2}, numbered(2), []uint8{0, 255, 51, 102}, []uint16{1})
	if err != nil {
		t.Fatal(err)
	}
	images, _ := epoch(t, s.View(), BatchOptions{Size: 1}, 0)
	for i, want := range []float64{0, 1, 0.2, 0.4} {
		if math.Abs(float64(images[0][i])-want) > 1e-7 {
			t.Errorf("value %d is %v; want %v", i, images[0][i], want)
		}
	}
}

func TestPaddingIsBlackAfterNormalisationToo(t *testing.T) {
	s, err := NewSet(Shape{1, 1, 1}, numbered(2), []uint8{200, 200}, []uint16{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	o := BatchOptions{Size: 2, Normalisation: Normalisation{Mean: []float64{0.5}, Std: []float64{0.25}}, Augment: []Augment{Crop{Padding: 30}}}
	images, _ := epoch(t, s.View(), o, 0)
	if images[0][0] != -2 {
		t.Errorf("what came in from outside is %v; want (0-0.5)/0.25 = -2", images[0][0])
	}
}

func TestBatchesThatCannotBeAreRefused(t *testing.T) {
	view := made(t, Shape{1, 1, 3}, 2, 10).View()
	for _, c := range []struct {
		v    View
		o    BatchOptions
		want string
	}{
		{view, BatchOptions{}, "a batch of 0 images is impossible: want 1 or more"},
		{View{}, BatchOptions{Size: 1}, "an empty view cannot be cut into batches"},
		{view, BatchOptions{Size: 11, DropLast: true}, "batches of 11 images from 10 with the last one dropped would be none at all"},
		{view, BatchOptions{Size: 2, Normalisation: Normalisation{Mean: []float64{1}}}, "a normalisation of 1 channels does not fit images of 1x1x3"},
	} {
		if _, err := NewBatches(c.v, c.o); err == nil || err.Error() != c.want {
			t.Errorf("the error is %v; want %s", err, c.want)
		}
	}
}

func TestAnEpochAllocatesNextToNothing(t *testing.T) {
	b, err := NewBatches(made(t, Shape{8, 8, 1}, 2, 1000).View(), everything(10))
	if err != nil {
		t.Fatal(err)
	}
	allocations := testing.AllocsPerRun(5, func() {
		for range b.Epoch(0) {
		}
	})
	if allocations > 40 { // the two streams of an epoch; nothing for each of its 1000 images
		t.Errorf("an epoch of 1000 images made %v allocations", allocations)
	}
}
