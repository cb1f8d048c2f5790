package train

import (
	"reflect"
	"testing"
)

func TestAScoreTellsEachClassItsRecallPrecisionAndRival(t *testing.T) {
	s := newScore([]string{"cat", "dog", "owl", "emu"})
	for truth, row := range [][]int{{6, 3, 1, 0}, {2, 8, 0, 0}, {0, 0, 5, 0}, {0, 0, 0, 0}} {
		for guess, n := range row {
			s.Confusion[truth][guess] = n
			s.Samples += n
		}
		s.Correct += row[truth]
	}
	want := []Class{
		{Name: "cat", Samples: 10, Correct: 6, Recall: 0.6, Precision: 0.75, Confused: "dog"},
		{Name: "dog", Samples: 10, Correct: 8, Recall: 0.8, Precision: 8.0 / 11, Confused: "cat"},
		{Name: "owl", Samples: 5, Correct: 5, Recall: 1, Precision: 5.0 / 6},
		{Name: "emu"},
	}
	if got := s.PerClass(); !reflect.DeepEqual(got, want) {
		t.Errorf("the classes fared\n%+v; want\n%+v", got, want)
	}
	if s.Accuracy() != 0.76 {
		t.Errorf("the accuracy of 19 right out of 25 is %v; want 0.76", s.Accuracy())
	}
	if a := (Score{}).Accuracy(); a != 0 {
		t.Errorf("the accuracy on nothing is %v; want 0", a)
	}
}
