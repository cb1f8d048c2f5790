package predict

import "math"

// Kernel is the covariance of a Gaussian process before anything is known: a sum of terms, each
//
//	amplitude · exp(−Σ distance/(scale·length) over its views),
//
// and of a trend that is linear in the logarithms of the costs. Amplitudes and lengths are hyper-parameters of the [GP].
type Kernel struct {
	views  []KernelView
	scales []float64
	terms  [][]int // indexes of views
	trend  *trend  // nil for none
}

// trend is linear in standardised log costs.
type trend struct{ centre, spread [2]float64 }

func (t *trend) inner(a, b *Point) float64 {
	var sum float64
	for i := range a.Cost {
		if t.spread[i] > 0 {
			sum += (a.Cost[i] - t.centre[i]) / t.spread[i] * (b.Cost[i] - t.centre[i]) / t.spread[i]
		}
	}
	return sum / 2
}

// NewKernel returns the kernel with a term for each list of views. A view is scaled by the mean distance between the points of a
// sample, which should be drawn from the region; a view that cannot tell them apart is left out. With trend, costs that differ within
// the sample get a linear trend: what costs more tends to be better, or worse.
func NewKernel(sample []*Point, withTrend bool, terms ...[]KernelView) Kernel {
	var k Kernel
	for _, views := range terms {
		var term []int
		for _, v := range views {
			if scale := meanDistance(v, sample); scale > 0 {
				term = append(term, len(k.views))
				k.views, k.scales = append(k.views, v), append(k.scales, scale)
			}
		}
		if len(term) > 0 {
			k.terms = append(k.terms, term)
		}
	}
	if t := trendOf(sample); withTrend && (t.spread[0] > 0 || t.spread[1] > 0) {
		k.trend = t
	}
	return k
}

// Mixture returns the kernel that makes no bet on how architectures are best compared: the sum of Hamming, graphs, and costs with
// their trend. The marginal likelihood decides how much each of them counts.
func Mixture(sample []*Point) Kernel {
	return NewKernel(sample, true, []KernelView{Hamming{}}, []KernelView{Graphs{}}, []KernelView{Costs{}})
}

// meanDistance compares each point of a sample with some others.
func meanDistance(v KernelView, sample []*Point) float64 {
	const others = 8
	var sum float64
	n := 0
	for i, a := range sample {
		for step := 1; step <= others; step++ {
			if j := i + step*step; j < len(sample) {
				sum += v.Distance(a, sample[j])
				n++
			}
		}
	}
	return sum / math.Max(1, float64(n))
}

func trendOf(sample []*Point) *trend {
	var t trend
	for i := range t.centre {
		var sum, squares float64
		for _, p := range sample {
			sum += p.Cost[i]
		}
		t.centre[i] = sum / math.Max(1, float64(len(sample)))
		for _, p := range sample {
			squares += (p.Cost[i] - t.centre[i]) * (p.Cost[i] - t.centre[i])
		}
		t.spread[i] = math.Sqrt(squares / math.Max(1, float64(len(sample)-1)))
		if t.spread[i] < 1e-9 {
			t.spread[i] = 0
		}
	}
	return &t
}

// Hyper-parameters are logarithms: for each term its amplitude and the lengths of its views, then the amplitude of the trend if there
// is one, then the variance of the noise. Their prior is normal. Targets have variance 1, and the terms share it; a length of 1 is the
// mean distance, or √m times that where m views multiply; the noise is believed to be small.
const (
	logNoise        = -4.0
	amplitudeSpread = 1.5
	lengthSpread    = 1.0
)

func (k Kernel) prior() (mean, spread []float64) {
	summands := len(k.terms)
	if k.trend != nil {
		summands++
	}
	amplitude := -math.Log(math.Max(1, float64(summands)))
	for _, t := range k.terms {
		mean, spread = append(mean, amplitude), append(spread, amplitudeSpread)
		for range t {
			mean, spread = append(mean, math.Log(float64(len(t)))/2), append(spread, lengthSpread)
		}
	}
	if k.trend != nil {
		mean, spread = append(mean, amplitude), append(spread, amplitudeSpread)
	}
	return append(mean, logNoise), append(spread, amplitudeSpread)
}

// decoded is a kernel with hyper-parameters, the logarithms undone where that is faster.
type decoded struct {
	terms []decodedTerm
	trend float64
	noise float64
}

type decodedTerm struct {
	logAmplitude float64
	views        []int
	rates        []float64 // 1/length
}

func (k Kernel) decode(theta []float64) decoded {
	var d decoded
	for _, t := range k.terms {
		term := decodedTerm{logAmplitude: theta[0], views: t}
		for _, l := range theta[1 : 1+len(t)] {
			term.rates = append(term.rates, math.Exp(-l))
		}
		d.terms = append(d.terms, term)
		theta = theta[1+len(t):]
	}
	if k.trend != nil {
		d.trend = math.Exp(theta[0])
		theta = theta[1:]
	}
	d.noise = math.Exp(theta[0])
	return d
}

// of returns a term's covariance at distances, of which it takes those of its views.
func (t *decodedTerm) of(distance func(view int) float64) float64 {
	e := t.logAmplitude
	for j, v := range t.views {
		e -= t.rates[j] * distance(v)
	}
	return math.Exp(e)
}

// self returns the covariance of a point with itself, without noise.
func (d *decoded) self(inner float64) float64 {
	k := d.trend * inner
	for i := range d.terms {
		k += math.Exp(d.terms[i].logAmplitude)
	}
	return k
}
