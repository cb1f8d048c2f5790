package report_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func names(a space.Arch) string { return "arch " + a.String() }

func TestASummaryCountsTrialsAndHoldsTheFront(t *testing.T) {
	s := begin(t)
	s.search(0.5, 100, 0, 0)
	s.search(0.8, 400, 1, 0)
	s.search(-1, 0, 2, 0)
	s.search(0.7, 500, 0, 1) // dominated
	got := report.Summarise(&s.h, names)
	if want, got := (report.StageCount{Stage: store.Search, OK: 3, Failed: 1, MACs: 4000, Amount: 12}), got.Stage(store.Search); !reflect.DeepEqual(got, want) {
		t.Errorf("counts are %+v, want %+v", got, want)
	}
	var front []string
	for _, r := range got.Front {
		front = append(front, r.Arch)
	}
	if want := []string{"arch 1.0", "arch 0.0"}; !reflect.DeepEqual(front, want) {
		t.Errorf("the front is %v, want %v", front, want)
	}
	if got.Ended || got.Closed != "" || got.Finals != nil || got.Comparisons != nil {
		t.Errorf("a running search has %+v", got)
	}
}

func TestARivalIsChosenByValidationAndNotByTest(t *testing.T) {
	s := begin(t)
	a, b := s.search(0.8, 100, 0, 0), s.search(0.7, 90, 1, 0)
	s.finals(a, b)
	f, g, l := s.finalist(a, 0.9, 100), s.finalist(b, 0.8, 90), s.baseline("lenet5", 0.85, 100)
	s.test([]trial.ID{f, g, l}, 0.6, 0.95, 0.7) // the second finalist would win, but that is not to be known
	got := report.Summarise(&s.h, names).Comparisons
	if len(got) != 1 || got[0].Finalist != "trial 0" || got[0].Wins || math.Abs(got[0].Margin+0.1) > 1e-12 {
		t.Errorf("contests are %+v, want that of trial 0, lost by 0.1", got)
	}
	want := "The network of trial 0 loses to lenet5: test accuracy 60.00% against 70.00% (-10.00 points), with 100 MACs against 100."
	if sum := report.Summarise(&s.h, names); got[0].Sentence(sum) != want {
		t.Errorf("says %q, want %q", got[0].Sentence(sum), want)
	}
}

func TestARivalHasAtMostTheMACsOfTheBaseline(t *testing.T) {
	s := begin(t)
	a, b := s.search(0.8, 101, 0, 0), s.search(0.7, 100, 1, 0)
	s.finals(a, b)
	f, g, l := s.finalist(a, 0.9, 101), s.finalist(b, 0.8, 100), s.baseline("lenet5", 0.85, 100)
	s.test([]trial.ID{f, g, l}, 0.9, 0.8, 0.7)
	sum := report.Summarise(&s.h, names)
	if c := sum.Comparisons; len(c) != 1 || c[0].Finalist != "trial 1" || !c[0].Wins {
		t.Errorf("contests are %+v, want that of trial 1", c)
	}
	if want := "The network of trial 1 wins against lenet5"; !strings.HasPrefix(sum.Comparisons[0].Sentence(sum), want) {
		t.Errorf("says %q", sum.Comparisons[0].Sentence(sum))
	}
}

func TestATieIsNoWin(t *testing.T) {
	s := begin(t)
	a := s.search(0.8, 100, 0, 0)
	s.finals(a)
	f, l := s.finalist(a, 0.9, 100), s.baseline("lenet5", 0.85, 100)
	s.test([]trial.ID{f, l}, 0.75, 0.75)
	sum := report.Summarise(&s.h, names)
	if c := sum.Comparisons[0]; c.Wins || !strings.Contains(c.Sentence(sum), "trial 0 ties with lenet5") {
		t.Errorf("%+v: %s", c, c.Sentence(sum))
	}
}

func TestWhereEveryFinalistIsTooLargeNothingIsCompared(t *testing.T) {
	s := begin(t)
	a := s.search(0.8, 200, 0, 0)
	s.finals(a)
	f, l := s.finalist(a, 0.9, 200), s.baseline("lenet5", 0.85, 100)
	s.test([]trial.ID{f, l}, 0.9, 0.7)
	sum := report.Summarise(&s.h, names)
	if c := sum.Comparisons; len(c) != 1 || c[0].Finalist != "" || c[0].Wins {
		t.Fatalf("contests are %+v", c)
	}
	if want := "lenet5: no finalist has at most its 100 MACs, so there is nothing to compare."; sum.Comparisons[0].Sentence(sum) != want {
		t.Errorf("says %q, want %q", sum.Comparisons[0].Sentence(sum), want)
	}
}

