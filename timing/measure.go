package timing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
)

// Options say when a measurement is good enough.
type Options struct {
	Within float64       // half of the 95% confidence interval of the median, as a share of it; default 0.01
	Most   time.Duration // time for one measurement at most; default one second
}

func (o Options) filled() Options {
	if o.Within == 0 {
		o.Within = 0.01
	}
	if o.Most == 0 {
		o.Most = time.Second
	}
	return o
}

// Figures are what runs of a network took, in milliseconds.
type Figures struct {
	Median, Mean, Deviation float64
	Count                   int     // of samples; each is the mean of as many runs in a row as take a twentieth of a millisecond
	Within                  float64 // half of the 95% confidence interval of the median, as a share of it
}

const (
	leastSample  = 50 * time.Microsecond // so that reading the clock does not count
	leastSamples = 20
	mostSamples  = 20000
)

// Measure runs the network of g until the confidence interval of the median is narrow enough or the time is over. The interval is that of
// order statistics, which asks nothing of the distribution. Runs are warmed up for a tenth of the time at most, and at least three times.
func Measure(ctx context.Context, g *network.Graph, o Options) (Figures, error) {
	o = o.filled()
	run, err := model.Infer(g, 1, 1)
	if err != nil {
		return Figures{}, fmt.Errorf("timing: %w", err)
	}
	defer run.Close()
	x := make([]float32, g.Input().Elements())
	random := stream.New(1, "timing")
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	run.Feed(x)
	return sampled(ctx, run.Forward, time.Now, o)
}

// sampled times run by a clock.
func sampled(ctx context.Context, run func(), now func() time.Time, o Options) (Figures, error) {
	start := now()
	warm, runs := o.Most/10, 0
	for runs < 3 || now().Sub(start) < warm && runs < 100 {
		run()
		runs++
	}
	each := max(1, int(leastSample*time.Duration(runs)/max(1, now().Sub(start))))
	var samples []float64
	start = now()
	for next := leastSamples; ; {
		if err := ctx.Err(); err != nil {
			return Figures{}, err
		}
		at := now()
		for range each {
			run()
		}
		end := now()
		samples = append(samples, end.Sub(at).Seconds()*1e3/float64(each))
		over := end.Sub(start) >= o.Most || len(samples) == mostSamples
		if len(samples) < next && !(over && len(samples) >= 3) {
			continue
		}
		next = len(samples) + len(samples)/4
		if f := figuresOf(samples); over || f.Within <= o.Within {
			return f, nil
		}
	}
}

// figuresOf sums samples up.
func figuresOf(samples []float64) Figures {
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	f := Figures{Count: n, Median: (sorted[(n-1)/2] + sorted[n/2]) / 2}
	for _, x := range sorted {
		f.Mean += x / float64(n)
	}
	for _, x := range sorted {
		f.Deviation += (x - f.Mean) * (x - f.Mean) / float64(n)
	}
	f.Deviation = math.Sqrt(f.Deviation)
	// The median lies between the order statistics n/2 ± 1.96·√n/2 in 95 of 100 cases, by the normal approximation of the binomial.
	off := 0.98 * math.Sqrt(float64(n))
	low, high := max(0, int(math.Floor(float64(n)/2-off))), min(n-1, int(math.Ceil(float64(n)/2+off)))
	if f.Median > 0 {
		f.Within = (sorted[high] - sorted[low]) / 2 / f.Median
	}
	return f
}
