package search_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func TestTheLatticePolicyIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) {
		return search.NewPolicy(p, search.PolicyConfig{PolicyGradientConfig: search.PolicyGradientConfig{Batch: 8}})
	})
}

func TestTheLatticePolicyOfPairsIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		return gradient(t, p, search.PolicyConfig{Pairs: true, PolicyGradientConfig: search.PolicyGradientConfig{Batch: 20}})
	})
}

func gradient(t *testing.T, p search.Problem, c search.PolicyConfig) *search.PolicyGradient {
	t.Helper()
	s, err := search.NewPolicy(p, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// compiled returns the region of the test space with so many layers, within a limit on params half way between least and most.
func compiled(t *testing.T, layers int) *lattice.CountedRegion {
	t.Helper()
	l, err := lattice.Compile(conform.Space(t, layers))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	low, high := whole.Range(lattice.Params)
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: (low + high) / 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPolicyStaysWithinTheLimitsAndFindsGoodArchitecturesThere(t *testing.T) {
	region := compiled(t, 9)
	const trials, seeds = 120, 6
	wins := 0
	for seed := range uint64(seeds) {
		p := search.Problem{Region: region, Objectives: accuracy, Seed: seed}
		top, s := 0.0, gradient(t, p, search.PolicyConfig{})
		for id := range trial.ID(trials) {
			proposal := step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
			if !region.Contains(proposal.Arch) {
				t.Fatalf("proposal %d is over the limit", id)
			}
			top = max(top, conform.Score(proposal.Arch))
		}
		if top > best(t, search.NewRandom(p), trials) {
			wins++
		}
	}
	if wins < seeds {
		t.Errorf("the policy finds something better than random search with %d of %d seeds", wins, seeds)
	}
}

// On a list of the architectures of a region the policy is that on the region: exact sums are sums, whoever adds them up.
func TestAPolicyOnAListIsThatOnTheLattice(t *testing.T) {
	region := compiled(t, 3)
	listed, err := search.NewListed(region.Space(), all(t, region))
	if err != nil {
		t.Fatal(err)
	}
	for _, pairs := range []bool{false, true} {
		var entropies [2][]float64
		for i, r := range []search.Region{region, listed} {
			policy, err := search.NewLatticePolicy(r, search.PolicyConfig{Pairs: pairs})
			if err != nil {
				t.Fatal(err)
			}
			e := search.NewExperience(search.Problem{Region: r, Objectives: accuracy})
			random := stream.New(1, "told")
			for range 12 {
				a := region.Sample(random)
				e.Tell(trial.Result{Arch: a, Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: conform.Score(a)})})
				entropies[i] = append(entropies[i], policy.Entropy())
				policy.Learn(e, 0.2)
			}
		}
		for k, h := range entropies[0] {
			if math.Abs(h-entropies[1][k]) > 1e-3*h {
				t.Errorf("pairs %t: after %d updates the entropy is %v on the lattice and %v on the list", pairs, k, h, entropies[1][k])
			}
		}
		if h := entropies[0]; math.Abs(h[0]-logCount(region)) > 1e-9 || h[11] > h[0]-0.5 {
			t.Errorf("pairs %t: the entropy goes from %v to %v and began at %v", pairs, h[0], h[11], logCount(region))
		}
	}
}

func logCount(r search.Region) float64 {
	n, _ := r.Count().Float64()
	return math.Log(n)
}

func all(t *testing.T, region *lattice.CountedRegion) (archs []space.Arch) {
	for a := range region.Space().Each() {
		if region.Contains(a) {
			archs = append(archs, a)
		}
	}
	return archs
}

// A policy of a single option cannot but collapse: it must say so, go on with what is left, and begin anew.
func TestACollapsedPolicySaysSoRaisesItsEntropyAndIsRestarted(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 3), nil)
	policy := &stubborn{arch: region.Sample(stream.New(1, "favourite"))}
	s, err := search.NewPolicyGradient("stubborn", search.Problem{Region: region, Objectives: accuracy, Seed: 1}, policy,
		search.PolicyGradientConfig{Batch: 4, Bonus: 0.1, Redraws: 6})
	if err != nil {
		t.Fatal(err)
	}
	origins := map[string]int{}
	for id := range trial.ID(60) {
		origins[step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) }).Origin]++
	}
	d := s.Health()
	if origins[search.OriginPolicy] != 1 || origins[search.OriginRandom] != 59 {
		t.Errorf("the origins are %v", origins)
	}
	if d.Collapses != 59 || d.Restarts < 5 || policy.restarts != d.Restarts {
		t.Errorf("%d collapses and %d restarts were counted, %d made", d.Collapses, d.Restarts, policy.restarts)
	}
	if d.Repeats < 0.9 || policy.bonus < 1 || d.Entropy != 0 || d.Distance == 0 {
		t.Errorf("the health is %+v, and the greatest bonus was %v", d, policy.bonus)
	}
	// What is drawn again is learnt from again: six for each proposal but the first, and one for each result, in batches of four, of which one
	// that is begun is dropped with a restart.
	if all := 60 + 59*6; policy.seen > all || policy.seen < all-4*(d.Restarts+1) {
		t.Errorf("the policy saw %d", policy.seen)
	}
	if text := d.String(); !strings.Contains(text, "collapsed 59 times") {
		t.Errorf("it reads %q", text)
	}
}

