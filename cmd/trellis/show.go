package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
)

var views = []string{"summary", "front", "leaderboard", "trials", "prior"}

func newShow(t *terminal.Terminal) *cobra.Command {
	var (
		top   int
		times bool
	)
	cmd := &cobra.Command{
		Use:   "show FOLDER [summary|front|leaderboard|trials|prior|TRIAL]",
		Short: "Show what a study found: summary, front, leaderboard, one trial",
		Long: `Show reads the journal of a run folder, also while the search is running. Without a word it prints a summary. With --json it
prints the whole study; times and workers are left out unless --times is given, so equal studies print equal text.`,
		Example: `  trellis show runs/quickstart
  trellis show runs/quickstart leaderboard --top 20
  trellis show runs/quickstart 31
  trellis show runs/quickstart --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return terminal.Takes("FOLDER")(cmd, args)
			}
			return terminal.Takes("FOLDER", "VIEW")(cmd, args)
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return views, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if top < 0 {
				return terminal.Mistakef("--top %d: want at least 0, which shows all", top)
			}
			view := "summary"
			if len(args) == 2 {
				view = args[1]
			}
			h, s, err := readStudy(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			v := viewer{t, h, s, times}
			switch view {
			case "summary":
				f, err := reopen(args[0], h)
				if err != nil {
					return terminal.Mistake(err)
				}
				r, err := f.RegionFor(h.Started.Data, false)
				if err != nil {
					return terminal.Mistake(err)
				}
				if t.JSON {
					return v.whole(summarise(h, r))
				}
				return printSummary(t.Out, summarise(h, r), h, args[0])
			case "front":
				sum := report.Summarise(h, s.Format)
				return t.Print(sum.Front, sum.WriteFront)
			case "leaderboard":
				return v.leaderboard(top)
			case "trials":
				return v.trials()
			case "prior":
				return v.prior()
			}
			id, err := strconv.Atoi(view)
			if err != nil {
				return terminal.Hinted(fmt.Errorf("there is no view %q; %s", view, nearest.Advice(view, views)), "or give the number of a trial, such as 0")
			}
			if len(h.Entries) == 0 {
				return terminal.Mistakef("there is no trial %d; the study has none yet", id)
			}
			if id < 0 || id >= len(h.Entries) {
				return terminal.Mistakef("there is no trial %d; the study has trials 0 to %d", id, len(h.Entries)-1)
			}
			return v.trial(h.Entries[id])
		},
	}
	cmd.Flags().IntVar(&top, "top", 10, "so many places of the leaderboard; 0 for all")
	cmd.Flags().BoolVar(&times, "times", false, "with --json: also times and workers, which differ between runs")
	return cmd
}

// readStudy returns what the journal of a run folder says by now, and the space it is about.
func readStudy(ctx context.Context, folder string) (*store.History, *space.Space, error) {
	j, h, err := openJournal(ctx, folder, store.Read)
	if err != nil {
		return nil, nil, err
	}
	defer j.Close()
	s, err := spaceOf(folder, h)
	return h, s, terminal.Mistake(err)
}

// reopen reads the study file of a run folder from its journal.
func reopen(folder string, h *store.History) (*spec.File, error) {
	from, err := readOrigin(folder)
	if err != nil {
		from.StudyFile = "study.yaml" // the folder came from elsewhere; the name is only used in errors
	}
	return spec.Reopen(from.StudyFile, h.Started)
}

// spaceOf returns the space of a study from its journal alone; the data need not be there.
func spaceOf(folder string, h *store.History) (*space.Space, error) {
	if h.Last == 0 {
		return nil, terminal.Hinted(fmt.Errorf("the journal of %s is empty: the search was stopped before it began", folder), "trellis resume %s begins it", folder)
	}
	f, err := reopen(folder, h)
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
	*terminal.Terminal
	history *store.History
	space   *space.Space
	times   bool
}
