package multifidelity_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// drive is how a strategy is driven: under the window rule, or in crowds.
type drive struct {
	trials    int // proposals at most
	window    int
	full      int // amount of proposals that leave theirs open
	failEvery uint64
	stopEvery uint64 // architectures that a stopping rule ends at half of their amount
	crowd     *rand.Rand
	single    bool // makes the same crowds one by one
	before    func(asked int)
}

// run is what became of it.
type run struct {
	proposals []trial.Proposal
	results   []trial.Result
	spent     int // of the resource, promotions continuing their checkpoint
	state     search.State
}

// quality is a curve that rises towards a final value, at a rate of its own, so that curves cross.
func quality(h uint64, amount int) float64 {
	final, rate := 0.5+float64(h%1000)/2000, 1+float64(h/1000%7)
	return final * (1 - math.Exp(-float64(amount)/rate))
}

func hash(a space.Arch) uint64 {
	h := fnv.New64a()
	h.Write([]byte(a.String()))
	return h.Sum64() >> 8
}

func metrics(a space.Arch, amount int) trial.Metrics { return metricsOf(hash(a), amount) }

func metricsOf(h uint64, amount int) trial.Metrics {
	return trial.Metrics{{Name: "accuracy", Value: quality(h, amount)}, {Name: "cost", Value: float64(h / 7000 % 50)}}
}

// play drives a strategy and checks what must hold of any: keys, states, nothing twice, promotions of what was told and went well.
func (d drive) play(t *testing.T, region search.Region, s search.Strategy) run {
	t.Helper()
	var out run
	type place struct {
		arch space.Arch
		f    trial.Fidelity
	}
	tried, at, told := map[place]bool{}, map[trial.Key]int{}, 0
	size := func() int {
		if d.crowd == nil {
			return 1
		}
		return 1 + d.crowd.IntN(d.window)
	}
	for {
		stalled := false
		for out.state != search.Done && !stalled && len(out.proposals) < d.trials && len(out.proposals)-told < d.window {
			if d.before != nil {
				d.before(len(out.proposals))
			}
			n := min(size(), d.window-(len(out.proposals)-told), d.trials-len(out.proposals))
			var proposals []trial.Proposal
			proposals, out.state = askBy(s, n, d.single)
			if len(proposals) > n || out.state == search.Ready && len(proposals) < n {
				t.Fatalf("Ask(%d) is %v and gave %d proposals", n, out.state, len(proposals))
			}
			for _, p := range proposals {
				if !region.Contains(p.Arch) {
					t.Fatalf("%v is not feasible", p.Arch)
				}
				if here := (place{p.Arch, p.Fidelity}); tried[here] {
					t.Fatalf("%v is proposed at %v again", p.Arch, p.Fidelity)
				} else {
					tried[here] = true
				}
				if _, used := at[p.Key]; used || p.Key < 1 {
					t.Fatalf("key %d is used twice, or none", p.Key)
				}
				if p.From != 0 {
					from, ok := at[p.From]
					if !ok || from >= told || out.results[from].Status != trial.OK || out.proposals[from].Arch != p.Arch || out.proposals[from].Fidelity.Amount >= p.Fidelity.Amount {
						t.Fatalf("%+v continues what cannot be continued", p)
					}
				}
				if highest := furthest(out, p); highest != p.From {
					t.Fatalf("%+v continues %d, and %d went further", p, p.From, highest)
				}
				for _, parent := range p.Parents {
					if _, ok := at[parent]; !ok {
						t.Fatalf("proposal %d names a parent %d that was not proposed", p.Key, parent)
					}
				}
				at[p.Key] = len(out.proposals)
				out.proposals = append(out.proposals, p)
			}
			stalled = out.state == search.Wait
		}
		if told == len(out.proposals) {
			if stalled {
				t.Fatal("the strategy waits and nothing is outstanding")
			}
			return out
		}
		var results []trial.Result
		for range min(size(), len(out.proposals)-told) {
			p := out.proposals[told]
			r, spent := d.judge(p)
			if p.From != 0 {
				spent -= out.results[at[p.From]].Fidelity.Amount
			}
			out.spent += spent
			results, out.results = append(results, r), append(out.results, r)
			told++
		}
		if !d.single {
			s.Tell(results)
			continue
		}
		for _, r := range results {
			s.Tell([]trial.Result{r})
		}
	}
}

// furthest returns the key of the told and completed proposal of the same architecture with the largest amount below that of p, 0 if there is none.
func furthest(r run, p trial.Proposal) (key trial.Key) {
	amount := 0
	for i, x := range r.results {
		if f := r.proposals[i].Fidelity; x.Arch == p.Arch && x.Status == trial.OK && x.Stopped == nil && f.Amount > amount && f.Amount < p.Fidelity.Amount {
			key, amount = r.proposals[i].Key, f.Amount
		}
	}
	return key
}

