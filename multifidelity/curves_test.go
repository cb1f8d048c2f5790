package multifidelity_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// curvesSeeds names the variable that asks for the comparison on published learning curves, with so many seeds.
const curvesSeeds = "TRELLIS_CURVES"

// curves are published learning curves: the validation accuracy of 200 architectures of NAS-Bench-201 after each of 200 epochs.
type curves struct {
	region    search.Region
	encodings *search.EncodingIndex
	valid     map[space.Arch][]float64
	best      float64 // after all epochs
}

const allEpochs = 200

func readCurves(t testing.TB) curves {
	t.Helper()
	file, err := os.Open(published.Data(t, "nas", "nb201_cifar10_learning_curves_200.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	nb201, err := space.NB201(space.NB201Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := curves{valid: map[space.Arch][]float64{}}
	var archs []space.Arch
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Arch  string    `json:"arch"`
			Valid []float64 `json:"valid_acc"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		a, err := nb201.Parse(row.Arch)
		if err != nil || len(row.Valid) != allEpochs {
			t.Fatalf("%s with %d epochs: %v", row.Arch, len(row.Valid), err)
		}
		archs, c.valid[a], c.best = append(archs, a), row.Valid, max(c.best, row.Valid[allEpochs-1])
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	listed, err := search.NewListed(nb201, archs)
	if err != nil {
		t.Fatal(err)
	}
	c.region, c.encodings = listed, search.NewEncodingIndex(listed)
	return c
}

// judge answers a proposal, and says how many epochs that took besides those that it continues.
func (c curves) judge(p trial.Proposal, from int) (trial.Result, int) {
	full := trial.Full(allEpochs)
	r := trial.Result{Key: p.Key, Arch: p.Arch, Fidelity: p.Fidelity.Or(full), Status: trial.OK}
	amount := r.Fidelity.Amount
	for i, x := range c.valid[p.Arch][:amount] {
		r.Curve = append(r.Curve, trial.Point{Amount: i + 1, Metrics: trial.Metrics{{Name: "accuracy", Value: x}}})
		if p.Stop.Active() {
			if stop, ends := p.Stop.Decide(r.Curve); ends && i+1 < amount {
				r.Stopped, r.Fidelity = &stop, r.Fidelity.At(i+1)
				break
			}
		}
	}
	r.Metrics = r.Curve[len(r.Curve)-1].Metrics
	return r, max(0, r.Fidelity.Amount-from)
}

// trajectory is the best accuracy after all epochs that was found, by the epochs that were spent.
type trajectory struct {
	spent []int
	best  []float64
}

// search drives a strategy, one trial at a time, until so many epochs are spent, the best architecture is found, or there is no more to propose.
func (c curves) search(t testing.TB, s search.Strategy, epochs int) (out trajectory) {
	spent, best := 0, 0.0
	reached := map[trial.Key]int{}
	for spent < epochs && best < c.best {
		all, state := s.Ask(1)
		if len(all) == 0 {
			if state != search.Done {
				t.Errorf("the strategy says %v", state)
			}
			break
		}
		r, cost := c.judge(all[0], reached[all[0].From])
		reached[r.Key] = r.Fidelity.Amount
		spent += cost
		if x := value(r, "accuracy"); r.Fidelity.Amount == allEpochs && x > best {
			best = x
			out.spent, out.best = append(out.spent, spent), append(out.best, best)
		}
		s.Tell([]trial.Result{r})
	}
	return out
}

// at returns the best accuracy after so many epochs, 0 before there is any.
func (tr trajectory) at(epochs int) float64 {
	i, _ := slices.BinarySearch(tr.spent, epochs+1)
	if i == 0 {
		return 0
	}
	return tr.best[i-1]
}

// until returns the epochs after which an accuracy was reached, +Inf where it never was.
func (tr trajectory) until(accuracy float64) float64 {
	for i, x := range tr.best {
		if x >= accuracy {
			return float64(tr.spent[i])
		}
	}
	return math.Inf(1)
}

// contestant is a strategy of the comparison.
type contestant struct {
	name string
	make func(search.Problem) (search.Strategy, error)
}

func evolution(p search.Problem) (search.Strategy, error) {
	return search.NewEvolution(p, search.EvolutionConfig{Population: 20, Sample: 5})
}

func contestants() []contestant {
	at := func(min, eta int) multifidelity.Config {
		return multifidelity.Config{Full: trial.Full(allEpochs), Min: min, Eta: eta}
	}
	list := []contestant{{"evolution", evolution}}
	add := func(name string, make func(search.Problem) (search.Strategy, error)) {
		list = append(list, contestant{name, make})
	}
	for _, c := range []struct{ min, eta int }{{7, 3}, {2, 3}, {3, 4}} {
		for _, s := range schedulers {
			add(fmt.Sprintf("%s, eta %d from %d", s.name, c.eta, c.min), func(p search.Problem) (search.Strategy, error) {
				return s.make(p, evolution, at(c.min, c.eta))
			})
		}
	}
	add("bohb over tpe, eta 3 from 7", func(p search.Problem) (search.Strategy, error) {
		return multifidelity.NewBOHB(p, nil, multifidelity.BOHBConfig{Config: at(7, 3)})
	})
	add("asha over random, eta 3 from 7", func(p search.Problem) (search.Strategy, error) {
		return multifidelity.NewASHA(p, random, at(7, 3))
	})
	add("median rule over evolution", func(p search.Problem) (search.Strategy, error) {
		inner, err := evolution(p)
		if err != nil {
			return nil, err
		}
		return multifidelity.NewMedianRule(p, inner, multifidelity.MedianConfig{Warmup: 5})
	})
	add("median rule over asha, eta 3 from 7", func(p search.Problem) (search.Strategy, error) {
		inner, err := multifidelity.NewASHA(p, evolution, at(7, 3))
		if err != nil {
			return nil, err
		}
		return multifidelity.NewMedianRule(p, inner, multifidelity.MedianConfig{Warmup: 5})
	})
	return list
}

// TestOnPublishedLearningCurves compares schedulers over evolution with evolution alone, one trial at a time, and prints tables for
// docs/strategies.md:
//
//	TRELLIS_CURVES=100 go test -run PublishedLearningCurves -timeout 1h -v ./multifidelity
//
// Without the variable it checks with few seeds that ASHA needs at most a third of the epochs.
func TestOnPublishedLearningCurves(t *testing.T) {
	c := readCurves(t)
	list, epochs := contestants(), 100*allEpochs
	seeds, err := strconv.Atoi(os.Getenv(curvesSeeds))
	if err != nil {
		seeds, epochs = 20, 30*allEpochs
		list = slices.DeleteFunc(list, func(c contestant) bool { return c.name != "evolution" && c.name != "asha, eta 3 from 7" })
	}
	runs := make([][]trajectory, len(list))
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i, one := range list {
		runs[i] = make([]trajectory, seeds)
		for seed := range seeds {
			group.Add(1)
			slots <- struct{}{}
			go func() {
				defer func() { <-slots; group.Done() }()
				s, err := one.make(search.Problem{
					Region: c.region, Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}}, Seed: uint64(seed), Encodings: c.encodings,
				})
				if err != nil {
					t.Error(err)
					return
				}
				runs[i][seed] = c.search(t, s, epochs)
			}()
		}
	}
	group.Wait()
	if t.Failed() {
		return
	}
	if err == nil {
		c.print(t, list, runs)
		return
	}
	alone, scheduled := meanAt(runs[0], epochs), meanAt(runs[1], epochs/3)
	if scheduled < alone {
		t.Errorf("ASHA over evolution finds %.3f %% in %d epochs, and evolution %.3f %% in %d", scheduled, epochs/3, alone, epochs)
	}
}

// meanAt returns the mean of the best accuracies after so many epochs.
func meanAt(runs []trajectory, epochs int) (mean float64) {
	for _, tr := range runs {
		mean += tr.at(epochs) / float64(len(runs))
	}
	return mean
}

func (c curves) print(t *testing.T, list []contestant, runs [][]trajectory) {
	mean := func(i, epochs int) float64 { return meanAt(runs[i], epochs) }
	trainings := []int{10, 20, 30, 50, 100}
	head := func(columns ...string) {
		t.Logf("| %s |\n|%s", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
	}
	var columns []string
	for _, n := range trainings {
		columns = append(columns, fmt.Sprintf("%d trainings (%.2f %%)", n, mean(0, n*allEpochs)))
	}
	t.Logf("\nepochs until the mean of the best accuracy is that of evolution after so many full trainings, and their share")
	head(append([]string{"strategy"}, columns...)...)
	for i, one := range list {
		row := []string{one.name}
		for _, n := range trainings {
			target, cell := mean(0, n*allEpochs), "never"
			for e := 0; e <= 100*allEpochs; e += 10 {
				if mean(i, e) >= target-1e-9 {
					cell = fmt.Sprintf("%d (%.2f)", e, float64(e)/float64(n*allEpochs))
					break
				}
			}
			row = append(row, cell)
		}
		t.Logf("| %s |", strings.Join(row, " | "))
	}
	t.Logf("\nmean validation regret in points ± standard error, by epochs")
	budgets := []int{1000, 2000, 4000, 6000, 10_000, 20_000}
	columns = []string{"strategy"}
	for _, b := range budgets {
		columns = append(columns, strconv.Itoa(b))
	}
	head(columns...)
	for i, one := range list {
		row := []string{one.name}
		for _, b := range budgets {
			var regrets []float64
			for _, tr := range runs[i] {
				regrets = append(regrets, c.best-tr.at(b))
			}
			m, e := meanAndError(regrets)
			row = append(row, fmt.Sprintf("%.2f ± %.2f", m, e))
		}
		t.Logf("| %s |", strings.Join(row, " | "))
	}
	t.Logf("\nmedian over seeds of the epochs until an accuracy is reached")
	levels := []float64{90, 90.5, 90.9, 91.2, c.best}
	columns = []string{"strategy"}
	for _, l := range levels {
		columns = append(columns, fmt.Sprintf("%.2f %%", l))
	}
	head(columns...)
	for i, one := range list {
		row := []string{one.name}
		for _, l := range levels {
			var all []float64
			for _, tr := range runs[i] {
				all = append(all, tr.until(l))
			}
			slices.Sort(all)
			row = append(row, fmt.Sprintf("%.0f", all[len(all)/2]))
		}
		t.Logf("| %s |", strings.Join(row, " | "))
	}
}

func meanAndError(xs []float64) (mean, err float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		err += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(err / float64(max(1, len(xs)-1)) / float64(len(xs)))
}
