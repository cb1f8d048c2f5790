package spec_test

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
)

func TestAPlanKnowsWhatWillBeSearched(t *testing.T) {
	p := plan(t, parse(t, small+"constraints: {macs: 100k}\nbaselines: [lenet5]\n"))
	if got, want := p.Outline(), "glyphs, 16x16x1 images of 10 classes, 64 to train, 20 to validate, 20 sealed; space small"; got != want {
		t.Errorf("outline %q, want %q", got, want)
	}
	if n := p.Lattice.Count(); n.Cmp(big.NewInt(36)) != 0 {
		t.Errorf("%v architectures, want 6² = 36", n)
	}
	if n := p.Region.Count(); n.Sign() <= 0 || n.Cmp(big.NewInt(36)) >= 0 {
		t.Errorf("%v architectures within the limit, want some of 36", n)
	}
	if len(p.Networks) != 1 || p.Networks[0].Name != "lenet5" || p.Networks[0].Graph.OutputShape().C != 10 {
		t.Errorf("baselines are %v", p.Networks)
	}
}

// started is how a journal of the plan begins, as far as planning again depends on it.
func started(p *spec.Plan) store.StudyStarted {
	return store.StudyStarted{Name: p.Name, Study: p.Text, Space: p.Space.Name(), SpaceHash: trellis.HashOf(p.Space), SpaceFile: p.SpaceFile, Data: p.Dataset, Seed: p.Seed}
}

