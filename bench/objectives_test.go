package bench_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/search"
)

func TestATableTakesFurtherObjectives(t *testing.T) {
	table := smallTable(t)
	more, err := table.Minimising("params")
	if err != nil {
		t.Fatal(err)
	}
	if got := more.Objectives().String(); got != "maximise accuracy, minimise params" {
		t.Errorf("the objectives are %s", got)
	}
	// "x x" has no params.
	if more.Len() != 6 || more.LeftOut() != table.LeftOut()+1 {
		t.Errorf("%d rows, %d left out", more.Len(), more.LeftOut())
	}
	if table.Len() != 7 || len(table.Objectives()) != 1 {
		t.Errorf("the table itself has now %d rows and %d objectives", table.Len(), len(table.Objectives()))
	}
	for name, want := range map[string]string{"parms": `the nearest is "params"`, "accuracy": "objective of table small already"} {
		if _, err := table.Minimising(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("minimising %s: %v", name, err)
		}
	}
}

func TestASearchKnowsParamsWithoutTraining(t *testing.T) {
	table, err := smallTable(t).Minimising("params")
	if err != nil {
		t.Fatal(err)
	}
	region, _, err := table.Region()
	if err != nil {
		t.Fatal(err)
	}
	looked := false
	open := func(p search.Problem) (search.Strategy, error) {
		looked = true
		if p.Exact["accuracy"] != nil {
			t.Error("accuracy is known without training")
		}
		for i := range table.Len() {
			want, _ := table.Reported(i, "params")
			if got := p.Exact["params"](table.Arch(i)); got != want {
				t.Errorf("%s has %v params, want %v", table.Arch(i), got, want)
			}
		}
		return search.NewRandom(p), nil
	}
	if _, err := (bench.Run{Table: table, Region: region, Evaluations: 1}).With(t.Context(), open); err != nil || !looked {
		t.Errorf("the run was played: %v, %v", looked, err)
	}
}
