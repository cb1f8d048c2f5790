package data_test

import (
	"fmt"

	"github.com/trellis-nas/trellis/data"
)

// A dataset is opened, divided by seed and cut into batches; the test set stays sealed until someone says why.
func Example() {
	glyphs, err := data.Open("glyphs", data.Options{Glyphs: data.GlyphOptions{Size: 20, Train: 720}})
	if err != nil {
		fmt.Println(err)
		return
	}
	splits, err := glyphs.Split(data.SplitOptions{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	batches, err := data.NewBatches(splits.Train, data.BatchOptions{
		Size: 64, Seed: 1, Shuffle: true, DropLast: true,
		Normalisation: splits.Normalisation(),
		Augment:       []data.Augment{data.Crop{Padding: 2}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	images := 0
	for batch := range batches.Epoch(0) {
		images += batch.Len()
	}
	fmt.Println(images, "images of", glyphs.Shape(), "in", len(glyphs.Classes()), "classes")

	test, err := splits.Test.Open("the finalists are chosen")
	fmt.Println(test.Len(), "test images,", err)
	_, err = splits.Test.Open("one more look")
	fmt.Println(err)
	// Output:
	// 704 images of 20x20x1 in 36 classes
	// 1800 test images, <nil>
	// the sealed test set was opened before (the finalists are chosen) and opens only once, so not for "one more look"
}