func TestAStudyThatIsReopenedHasTheSamePlan(t *testing.T) {
	first := plan(t, parse(t, small+"constraints: {params: 1200}\nstrategy: random\n"))
	f, err := spec.Reopen("study.yaml", started(first))
	if err != nil {
		t.Fatal(err)
	}
	again := plan(t, f)
	if !reflect.DeepEqual(started(again), started(first)) {
		t.Errorf("begins as\n%+v, want\n%+v", started(again), started(first))
	}
	if again.Region.Count().Cmp(first.Region.Count()) != 0 || again.Splits.Training.Hash() != first.Splits.Training.Hash() {
		t.Error("the region or the split differs")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	twoWays   = "body:\n  - choice: {name: op, options: {a: {conv: {out: 4}}, b: {conv: {out: 8}}}}\n  - head\n"
	threeWays = "body:\n  - choice: {name: op, options: {a: {conv: {out: 4}}, b: {conv: {out: 8}}, c: {conv: {out: 9}}}}\n  - head\n"
)

func TestASpaceFileIsKeptInTheJournalWhateverBecomesOfIt(t *testing.T) {
	dir := t.TempDir()
	study, ways := filepath.Join(dir, "study.yaml"), filepath.Join(dir, "ways.yaml")
	write(t, study, strings.Replace(small, "{use: chain, stem: 4, stages: [{layers: 2, width: 4}]}", "{file: ways.yaml}", 1))
	write(t, ways, twoWays)
	f, err := spec.Open(study)
	if err != nil {
		t.Fatal(err)
	}
	first := plan(t, f)
	if first.SpaceFile != twoWays {
		t.Fatalf("the text of the space file is %q", first.SpaceFile)
	}
	for _, becomes := range []func(){
		func() { write(t, ways, threeWays) },
		func() { write(t, ways, "broken") },
		func() {
			if err := os.Remove(ways); err != nil {
				t.Fatal(err)
			}
		},
	} {
		becomes()
		f, err := spec.Reopen(study, started(first))
		if err != nil {
			t.Fatal(err)
		}
		again := plan(t, f)
		if !reflect.DeepEqual(started(again), started(first)) || again.Lattice.Count().Cmp(big.NewInt(2)) != 0 {
			t.Errorf("the plan is another one: %v architectures", again.Lattice.Count())
		}
		s, err := f.SpaceFor(first.Dataset)
		if err != nil {
			t.Fatal(err)
		}
		if s.Name() != "ways" {
			t.Errorf("the space is %q, want the name of its file", s.Name())
		}
	}
	if _, err := first.File.Plan(""); err == nil || !strings.Contains(err.Error(), "there is no space file") {
		t.Errorf("a study that begins anew without its space file gives %v", err)
	}
}

func TestASpaceCanBeHadWithoutTheDataOfItsStudy(t *testing.T) {
	f := parse(t, strings.Replace(small, "{kind: glyphs, classes: digits, size: 16, train: 64, validation: 20, test: 20}", "{kind: idx, path: nowhere}", 1))
	if _, err := f.Plan(""); err == nil {
		t.Fatal("the data is not there, but the study can be planned")
	}
	s, err := f.SpaceFor(store.Dataset{Input: "12x12x3", Classes: []string{"cat", "dog"}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Parse("k3e3 skip")
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.Network(a)
	if err != nil {
		t.Fatal(err)
	}
	if g.Input().String() != "12x12x3" || g.OutputShape().C != 2 {
		t.Errorf("the network takes %v and gives %v", g.Input(), g.OutputShape())
	}
	if _, err := f.SpaceFor(store.Dataset{Input: "large"}); err == nil {
		t.Error("a shape that is none is accepted")
	}
}

func TestSpacesWithOtherCostsHaveOtherHashes(t *testing.T) {
	hash := func(text string) string { return trellis.HashOf(plan(t, parse(t, text)).Space) }
	base := hash(small)
	if hash(small+"seed: 9\nevaluation: {epochs: 1}\n") != base {
		t.Error("the hash depends on more than the space")
	}
	for _, other := range []string{
		strings.Replace(small, "stem: 4", "stem: 8", 1),
		strings.Replace(small, "layers: 2", "layers: 3", 1),
		strings.Replace(small, "width: 4}", "width: 6}", 1),
		strings.Replace(small, "size: 16", "size: 20", 1),
		strings.Replace(small, "use: chain", "use: chain, connect: skip", 1),
	} {
		if hash(other) == base {
			t.Errorf("this space has the hash of another one:\n%s", other)
		}
	}
}

func value(t *testing.T, n json.Number) float64 {
	t.Helper()
	x, err := n.Float64()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestADryRunCountsAndEstimates(t *testing.T) {
	p := plan(t, parse(t, small+"constraints: {macs: 100k}\nevaluation: {epochs: 2}\nfinalists: {count: 1, epochs: 2}\nrates: {cpu_hour: 3600, currency: EUR}\n"))
	o, err := p.DryRun()
	if err != nil {
		t.Fatal(err)
	}
	if o.Architectures.Cmp(big.NewInt(36)) != 0 || o.Feasible.Cmp(p.Region.Count()) != 0 || o.Budget != "4 trials" {
		t.Errorf("the dry run is %+v", o)
	}
	for _, r := range o.Ranges {
		least, greatest := value(t, r.Least), value(t, r.Greatest)
		if least <= 0 || greatest < least {
			t.Errorf("%s go from %v to %v", r.Cost, r.Least, r.Greatest)
		}
		if limited := r.Cost == "macs"; limited != (r.Limit == "100000") || limited != (r.Tightest == r.Least) || limited && greatest > 100_000 {
			t.Errorf("the range of %s is %+v", r.Cost, r)
		}
	}
	// 5 trainings of 2 epochs of 64 samples, forward and backward, with a mean of some MACs within the range each.
	if least, most := 5*2*64*value(t, o.Ranges[1].Least), 5*2*64*4*value(t, o.Ranges[1].Greatest); float64(o.MACs) < least || float64(o.MACs) > most {
		t.Errorf("%d MACs of training are estimated, want %v to %v", o.MACs, least, most)
	}
	if o.CPUSeconds <= 0 || math.Abs(o.Money-o.CPUSeconds) > 1e-12*o.CPUSeconds {
		t.Errorf("%v s cost %v, at 1 a second", o.CPUSeconds, o.Money)
	}
	unbounded, err := plan(t, parse(t, strings.Replace(small, "{trials: 4}", "{wall_time: 1m}", 1))).DryRun()
	if err != nil {
		t.Fatal(err)
	}
	if unbounded.MACs != 0 || unbounded.CPUSeconds != 0 {
		t.Errorf("an estimate without a bound on the trials: %+v", unbounded)
	}
}

func TestADryRunCountsOnNoMoreTrialsThanThereAreArchitectures(t *testing.T) {
	estimate := func(trials string) int64 {
		o, err := plan(t, parse(t, strings.Replace(small, "trials: 4", "trials: "+trials, 1))).DryRun()
		if err != nil {
			t.Fatal(err)
		}
		return o.MACs
	}
	if all, more := estimate("36"), estimate("1000"); all != more || all <= estimate("35") {
		t.Errorf("36 trials of 36 architectures are estimated at %d MACs, 1000 at %d", all, more)
	}
}
