package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// shown is one trial as `show --json` prints it.
type shown struct {
	ID       trial.ID         `json:"id"`
	Stage    string           `json:"stage"`
	Name     string           `json:"name,omitempty"`
	Arch     string           `json:"arch,omitempty"`
	Choices  string           `json:"choices,omitempty"`
	Origin   string           `json:"origin"`
	Parents  []trial.ID       `json:"parents,omitempty"`
	Seed     uint64           `json:"seed,string"`
	Fidelity trial.Fidelity   `json:"fidelity"`
	From     *trial.ID        `json:"from,omitempty"`   // the trial whose checkpoint it went on from
	Status   trial.Status     `json:"status,omitempty"` // empty: not finished
	Reason   string           `json:"reason,omitempty"`
	Stopped  *trial.Stop      `json:"stopped,omitempty"`
	Reached  *trial.Fidelity  `json:"reached,omitempty"` // where it is not the fidelity that was asked for
	Metrics  trial.Metrics    `json:"metrics,omitempty"`
	Test     trial.Metrics    `json:"test,omitempty"`
	Curve    []trial.Point    `json:"curve,omitempty"`
	Spent    trial.Spent      `json:"spent"`
	Files    []trial.Artifact `json:"artifacts,omitempty"`
	Finished string           `json:"finished,omitempty"`
	Worker   string           `json:"worker,omitempty"`
	Attempt  int              `json:"attempt,omitempty"`
}

func (v viewer) shown(e store.Entry) shown {
	s := shown{
		ID: e.Trial.ID, Stage: e.Trial.Stage, Name: e.Trial.Name, Origin: e.Origin, Parents: e.Parents, Seed: e.Trial.Seed,
		Fidelity: e.Trial.Fidelity, Reason: e.Result.Reason, Stopped: e.Result.Stopped, Metrics: e.Result.Metrics, Test: e.Test,
		Curve: e.Result.Curve, Spent: e.Result.Spent.Timeless(), Files: e.Result.Artifacts,
	}
	if e.Finished {
		s.Status = e.Result.Status
		if f := e.Result.Fidelity; f != e.Trial.Fidelity {
			s.Reached = &f
		}
	}
	if e.Trial.From != nil {
		s.From = &e.Trial.From.Trial
	}
	if e.Trial.Network == nil {
		s.Arch, s.Choices = v.space.Format(e.Trial.Arch), e.Trial.Arch.String()
	}
	if v.times && e.Finished {
		s.Spent, s.Worker, s.Attempt = e.Result.Spent, e.Result.Worker, e.Result.Attempt
		s.Finished = e.At.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	return s
}

func (v viewer) trial(e store.Entry) error {
	s := v.shown(e)
	return v.Print(s, func(w io.Writer) error {
		kind := s.Stage
		if !strings.HasPrefix(kind, s.Origin) { // of finalists and baselines both say the same
			kind += ", " + s.Origin
		}
		fmt.Fprintf(w, "trial %d (%s, seed %d)\n", s.ID, kind, s.Seed)
		resource := "amount"
		if opened, ok := v.history.Stage(s.Stage); ok && opened.Resource.Name != "" {
			resource = opened.Resource.Name
		}
		fmt.Fprintf(w, "fidelity      %s: %s\n", resource, s.Fidelity)
		if s.From != nil {
			fmt.Fprintf(w, "goes on from  trial %d\n", *s.From)
		}
		if len(s.Parents) > 0 {
			fmt.Fprintf(w, "from trials   %s\n", strings.Trim(fmt.Sprint(s.Parents), "[]"))
		}
		switch {
		case e.Trial.Network != nil:
			fmt.Fprintf(w, "network       %s\n", s.Name)
		default:
			fmt.Fprintf(w, "architecture  %s\nchoices       %s\n", s.Arch, s.Choices)
			for _, d := range v.space.Decisions(e.Trial.Arch) {
				fmt.Fprintf(w, "  %-32s %s\n", d.Name, d.Options[d.Chosen])
			}
		}
		switch {
		case !e.Finished:
			fmt.Fprintln(w, "status        open")
		case !e.OK():
			fmt.Fprintf(w, "status        failed: %s\n", s.Reason)
		default:
			fmt.Fprintln(w, "status        ok")
		}
		if s.Stopped != nil {
			fmt.Fprintf(w, "ended early   %s\n", s.Stopped)
		}
		widest := 13
		for _, m := range s.Metrics {
			widest = max(widest, len(m.Name))
		}
		for _, m := range s.Metrics {
			fmt.Fprintf(w, "%-*s %s\n", widest, m.Name, v.history.Metric(m.Name).Format(m.Value))
		}
		for _, m := range s.Test {
			fmt.Fprintf(w, "%-13s %s\n", "test "+m.Name, v.history.Metric(m.Name).Format(m.Value))
		}
		if len(s.Curve) > 0 {
			fmt.Fprintln(w, "curve")
			for _, p := range s.Curve {
				fmt.Fprintf(w, "  %s %-3d", strings.TrimSuffix(resource, "s"), p.Amount)
				for _, m := range p.Metrics {
					fmt.Fprintf(w, "  %s %s", m.Name, v.history.Metric(m.Name).Format(m.Value))
				}
				fmt.Fprintln(w)
			}
		}
		for _, a := range s.Files {
			fmt.Fprintf(w, "%-13s %s\n", a.Name, a.Path)
		}
		if e.Finished {
			fmt.Fprintf(w, "spent         %s MACs, %s of processor time, %s, on %s\n", trial.ShortCount(float64(e.Result.Spent.MACs)),
				seconds(e.Result.Spent.CPUSeconds), seconds(e.Result.Spent.WallSeconds), e.Result.Worker)
		}
		return nil
	})
}
