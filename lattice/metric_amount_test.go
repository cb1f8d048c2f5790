package lattice_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
)

// latency is a metric of real numbers, in milliseconds.
const latency lattice.Metric = "latency"

// timed is a lattice with latency in bins of 0.01 ms.
func timed(t *testing.T) *lattice.Lattice {
	t.Helper()
	l, err := compiled(t, smallMobile(t).space).WithCosts(lattice.CostModel{
		Metric: latency, Unit: "ms", Bin: 0.01, Of: func(lattice.Step) float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAnAmountIsReadInWholeBinsAndAsItIs(t *testing.T) {
	l := timed(t)
	for _, c := range []struct {
		metric   lattice.Metric
		text     string
		down, up int64
		cost     float64
	}{
		{lattice.Params, "1_500", 1500, 1500, 1500},
		{lattice.MACs, "1.5M", 1500000, 1500000, 1.5e6},
		{lattice.OptionCount("", "k5"), "0", 0, 0, 0},
		{lattice.Memory, "4KiB", 4096, 4096, 4096},
		{lattice.Memory, "0.5KiB", 512, 512, 512},
		{lattice.Memory, "100k", 100000, 100000, 100000},
		{latency, "1.234", 123, 124, 1.234},
		{latency, "1.23 ms", 123, 123, 1.23},
		{latency, "1234us", 123, 124, 1.234},
		{latency, "0", 0, 0, 0},
	} {
		down, err := l.ParseAmount(c.metric, c.text, false)
		if err != nil || down != c.down {
			t.Errorf("%s of %s is %d (%v), want %d", c.text, c.metric, down, err, c.down)
		}
		up, err := l.ParseAmount(c.metric, c.text, true)
		if err != nil || up != c.up {
			t.Errorf("%s of %s, rounded up, is %d (%v), want %d", c.text, c.metric, up, err, c.up)
		}
		cost, err := l.ParseCost(c.metric, c.text)
		if err != nil || cost != c.cost {
			t.Errorf("%s of %s is %v (%v), want %v", c.text, c.metric, cost, err, c.cost)
		}
	}
}

func TestWhatIsNoAmountIsSaidSo(t *testing.T) {
	l := timed(t)
	for _, c := range []struct {
		metric     lattice.Metric
		text, want string
	}{
		{lattice.Params, "few", `"few" is not a count of at least 1`},
		{lattice.Params, "0", `"0" is not a count of at least 1`},
		{lattice.Params, "99999999999999999999", `"99999999999999999999" is too large; the largest amount is 9,223,372,036,854,775,806 params`},
		{lattice.Params, "9223372036854775807", `"9223372036854775807" is too large`}, // no limit at all, were it one
		{lattice.Memory, "4", ""},
		{lattice.Memory, "0.3B", `"0.3B" is no memory`},
		{lattice.Memory, "4ms", `"4ms" is no memory`},
		{lattice.Memory, "9999999999GiB", `"9999999999GiB" is more memory than there is`},
		{latency, "4KiB", `"4KiB" is no latency, such as 20 or 20ms`},
		{latency, "-4", `"-4" is no latency`},
		{latency, "1e9", `"1e9" is no latency`},
		{latency, "99999999999999999999s", `"99999999999999999999s" is too large; the largest amount is 92233720368547758.06 ms of latency`},
	} {
		_, err := l.ParseAmount(c.metric, c.text, false)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s of %s: %v\nwant %s", c.text, c.metric, err, c.want)
		}
	}
	if x, err := l.ParseCost(latency, strings.Repeat("9", 400)); err == nil {
		t.Errorf("400 nines are %v", x)
	}
}
