package train

import "slices"

// Score is how a network did on a view.
type Score struct {
	Samples int      `json:"samples"`
	Correct int      `json:"correct"`
	Loss    float64  `json:"loss"` // mean cross-entropy in nats, without label smoothing
	Classes []string `json:"classes"`
	// Confusion counts the samples of class i (first index) that were taken for class j (second index).
	Confusion [][]int `json:"confusion"`
}

// Accuracy returns the share of correct samples, 0 to 1.
func (s Score) Accuracy() float64 {
	if s.Samples == 0 {
		return 0
	}
	return float64(s.Correct) / float64(s.Samples)
}

// Class is one line of a Score: how the samples of one class fared.
type Class struct {
	Name      string  `json:"name"`
	Samples   int     `json:"samples"`
	Correct   int     `json:"correct"`
	Recall    float64 `json:"recall"`    // share of the class's samples that were recognised; 0 where there were none
	Precision float64 `json:"precision"` // share of right answers among all answers of this class; 0 where there were none
	// Confused is the class that its samples were most often mistaken for, the first of equals; empty without mistakes.
	Confused string `json:"confused,omitempty"`
}

// PerClass returns one line a class, in the order of the labels.
func (s Score) PerClass() []Class {
	lines := make([]Class, len(s.Classes))
	answers := make([]int, len(s.Classes))
	for _, row := range s.Confusion {
		for j, n := range row {
			answers[j] += n
		}
	}
	for i, row := range s.Confusion {
		c := Class{Name: s.Classes[i], Correct: row[i]}
		mistakes := slices.Clone(row)
		mistakes[i] = 0
		for j, n := range row {
			c.Samples += n
			if c.Confused == "" && mistakes[j] > 0 && n == slices.Max(mistakes) && j != i {
				c.Confused = s.Classes[j]
			}
		}
		c.Recall, c.Precision = ratio(c.Correct, c.Samples), ratio(c.Correct, answers[i])
		lines[i] = c
	}
	return lines
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// newScore returns the empty score over the given classes.
func newScore(classes []string) Score {
	s := Score{Classes: classes, Confusion: make([][]int, len(classes))}
	cells := make([]int, len(classes)*len(classes))
	for i := range s.Confusion {
		s.Confusion[i], cells = cells[:len(classes):len(classes)], cells[len(classes):]
	}
	return s
}