func askBy(s search.Strategy, n int, single bool) (all []trial.Proposal, state search.State) {
	if !single {
		return s.Ask(n)
	}
	for range n {
		one, state := s.Ask(1)
		all = append(all, one...)
		if state != search.Ready {
			return all, state
		}
	}
	return all, search.Ready
}

func (d drive) judge(p trial.Proposal) (trial.Result, int) {
	amount := p.Fidelity.Or(trial.Full(d.full)).Amount
	r := trial.Result{Key: p.Key, Arch: p.Arch, Fidelity: p.Fidelity.Or(trial.Full(d.full)), Status: trial.OK}
	if d.failEvery > 0 && hash(p.Arch)%d.failEvery == 0 {
		r.Status, r.Reason = trial.Failed, "fell off"
		return r, amount
	}
	h := hash(p.Arch)
	for i := 1; i <= amount; i++ {
		r.Curve = append(r.Curve, trial.Point{Amount: i, Metrics: metricsOf(h, i)})
		stop, ends := p.Stop.Decide(r.Curve)
		if d.stopEvery > 0 && h%d.stopEvery == 0 && 2*i >= amount && i < amount {
			stop, ends = trial.Stop{Rule: "test", Amount: i}, true
		}
		if ends {
			r.Stopped, r.Fidelity = &stop, r.Fidelity.At(i)
			break
		}
	}
	r.Metrics = r.Curve[len(r.Curve)-1].Metrics
	return r, r.Fidelity.Amount
}

func same(t *testing.T, want, got run) {
	t.Helper()
	for i := range min(len(want.proposals), len(got.proposals)) {
		if !reflect.DeepEqual(want.proposals[i], got.proposals[i]) {
			t.Fatalf("proposal %d differs: %+v and %+v", i, want.proposals[i], got.proposals[i])
		}
	}
	if len(want.proposals) != len(got.proposals) {
		t.Fatalf("one run gave %d proposals, the other %d", len(want.proposals), len(got.proposals))
	}
}

// scheduler is one under test.
type scheduler struct {
	name string
	make func(search.Problem, multifidelity.Inner, multifidelity.Config) (search.Strategy, error)
}

var schedulers = []scheduler{
	{"halving", func(p search.Problem, i multifidelity.Inner, c multifidelity.Config) (search.Strategy, error) {
		return multifidelity.NewSuccessiveHalving(p, i, multifidelity.HalvingConfig{Config: c})
	}},
	{"hyperband", func(p search.Problem, i multifidelity.Inner, c multifidelity.Config) (search.Strategy, error) {
		return multifidelity.NewHyperband(p, i, c)
	}},
	{"asha", func(p search.Problem, i multifidelity.Inner, c multifidelity.Config) (search.Strategy, error) {
		return multifidelity.NewASHA(p, i, c)
	}},
	{"bohb", func(p search.Problem, i multifidelity.Inner, c multifidelity.Config) (search.Strategy, error) {
		return multifidelity.NewBOHB(p, i, multifidelity.BOHBConfig{Config: c})
	}},
	{"dehb", func(p search.Problem, i multifidelity.Inner, c multifidelity.Config) (search.Strategy, error) {
		return multifidelity.NewDEHB(p, i, multifidelity.DEHBConfig{Config: c})
	}},
}

func problem(region search.Region, seed uint64) search.Problem {
	return search.Problem{Region: region, Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}}, Seed: seed}
}

func random(p search.Problem) (search.Strategy, error) { return search.NewRandom(p), nil }

// up to 81 with eta 3: five rungs.
var upTo81 = multifidelity.Config{Full: trial.Full(81)}

func must[T any](t *testing.T) func(x T, err error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// shy is an inner strategy that waits for the result of each proposal before the next, learns nothing else, and counts what it is told.
type shy struct {
	region search.Region
	r      *rand.Rand
	key    trial.Key
	seen   map[space.Arch]bool
	open   bool
	left   int
	told   *[]string
}

func (s *shy) Ask(n int) (out []trial.Proposal, state search.State) {
	for range n {
		switch {
		case s.open:
			return out, search.Wait
		case s.left == 0:
			return out, search.Done
		}
		a := s.region.Sample(s.r)
		for s.seen[a] {
			a = s.region.Sample(s.r)
		}
		p := trial.Proposal{Arch: a, Origin: "shy"}
		if s.key > 0 {
			p.Parents = []trial.Key{s.key}
		}
		s.key++
		p.Key, s.open, s.seen[a] = s.key, true, true
		s.left--
		out = append(out, p)
	}
	return out, search.Ready
}

func (s *shy) Tell(results []trial.Result) {
	for _, r := range results {
		if !s.open || r.Key != s.key || !s.seen[r.Arch] {
			panic(fmt.Sprintf("told %d of %v, which is not outstanding", r.Key, r.Arch))
		}
		s.open = false
		*s.told = append(*s.told, fmt.Sprint(r.Arch, r.Fidelity.Amount))
	}
}
