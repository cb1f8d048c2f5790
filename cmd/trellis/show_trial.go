package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// shown is one trial as `show --json` prints it.
type shown struct {
	ID       trial.ID         `json:"id"`
	Phase    trial.Phase      `json:"phase"`
	Name     string           `json:"name,omitempty"`
	Arch     string           `json:"arch,omitempty"`
	Choices  string           `json:"choices,omitempty"`
	Origin   string           `json:"origin"`
	Parents  []trial.ID       `json:"parents,omitempty"`
	Seed     uint64           `json:"seed,string"`
	Epochs   int              `json:"epochs"`
	Status   trial.Status     `json:"status,omitempty"` // empty: not finished
	Reason   string           `json:"reason,omitempty"`
	Metrics  trial.Metrics    `json:"metrics,omitempty"`
	Test     trial.Metrics    `json:"test,omitempty"`
	Curve    []trial.Point    `json:"curve,omitempty"`
	Spent    trial.Spent      `json:"spent"`
	Files    []trial.Artifact `json:"artifacts,omitempty"`
	Finished string           `json:"finished,omitempty"`
	Machine  string           `json:"machine,omitempty"`
}

// units are those of the metrics of cost files.
func (v viewer) units() report.Units { return v.history.Started.Units }

func (v viewer) shown(e store.Entry) shown {
	s := shown{
		ID: e.Trial.ID, Phase: e.Trial.Phase, Name: e.Trial.Name, Origin: e.Origin, Parents: e.Parents, Seed: e.Trial.Seed,
		Epochs: e.Trial.Budget.Epochs, Reason: e.Result.Reason, Metrics: e.Result.Metrics, Test: e.Test,
		Curve: e.Result.Curve, Spent: e.Result.Spent.Timeless(), Files: e.Result.Artifacts,
	}
	if e.Finished {
		s.Status = e.Result.Status
	}
	if e.Trial.Phase != trial.Baseline {
		s.Arch, s.Choices = v.space.Format(e.Trial.Arch), e.Trial.Arch.String()
	}
	if v.times && e.Finished {
		s.Spent, s.Machine = e.Result.Spent, e.Machine
		s.Finished = e.At.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	return s
}

func (v viewer) trial(e store.Entry) error {
	s := v.shown(e)
	return v.print(s, func(w io.Writer) error {
		kind := string(s.Phase)
		if s.Origin != kind { // of finalists and baselines both are the same word
			kind += ", " + s.Origin
		}
		fmt.Fprintf(w, "trial %d (%s, seed %d)\n", s.ID, kind, s.Seed)
		if len(s.Parents) > 0 {
			fmt.Fprintf(w, "from trials   %s\n", strings.Trim(fmt.Sprint(s.Parents), "[]"))
		}
		switch {
		case e.Trial.Phase == trial.Baseline:
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
		widest := 13
		for _, m := range s.Metrics {
			widest = max(widest, len(m.Name))
		}
		for _, m := range s.Metrics {
			fmt.Fprintf(w, "%-*s %s\n", widest, m.Name, v.units().Format(m.Name, m.Value))
		}
		for _, m := range s.Test {
			fmt.Fprintf(w, "%-13s %s\n", "test "+m.Name, v.units().Format(m.Name, m.Value))
		}
		if len(s.Curve) > 0 {
			fmt.Fprintln(w, "curve")
			for _, p := range s.Curve {
				fmt.Fprintf(w, "  epoch %-3d", p.Epoch)
				for _, m := range p.Metrics {
					fmt.Fprintf(w, "  %s %s", m.Name, v.units().Format(m.Name, m.Value))
				}
				fmt.Fprintln(w)
			}
		}
		for _, a := range s.Files {
			fmt.Fprintf(w, "%-13s %s\n", a.Name, a.Path)
		}
		if e.Finished {
			fmt.Fprintf(w, "spent         %s MACs, %s of processor time, %s, on %s\n", report.ShortCount(float64(e.Result.Spent.MACs)),
				seconds(e.Result.Spent.CPUSeconds), seconds(e.Result.Spent.WallSeconds), e.Machine)
		}
		return nil
	})
}
