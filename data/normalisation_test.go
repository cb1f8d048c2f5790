package data

import (
	"math"
	"testing"
)

func TestStatisticsAreThoseOfTheChannels(t *testing.T) {
	s, err := NewSet(Shape{1, 2, 3}, numbered(2), []uint8{0, 255, 7, 255, 255, 7, 0, 255, 7, 255, 255, 7}, []uint16{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	n := s.View().Stats()
	for c, want := range []struct{ mean, std float64 }{{0.5, 0.5}, {1, 0}, {7. / 255, 0}} {
		if math.Abs(n.Mean[c]-want.mean) > 1e-12 || math.Abs(n.Std[c]-want.std) > 1e-12 {
			t.Errorf("channel %d has mean %v and std %v; want %v and %v", c, n.Mean[c], n.Std[c], want.mean, want.std)
		}
	}
}

func TestNormalisedImagesHaveMeanZeroAndDeviationOne(t *testing.T) {
	view := made(t, Shape{5, 4, 3}, 2, 50).View()
	b, err := NewBatches(view, BatchOptions{Size: 50, Normalisation: view.Stats()})
	if err != nil {
		t.Fatal(err)
	}
	for batch := range b.Epoch(0) {
		for c := range 3 {
			var sum, squares float64
			for i := c; i < len(batch.Images); i += 3 {
				sum += float64(batch.Images[i])
				squares += float64(batch.Images[i]) * float64(batch.Images[i])
			}
			n := float64(len(batch.Images) / 3)
			if mean, std := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 1e-6 || math.Abs(std-1) > 1e-6 {
				t.Errorf("channel %d has mean %v and deviation %v", c, mean, std)
			}
		}
	}
}

func TestAChannelThatNeverChangesIsNotDividedByZero(t *testing.T) {
	s, err := NewSet(Shape{1, 1, 1}, numbered(2), []uint8{51, 51}, []uint16{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBatches(s.View(), BatchOptions{Size: 2, Normalisation: s.View().Stats()})
	if err != nil {
		t.Fatal(err)
	}
	for batch := range b.Epoch(0) {
		if batch.Images[0] != 0 || batch.Images[1] != 0 {
			t.Errorf("the pixels are %v; want zeros", batch.Images)
		}
	}
}
