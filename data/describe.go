package data

// Description is what can be said of a Dataset before any training.
type Description struct {
	Kind    Kind     `json:"kind"`
	Shape   Shape    `json:"shape"`
	Classes []string `json:"classes"`
	Parts   []Part   `json:"parts"` // as published: train, then validation and test where there are such parts
}

// Part describes one part of a Dataset.
type Part struct {
	Name   string    `json:"name"`
	Images int       `json:"images"`
	Counts []int     `json:"counts"` // images by class
	Mean   []float64 `json:"mean,omitempty"`
	Std    []float64 `json:"std,omitempty"`
	Hash   string    `json:"sha256"` // of shape, classes, labels and pixels; see Set.Hash
}

// Describe counts and sums up a dataset. Mean and standard deviation (of pixels/255, by channel) are given for the
// training part only, the one part that normalisation may look at.
func Describe(d *Dataset) Description {
	description := Description{Kind: d.kind, Shape: d.Shape(), Classes: d.Classes()}
	for _, part := range []struct {
		name string
		set  *Set
	}{{"train", d.train}, {"validation", d.validation}, {"test", d.test}} {
		if part.set == nil {
			continue
		}
		view := part.set.View()
		about := Part{Name: part.name, Images: view.Len(), Counts: view.Counts(), Hash: part.set.Hash()}
		if part.set == d.train {
			stats := view.Stats()
			about.Mean, about.Std = stats.Mean, stats.Std
		}
		description.Parts = append(description.Parts, about)
	}
	return description
}
