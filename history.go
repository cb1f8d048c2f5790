package trellis

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
)

// History is everything that happened in a study. The embedded history has the details: every trial, stage and event.
type History struct {
	*store.History
	space *space.Space
}

// Found is a network that a study found.
type Found struct {
	store.Entry
	Arch  space.Arch // that the trial recommends
	space *space.Space
}

// String returns the architecture as text, which space.Parse reads.
func (f Found) String() string { return f.space.Format(f.Arch) }

// Graph builds the network.
func (f Found) Graph() (*network.Graph, error) { return f.space.Network(f.Arch) }

// Metric returns a figure of the network, and NaN where there is none: no figure of a result is NaN.
func (f Found) Metric(name string) float64 {
	if x, ok := f.Result.Metrics.Get(name); ok {
		return x
	}
	return math.NaN()
}

// stage returns the last stage that tried architectures of the space.
func (h *History) stage() string {
	for i := len(h.Stages) - 1; i >= 0; i-- {
		for _, e := range h.Full(h.Stages[i].Stage) {
			if e.Trial.Network == nil {
				return h.Stages[i].Stage
			}
		}
	}
	return store.Search
}

// Front returns the non-dominated networks of the last stage that tried architectures, at the highest fidelity that it reached, best in the first objective first.
func (h *History) Front() []Found { return h.found(h.History.Front(h.stage())) }

// Leaderboard returns the networks of that stage, best first.
func (h *History) Leaderboard() []Found {
	var entries []store.Entry
	for _, p := range h.History.Leaderboard(h.stage()) {
		entries = append(entries, p.Entry)
	}
	return h.found(entries)
}

// Best returns the best network in the first objective that keeps the constraints, and false while there is none.
func (h *History) Best() (Found, bool) {
	front := h.Front()
	if len(front) == 0 {
		return Found{}, false
	}
	return front[0], true
}

func (h *History) found(entries []store.Entry) []Found {
	out := make([]Found, len(entries))
	for i, e := range entries {
		out[i] = Found{e, e.Result.Best(), h.space}
	}
	return out
}

// String writes the front, a line each: the values of the objectives and the architecture.
func (h *History) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range h.Front() {
		for _, o := range h.Objectives(f.Trial.Stage) {
			fmt.Fprintf(w, "%s %s\t", o.Metric, h.Metric(o.Metric).Format(f.Metric(o.Metric)))
		}
		fmt.Fprintln(w, f)
	}
	w.Flush()
	return b.String()
}
