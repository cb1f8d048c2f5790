package report

import (
	"fmt"
	"io"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
)

// HealthOf returns the health of a search in a region by its journal: how diverse its latest proposals are, how many results it has found nothing
// better for, and whether it is stuck.
func HealthOf(h *store.History, region search.Region) search.Health {
	w := search.NewStagnation(region).Monitor()
	for _, e := range h.Of(h.SearchStage()) {
		w.Proposed(e.Trial.Arch)
		if e.Finished {
			vector, _ := h.Objectives(h.SearchStage()).Vector(e.Result) // of a failed trial none
			w.Told(vector, h.Constraints(h.SearchStage()).Violation(e.Result.Metrics))
		}
	}
	return w.Health()
}

// WriteHealth prints the health of the search in a line, once there are results enough.
func (s Summary) WriteHealth(w io.Writer) error {
	v := s.Health
	n := s.search()
	if v == nil || n.OK+n.Failed < 2 {
		return nil
	}
	verdict := ""
	if v.Stagnant {
		verdict = ": the search is stuck"
	}
	_, err := fmt.Fprintf(w, "Diversity: the last %d proposals differ in %.0f%% of their decisions, uniform draws in %.0f%%; %s since the last better one%s.\n",
		min(search.Recent, n.OK+n.Failed+n.Open), 100*v.Distance, 100*v.Uniform, Several(v.Since, "result"), verdict)
	return err
}

// search returns the count of the last stage of the search.
func (s Summary) search() StageCount {
	for i := len(s.Stages) - 1; i >= 0; i-- {
		if c := s.Stages[i]; c.Stage != store.Finalists && c.Stage != store.Baselines {
			return c
		}
	}
	return StageCount{}
}