// A bonus that widens a policy lets it draw what is new around what it knows, so that it hardly ever collapses; but after sixty results without
// a better one the next collapse is answered by beginning anew.
func TestAPolicyThatCollapsesInAStagnantSearchIsRestartedAtOnce(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	policy := &restless{region: region, arch: region.Sample(stream.New(1, "favourite"))}
	s, err := search.NewPolicyGradient("restless", search.Problem{Region: region, Objectives: accuracy, Seed: 1}, policy,
		search.PolicyGradientConfig{Batch: 4, Bonus: 0.1, Redraws: 1})
	if err != nil {
		t.Fatal(err)
	}
	restarts := map[trial.ID]int{}
	for id := range trial.ID(140) {
		step(t, s, id, func(id trial.ID, _ space.Arch) float64 { return -float64(id) })
		restarts[id] = policy.restarts
	}
	// The favourite is drawn with proposals 0, 25, 50 and so on: that of 75 is the first after sixty results without a better one, and 135 would be the next.
	for id, want := range map[trial.ID]int{50: 0, 74: 0, 75: 1, 100: 1, 125: 1, 139: 1} {
		if restarts[id] != want {
			t.Errorf("after proposal %d it was restarted %d times, want %d", id, restarts[id], want)
		}
	}
	if d := s.Health(); d.Collapses < 5 || d.Restarts != 1 {
		t.Errorf("%d collapses and %d restarts were counted", d.Collapses, d.Restarts)
	}
}

// restless draws uniformly, and every twenty-fifth time its favourite.
type restless struct {
	region          search.Region
	arch            space.Arch
	draws, restarts int
}

func (p *restless) Sample(r *rand.Rand, temperature float64) space.Arch {
	if temperature > 1 {
		return p.region.Sample(r)
	}
	if p.draws++; p.draws%25 == 1 {
		return p.arch
	}
	return p.region.Sample(r)
}
func (p *restless) Entropy() float64                  { return 0 }
func (p *restless) Restart()                          { p.restarts++ }
func (p *restless) Learn(*search.Experience, float64) {}

// stubborn always draws the same.
type stubborn struct {
	arch           space.Arch
	seen, restarts int
	bonus          float64
}

func (p *stubborn) Sample(*rand.Rand, float64) space.Arch { return p.arch }
func (p *stubborn) Entropy() float64                      { return 0 }
func (p *stubborn) Restart()                              { p.restarts++ }
func (p *stubborn) Learn(e *search.Experience, bonus float64) {
	p.seen, p.bonus = p.seen+len(e.Drawn()), max(p.bonus, bonus)
}

func TestRewardsAreThoseOfThePlaceAmongAllThatIsKnown(t *testing.T) {
	archs := all(t, compiled(t, 2))[:5]
	e := search.NewExperience(search.Problem{Objectives: tradeOff, Constraints: trial.Constraints{{Metric: "cost", Bound: 10}}})
	tell := func(a space.Arch, accuracy, cost float64) {
		e.Tell(trial.Result{Arch: a, Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy}, trial.Metric{Name: "cost", Value: cost})})
	}
	tell(archs[0], 0.5, 5)
	tell(archs[1], 0.9, 20) // breaks the constraint
	e.Tell(trial.Fail(trial.Trial{Arch: archs[2]}, "diverged"))
	tell(archs[3], 0.6, 4) // dominates the first
	tell(archs[4], 0.9, 30)
	order := []int{3, 0, 1, 4, 2}
	known := e.All()
	for place, i := range order {
		if want := -math.Log((float64(place)+0.5)/5) - 1; math.Abs(known[i].Reward-want) > 1e-12 || known[i].Arch != archs[i] {
			t.Errorf("the reward of %d, at place %d, is %v, want %v", i, place, known[i].Reward, want)
		}
	}
	if drawn := e.Drawn(); len(drawn) != 5 || drawn[3] != known[3] {
		t.Errorf("drawn are %v, want %v", drawn, known)
	}
}

func TestSettingsOfAPolicyOutOfRangeAreRefused(t *testing.T) {
	p := search.Problem{Region: conform.Enumerate(conform.Space(t, 0), nil), Objectives: accuracy}
	for message, c := range map[string]search.PolicyConfig{
		"batch of -1":         {PolicyGradientConfig: search.PolicyGradientConfig{Batch: -1}},
		"entropy bonus of 40": {PolicyGradientConfig: search.PolicyGradientConfig{Bonus: 40}},
		"-2 redraws":          {PolicyGradientConfig: search.PolicyGradientConfig{Redraws: -2}},
		"caution of -1":       {Caution: -1},
		"step of -3 nats":     {Step: -3},
	} {
		if _, err := search.NewPolicy(p, c); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
	if _, err := search.NewPolicy(search.Problem{Region: p.Region}, search.PolicyConfig{}); err == nil {
		t.Error("a policy without an objective is made")
	}
}
