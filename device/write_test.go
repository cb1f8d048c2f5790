package device_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/space"
)

func TestTheFastestRoundCounts(t *testing.T) {
	var m device.Measured
	for _, median := range []float64{3, 2, 4} {
		m = m.With(device.Measured{Operator: identity(t), Median: median, Count: int(10 * median)})
	}
	if m.Median != 2 || m.Count != 20 || m.Rounds != 3 {
		t.Errorf("got %+v", m)
	}
}

func TestMeasurementsReadBack(t *testing.T) {
	a, b, c := mbconv(t, 3, 16, 6), mbconv(t, 5, 24, 2.5), identity(t)
	measured := []device.Measured{{a, 0.125, 0.13, 0.01, 200, 3}, {b, 0.5, 0.5000004, 0, 20, 1}}
	text := device.CostFile(measured, "of this machine")
	if !strings.HasPrefix(string(text), "# of this machine\ntrellis-cost: 1\n") || !strings.Contains(string(text), "\nbin: 0.001\n") {
		t.Errorf("the file begins so: %s", text)
	}
	back, err := device.ReadMeasured("t.yaml", text, []space.Operator{c, b, a})
	if err != nil {
		t.Fatal(err)
	}
	if len(back) != 2 || back[0].Operator.Key() != b.Key() || back[0].Count != 20 || back[0].Mean != 0.5 || back[1].Median != 0.125 || back[1].Deviation != 0.01 || back[1].Rounds != 3 {
		t.Errorf("got %+v", back)
	}
	again := device.CostFile([]device.Measured{back[1], back[0]}, "of this machine")
	if !slices.Equal(again, text) {
		t.Errorf("written again it is\n%s\nnot\n%s", again, text)
	}
	if _, err := device.ReadMeasured("t.yaml", []byte("trellis-cost: 1\ncosts: {}\n"), nil); err == nil || !strings.Contains(err.Error(), `t.yaml:2:1: unknown key "costs"`) {
		t.Errorf("a file of other costs: %v", err)
	}
	if none := device.CostFile(nil); !strings.Contains(string(none), "rows: []") {
		t.Errorf("without measurements it is %s", none)
	}
}
