package overhead

import (
	"slices"
	"time"
)

// Figure is one measurement.
type Figure struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"` // "/s", of which more is better, or "ms", of which less is
	Value float64 `json:"value"`
	// Peers are measurements of the same by other programs in the same run; none where they were not asked for or are not there.
	Peers []PeerFigure `json:"peers,omitempty"`
}

// PeerFigure is a measurement of another program.
type PeerFigure struct {
	Name  string  `json:"peer"`
	Value float64 `json:"value"`
}

// milliseconds returns the shortest of so many runs of f: other programs can only make one longer.
func milliseconds(runs int, f func()) float64 {
	times := make([]time.Duration, runs)
	for i := range times {
		start := time.Now()
		f()
		times[i] = time.Since(start)
	}
	return slices.Min(times).Seconds() * 1000
}
