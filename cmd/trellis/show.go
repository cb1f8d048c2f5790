package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

var views = []string{"summary", "front", "leaderboard", "trials"}

func newShow(t *terminal) *cobra.Command {
	var (
		top   int
		times bool
	)
	cmd := &cobra.Command{
		Use:   "show FOLDER [summary|front|leaderboard|trials|TRIAL]",
		Short: "Show what a study found: summary, front, leaderboard, one trial",
		Long: `Show reads the journal of a run folder, also while the search is running. Without a word it prints a summary. With --json it
prints the whole study; times and machine names are left out unless --times is given, so equal studies print equal text.`,
		Example: `  trellis show runs/quickstart
  trellis show runs/quickstart leaderboard --top 20
  trellis show runs/quickstart 31
  trellis show runs/quickstart --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return takes("FOLDER")(cmd, args)
			}
			return takes("FOLDER", "VIEW")(cmd, args)
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return views, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if top < 0 {
				return wrongf("--top %d: want at least 0, which shows all", top)
			}
			view := "summary"
			if len(args) == 2 {
				view = args[1]
			}
			j, h, err := openJournal(cmd.Context(), args[0], store.Read)
			if err != nil {
				return err
			}
			defer j.Close()
			s, err := spaceOf(args[0], h)
			if err != nil {
				return wrong(err)
			}
			v := viewer{t, h, s, times}
			switch view {
			case "summary":
				if t.json {
					return v.whole()
				}
				return printSummary(t.out, report.Summarise(h, s.Format), h, args[0])
			case "front":
				sum := report.Summarise(h, s.Format)
				return t.print(sum.Front, sum.WriteFront)
			case "leaderboard":
				return v.leaderboard(top)
			case "trials":
				return v.trials()
			}
			id, err := strconv.Atoi(view)
			if err != nil {
				return hinted(fmt.Errorf("there is no view %q; %s", view, nearest.Advice(view, views)), "or give the number of a trial, such as 0")
			}
			if id < 0 || id >= len(h.Entries) {
				return wrongf("there is no trial %d; the study has trials 0 to %d", id, len(h.Entries)-1)
			}
			return v.trial(h.Entries[id])
		},
	}
	cmd.Flags().IntVar(&top, "top", 10, "so many places of the leaderboard; 0 for all")
	cmd.Flags().BoolVar(&times, "times", false, "with --json: also times and machine names, which differ between runs")
	return cmd
}

// spaceOf returns the space of a study from its journal alone; the data need not be there.
func spaceOf(folder string, h *store.History) (*space.Space, error) {
	if h.Last == 0 {
		return nil, hinted(fmt.Errorf("the journal of %s is empty: the search was stopped before it began", folder), "trellis resume %s begins it", folder)
	}
	from, err := readOrigin(folder)
	if err != nil {
		from.StudyFile = "study.yaml" // the folder came from elsewhere; the name is only used in errors
	}
	f, err := spec.Reopen(from.StudyFile, h.Started)
	if err != nil {
		return nil, err
	}
	s, err := f.SpaceFor(h.Started.Data)
	if err != nil {
		return nil, err
	}
	return s, report.Fits(h, s)
}

type viewer struct {
	*terminal
	history *store.History
	space   *space.Space
	times   bool
}

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

func (v viewer) all() []shown {
	out := make([]shown, len(v.history.Entries))
	for i, e := range v.history.Entries {
		out[i] = v.shown(e)
	}
	return out
}

func (v viewer) whole() error {
	return v.print(struct {
		Summary report.Summary `json:"summary"`
		Study   string         `json:"study"`
		Trials  []shown        `json:"trials"`
	}{report.Summarise(v.history, v.space.Format), v.history.Started.Study, v.all()}, nil)
}

func (v viewer) leaderboard(top int) error {
	board := v.history.Leaderboard(trial.Search)
	if top > 0 && len(board) > top {
		board = board[:top]
	}
	type place struct {
		Place int `json:"place"`
		Front int `json:"front"`
		shown
	}
	places := make([]place, len(board))
	for i, p := range board {
		places[i] = place{i + 1, p.Rank, v.shown(p.Entry)}
	}
	return v.print(places, func(w io.Writer) error {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tw, "PLACE\tTRIAL\tFRONT\tACCURACY\tMACS\tPARAMS\tARCHITECTURE")
		for _, p := range places {
			fmt.Fprintf(tw, "%d\t%d\t%d\t%s\t%s\n", p.Place, p.ID, p.Front, figures(p.Metrics), p.Arch)
		}
		return tw.Flush()
	})
}

func (v viewer) trials() error {
	all := v.all()
	return v.print(all, func(w io.Writer) error {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tw, "TRIAL\tPHASE\tSTATUS\tACCURACY\tMACS\tPARAMS\tORIGIN\tARCHITECTURE")
		for _, s := range all {
			status := string(s.Status)
			if status == "" {
				status = "open"
			}
			fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Phase, status, figures(s.Metrics), s.Origin, s.Arch+s.Name)
		}
		return tw.Flush()
	})
}

func figures(ms trial.Metrics) string {
	var cells []string
	for _, name := range []string{"accuracy", trial.MACs, trial.Params} {
		text := "–"
		if x, ok := ms.Get(name); ok {
			text = report.FormatMetric(name, x)
		}
		cells = append(cells, text)
	}
	return strings.Join(cells, "\t")
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
		for _, m := range s.Metrics {
			fmt.Fprintf(w, "%-13s %s\n", m.Name, report.FormatMetric(m.Name, m.Value))
		}
		for _, m := range s.Test {
			fmt.Fprintf(w, "%-13s %s\n", "test "+m.Name, report.FormatMetric(m.Name, m.Value))
		}
		if len(s.Curve) > 0 {
			fmt.Fprintln(w, "curve")
			for _, p := range s.Curve {
				fmt.Fprintf(w, "  epoch %-3d", p.Epoch)
				for _, m := range p.Metrics {
					fmt.Fprintf(w, "  %s %s", m.Name, report.FormatMetric(m.Name, m.Value))
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
