package report

import (
	"fmt"
	"io"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// VitalityOf looks at a search in a region by its journal: how various its latest proposals are, how long it has found nothing better, and
// whether it is stuck.
func VitalityOf(h *store.History, region search.Region) search.Vitality {
	w := search.NewCollapse(region).Watch()
	for _, e := range h.Of(trial.Search) {
		w.Proposed(e.Trial.Arch)
		if e.Finished {
			vector, _ := h.Started.Objectives.Vector(e.Result) // of a failed trial none
			w.Heard(vector, h.Started.Constraints.Violation(e.Result.Metrics))
		}
	}
	return w.Now()
}

func results(n int) string {
	if n == 1 {
		return "1 result"
	}
	return fmt.Sprintf("%d results", n)
}

// WriteVitality prints how the search goes in a line, if there is anything to be seen yet.
func (s Summary) WriteVitality(w io.Writer) error {
	v := s.Vitality
	if v == nil || s.Search.OK+s.Search.Failed < 2 {
		return nil
	}
	verdict := ""
	if v.Stuck {
		verdict = ": the search is stuck"
	}
	_, err := fmt.Fprintf(w, "Variety: the last %d proposals differ in %.0f%% of their decisions, uniform draws in %.0f%%; %s since the last better one%s.\n",
		min(search.Recent, s.Search.OK+s.Search.Failed+s.Search.Open), 100*v.Distance, 100*v.Uniform, results(v.Since), verdict)
	return err
}
