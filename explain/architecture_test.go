package explain_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/trellis-nas/trellis/explain"
)

func TestAFigureIsPrintedWithoutWhatRoundingLeaves(t *testing.T) {
	for x, want := range map[explain.Figure]string{
		0.9999999999999999: "1", 0.3408000000000001: "0.3408", explain.Figure(0.30000000000000004): "0.3", 1.0 / 3: "0.333333333333", 0: "0", -2.5: "-2.5", 1e-300: "1e-300", 15625: "15625",
	} {
		if got, err := json.Marshal(x); err != nil || string(got) != want {
			t.Errorf("%v is printed as %s (%v), want %s", float64(x), got, err, want)
		}
	}
	if _, err := json.Marshal(explain.Figure(math.NaN())); err == nil {
		t.Error("no number is printed as one")
	}
}
