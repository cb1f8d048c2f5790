package predict

import (
	"compress/gzip"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
)

// measured are transformers with a latency: HAT (Wang et al., "HAT: Hardware-Aware Transformers for Efficient Natural Language
// Processing", 2020), of which the first n are read. Options are the features in six steps of about as many networks each.
func measured(t *testing.T, device string, n int) (points []*Point, latency []float64) {
	t.Helper()
	f, err := os.Open(published.Data(t, "nas", "hat_latency_wmt14ende_cpu_"+device+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const features, steps = 10, 6
	rows = rows[1 : n+1]
	number := func(row, column int) float64 {
		x, err := strconv.ParseFloat(rows[row][column], 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for i := range rows {
		points = append(points, &Point{Options: make([]int, features)})
		latency = append(latency, number(i, features)+number(i, features+1)) // encoder and decoder
	}
	for c := range features {
		var all []float64
		for i := range rows {
			all = append(all, number(i, c))
		}
		slices.Sort(all)
		for i, p := range points {
			below, _ := slices.BinarySearch(all, number(i, c))
			p.Options[c] = 1 + steps*below/len(all)
		}
	}
	return points, latency
}

// ranked returns the rank correlation of Spearman, equal values sharing their mean rank.
func ranked(a, b []float64) float64 {
	ranks := func(x []float64) []float64 {
		sorted := slices.Sorted(slices.Values(x))
		out := make([]float64, len(x))
		for i, v := range x {
			first, _ := slices.BinarySearch(sorted, v)
			last := first
			for last < len(sorted) && sorted[last] == v {
				last++
			}
			out[i] = float64(first+last) / 2
		}
		return Standardise(out)
	}
	return dot(ranks(a), ranks(b)) / float64(len(a))
}

// The figures are those of docs/strategies.md less a hundredth.
func TestModelsOrderTransformersByLatency(t *testing.T) {
	const n, folds = 500, 5
	for device, least := range map[string]map[string]float64{
		"xeon":        {"linear": 0.952, "gp": 0.957, "forest": 0.963, "boosted": 0.964},
		"raspberrypi": {"linear": 0.812, "gp": 0.786, "forest": 0.788, "boosted": 0.801},
	} {
		points, latency := measured(t, device, n)
		expected := map[string][]float64{}
		for name := range least {
			expected[name] = make([]float64, n)
		}
		for fold := range folds {
			var train, test []*Point
			var told []float64
			var at []int
			for i, p := range points {
				if i%folds == fold {
					test, at = append(test, p), append(at, i)
				} else {
					train, told = append(train, p), append(told, latency[i])
				}
			}
			for name, values := range predictions(train, Normalise(told), test) {
				for k, i := range at {
					expected[name][i] = values[k]
				}
			}
		}
		for name, want := range least {
			got := ranked(expected[name], latency)
			t.Logf("%s: %s %.3f", device, name, got)
			if got < want {
				t.Errorf("%s: the rank correlation of %s is %.3f, want %.3f at least", device, name, got, want)
			}
		}
	}
}

// predictions returns what each model, told of some points, expects of others.
func predictions(train []*Point, told []float64, test []*Point) map[string][]float64 {
	out := map[string][]float64{}
	r := rand.New(rand.NewPCG(1, 2))
	gp := NewGP(NewKernel(train, false, []KernelView{Hamming{}}))
	for _, p := range train {
		gp.Add(p)
	}
	gp.Tune(told)
	pool := gp.Over(test)
	pool.Update()
	out["gp"] = pool.Mean(told)
	binary := NewFeatures(train, false)
	rows := binary.Rows(train)
	forest, boosted := NewForest(rows, told, 40, r), NewBoosted(rows, told, 5, r)
	var features [][]uint64
	of := func(p *Point) (all []uint64) {
		for c, o := range p.Options {
			all = append(all, Feature(strconv.Itoa(c), strconv.Itoa(o)))
		}
		return all
	}
	for _, p := range train {
		features = append(features, of(p))
	}
	linear := NewLinear(features, told)
	const draws = 100
	sums := make([]float64, len(test))
	for range draws {
		weight := linear.Draw(r)
		for i, p := range test {
			for _, f := range of(p) {
				sums[i] += weight(f)
			}
		}
	}
	out["linear"] = sums
	for _, p := range test {
		row := binary.Row(p)
		f, _ := forest.Predict(row)
		b, _ := boosted.Predict(row)
		out["forest"], out["boosted"] = append(out["forest"], f), append(out["boosted"], b)
	}
	return out
}
