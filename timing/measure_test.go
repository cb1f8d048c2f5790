package timing

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
)

// clock is a clock that runs move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestTheMedianStandsOutliers(t *testing.T) {
	c, random, calls := &clock{}, stream.New(1, "runs"), 0
	run := func() {
		calls++
		took := 200*time.Microsecond + time.Duration(random.IntN(4000))
		if calls%10 == 0 {
			took *= 50 // another program
		}
		c.at = c.at.Add(took)
	}
	f, err := sampled(context.Background(), run, c.now, Options{Within: 0.01, Most: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if f.Median < 0.2 || f.Median > 0.204 || f.Within > 0.01 || f.Mean < 2*f.Median || f.Deviation < f.Mean || f.Count < leastSamples {
		t.Errorf("got %+v of runs that take 0.2 ms, and now and then fifty times that", f)
	}
}

func TestShortRunsAreTimedTogether(t *testing.T) {
	c, calls := &clock{}, 0
	run := func() { calls++; c.at = c.at.Add(100 * time.Nanosecond) }
	f, err := sampled(context.Background(), run, c.now, Options{Within: 0.01, Most: time.Second})
	if err != nil || math.Abs(f.Median-1e-4) > 1e-12 || calls < 500*leastSamples {
		t.Errorf("got %+v (%v) after %d runs of 100 ns", f, err, calls)
	}
}

func TestTheTimeIsOverBeforeTheMedianIsSure(t *testing.T) {
	c, random := &clock{}, stream.New(1, "runs")
	run := func() { c.at = c.at.Add(time.Duration(1+random.IntN(1000)) * time.Millisecond) }
	f, err := sampled(context.Background(), run, c.now, Options{Within: 0.001, Most: 5 * time.Second})
	if err != nil || f.Within <= 0.001 || f.Count > 100 {
		t.Errorf("got %+v (%v) within five seconds", f, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sampled(ctx, run, c.now, Options{Within: 0.001, Most: 5 * time.Second}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after the end", err)
	}
}

func TestAPartOfANetworkIsMeasured(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 4})
	g, err := b.Build(b.Add(network.Conv{Out: 8, Kernel: 3, Stride: 1}, b.Input()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Measure(context.Background(), g, Options{Most: 20 * time.Millisecond})
	if err != nil || !(f.Median > 0) || f.Count < 3 {
		t.Errorf("got %+v (%v)", f, err)
	}
}