func TestThereIsNoContestBeforeTheTestOrAgainstFailures(t *testing.T) {
	s := begin(t)
	a := s.search(0.8, 100, 0, 0)
	s.finals(a)
	s.finalist(a, -1, 0)
	l := s.baseline("lenet5", 0.85, 100)
	if c := report.Summarise(&s.h, names).Comparisons; c != nil {
		t.Errorf("before the test there are contests: %+v", c)
	}
	s.test([]trial.ID{l}, 0.7)
	sum := report.Summarise(&s.h, names)
	if sum.Comparisons != nil {
		t.Errorf("against a finalist that failed there are contests: %+v", sum.Comparisons)
	}
	if f := sum.Finals[0]; f.Failed != 1 || f.Valid != nil || f.Test != nil {
		t.Errorf("the finalist that failed is %+v", f)
	}
}

func TestRepeatsAreOneFinalWithMeanAndSpread(t *testing.T) {
	s := begin(t)
	a, b := s.search(0.8, 100, 0, 0), s.search(0.7, 90, 1, 0)
	s.finals(a, b)
	a1, a2, a3 := s.finalist(a, 0.6, 100), s.finalist(a, 0.8, 100), s.finalist(a, -1, 0)
	b1 := s.finalist(b, 0.71, 90)
	s.test([]trial.ID{a1, a2, b1}, 0.5, 0.7, 0.9)
	got := report.Summarise(&s.h, names).Finals
	if len(got) != 2 {
		t.Fatalf("%d finals, want 2", len(got))
	}
	best, second := got[0], got[1] // by the mean on validation: 0.71 and 0.7
	if best.Name != "trial 1" || second.Name != "trial 0" {
		t.Errorf("the order is %s, %s", best.Name, second.Name)
	}
	if !reflect.DeepEqual(second.Trials, []trial.ID{a1, a2, a3}) || second.Failed != 1 {
		t.Errorf("the repeats are %v, %d failed", second.Trials, second.Failed)
	}
	valid, _ := second.Valid.Get("accuracy")
	test, _ := second.Test.Get("accuracy")
	if math.Abs(valid-0.7) > 1e-12 || math.Abs(test-0.6) > 1e-12 || math.Abs(second.Spread-math.Sqrt(0.02)) > 1e-12 {
		t.Errorf("validation %v, test %v ± %v; want 0.7, 0.6 ± 0.1414", valid, test, second.Spread)
	}
	if best.Spread != 0 {
		t.Errorf("one training has a spread of %v", best.Spread)
	}
}

func TestTablesArePrintedForPeople(t *testing.T) {
	s := begin(t)
	var empty strings.Builder
	if err := report.Summarise(&s.h, names).WriteFront(&empty); err != nil {
		t.Fatal(err)
	}
	if want := "nothing yet: no trial has finished that keeps the constraints\n"; empty.String() != want {
		t.Errorf("an empty front prints %q", empty.String())
	}
	a := s.search(0.8, 123456, 0, 0)
	s.finals(a)
	a1, a2 := s.finalist(a, 0.6, 123456), s.finalist(a, 0.8, 123456)
	s.finalist(a, -1, 0)
	l := s.baseline("lenet5", 0.5, 1e6)
	s.test([]trial.ID{a1, a2, l}, 0.5, 0.7, 0.4)
	sum := report.Summarise(&s.h, names)
	var b strings.Builder
	if err := sum.WriteFront(&b); err != nil {
		t.Fatal(err)
	}
	if err := sum.WriteFinals(&b); err != nil {
		t.Fatal(err)
	}
	want := `TRIAL  ACCURACY  MACS  PARAMS  ARCHITECTURE
0      80.00%    123k  12.3k   arch 0.0
NETWORK  VALIDATION  TEST            MACS  PARAMS
trial 0  70.00%      60.00% ± 14.14  123k  12.3k  1 of 3 trainings failed
lenet5   50.00%      40.00%          1M    100k

The network of trial 0 wins against lenet5: test accuracy 60.00% against 40.00% (+20.00 points), with 123k MACs against 1M.
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
