package data

import "testing"

// BenchmarkBatchesOfGreyImages is the work of an epoch over images like those of MNIST, cropped and mirrored.
func BenchmarkBatchesOfGreyImages(b *testing.B) {
	benchmarkBatches(b, Shape{28, 28, 1}, []Augment{Crop{Padding: 2}, Flip{}})
}

// BenchmarkBatchesOfColourImages is the same over images like those of CIFAR, with a cutout as well.
func BenchmarkBatchesOfColourImages(b *testing.B) {
	benchmarkBatches(b, Shape{32, 32, 3}, []Augment{Crop{Padding: 4}, Flip{}, Cutout{Size: 8}})
}

func benchmarkBatches(b *testing.B, shape Shape, augment []Augment) {
	const images = 5000
	view := made(b, shape, 10, images).View()
	batches, err := NewBatches(view, BatchOptions{Size: 64, Shuffle: true, Normalisation: view.Stats(), Augment: augment})
	if err != nil {
		b.Fatal(err)
	}
	for e := 0; b.Loop(); e++ {
		for range batches.Epoch(e) {
		}
	}
	b.ReportMetric(float64(images*b.N)/b.Elapsed().Seconds(), "images/s")
}

// BenchmarkGlyphs renders 6,000 training images, as the quickstart does.
func BenchmarkGlyphs(b *testing.B) {
	o, err := GlyphOptions{}.resolved()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := renderGlyphs(o, "train", 6000, trainFaces()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(6000*b.N)/b.Elapsed().Seconds(), "images/s")
}
