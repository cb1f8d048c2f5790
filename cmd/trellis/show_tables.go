package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/trial"
)

func (v viewer) all() []shown {
	out := make([]shown, len(v.history.Entries))
	for i, e := range v.history.Entries {
		out[i] = v.shown(e)
	}
	return out
}

func (v viewer) whole(s report.Summary) error {
	return v.Print(struct {
		Summary report.Summary `json:"summary"`
		Study   string         `json:"study"`
		Trials  []shown        `json:"trials"`
	}{s, v.history.Started.Study, v.all()}, nil)
}

func (v viewer) leaderboard(top int) error {
	board := v.history.Leaderboard(v.history.SearchStage())
	if top > 0 && len(board) > top {
		board = board[:top]
	}
	type place struct {
		Place int `json:"place"`
		Front int `json:"front"` // of its fidelity
		shown
	}
	places := make([]place, len(board))
	for i, p := range board {
		places[i] = place{i + 1, p.Rank, v.shown(p.Entry)}
	}
	return v.Print(places, func(w io.Writer) error {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		several := len(v.history.Fidelities(v.history.SearchStage())) > 1
		heading := "PLACE\tTRIAL\tFRONT\t"
		if several {
			heading += "FIDELITY\t"
		}
		fmt.Fprintln(tw, heading+strings.ToUpper(strings.Join(v.columns(), "\t"))+"\tARCHITECTURE")
		for _, p := range places {
			fidelity := ""
			if several {
				fidelity = p.Fidelity.String() + "\t"
				if p.Reached != nil {
					fidelity = p.Reached.String() + "\t"
				}
			}
			fmt.Fprintf(tw, "%d\t%d\t%d\t%s%s\t%s\n", p.Place, p.ID, p.Front, fidelity, v.figures(p.Metrics), p.Arch)
		}
		return tw.Flush()
	})
}

func (v viewer) trials() error {
	all := v.all()
	return v.Print(all, func(w io.Writer) error {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tw, "TRIAL\tSTAGE\tFIDELITY\tSTATUS\t"+strings.ToUpper(strings.Join(v.columns(), "\t"))+"\tORIGIN\tARCHITECTURE")
		for _, s := range all {
			status := string(s.Status)
			if status == "" {
				status = "open"
			}
			fidelity := s.Fidelity
			if s.Reached != nil {
				fidelity = *s.Reached
			}
			fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Stage, fidelity, status, v.figures(s.Metrics), s.Origin, s.Arch+s.Name)
		}
		return tw.Flush()
	})
}

// prior prints what earlier studies had found out.
func (v viewer) prior() error {
	type result struct {
		Study   string        `json:"study"`
		Trial   trial.ID      `json:"trial"` // there
		Arch    string        `json:"arch"`
		Status  trial.Status  `json:"status"`
		Reason  string        `json:"reason,omitempty"`
		Metrics trial.Metrics `json:"metrics,omitempty"`
	}
	all := []result{}
	for _, k := range v.history.Started.Prior {
		for _, r := range k.Results {
			all = append(all, result{k.Study, r.Trial, v.space.Format(r.Arch), r.Status, r.Reason, r.Metrics})
		}
	}
	return v.Print(all, func(w io.Writer) error {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tw, "STUDY\tTRIAL\tSTATUS\t"+strings.ToUpper(strings.Join(v.columns(), "\t"))+"\tARCHITECTURE")
		for _, k := range all {
			fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%s\n", k.Study, k.Trial, k.Status, v.figures(k.Metrics), k.Arch)
		}
		return tw.Flush()
	})
}

// columns are the metrics of the tables.
func (v viewer) columns() []string {
	return report.Columns(v.history.Started.Objectives, v.history.Started.Metrics)
}

func (v viewer) figures(ms trial.Metrics) string {
	var cells []string
	for _, name := range v.columns() {
		cells = append(cells, v.history.Metric(name).Cell(ms))
	}
	return strings.Join(cells, "\t")
}
