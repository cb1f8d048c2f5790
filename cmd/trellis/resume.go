package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
)

func newResume(t *terminal.Terminal) *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "resume FOLDER",
		Short: "Go on with a search that was interrupted",
		Long: `Resume goes on where a search stopped, by Ctrl-C, a crash or a power failure. What the journal holds is not done again,
and the result is the one that the search would have had without the interruption.`,
		Example: `  trellis resume runs/quickstart
  trellis resume runs/shirts --data path/to/images     when the data has moved`,
		Args: terminal.Takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := args[0]
			journal, history, err := openJournal(cmd.Context(), folder, store.Write)
			if err != nil {
				return err
			}
			plan, err := terminal.Await(cmd.Context(), t, "loading the study", func() (*spec.Plan, error) { return replan(folder, history, flags.data) })
			if err != nil {
				journal.Close()
				return terminal.Mistake(err)
			}
			noteChange(t, folder, history)
			workers, threads, err := flags.share(plan.Window)
			if err != nil {
				journal.Close()
				return err
			}
			return conduct(cmd.Context(), t, plan, journal, folder, workers, threads, flags.plain)
		},
	}
	flags.add(cmd)
	terminal.OfferFolders(cmd)
	return cmd
}

// noteChange warns that the study file has changed since the study began, which goes on as it began.
func noteChange(t *terminal.Terminal, folder string, h *store.History) {
	from, err := readOrigin(folder)
	if err != nil || h.Last == 0 {
		return
	}
	if now, err := os.ReadFile(from.StudyFile); err == nil && string(now) != h.Started.Study {
		fmt.Fprintf(t.Err, "note: %s has changed since; the study goes on as it began. For the new text: trellis search %s\n", from.StudyFile, from.StudyFile)
	}
}

// openJournal opens the journal of a run folder, and folds it.
func openJournal(ctx context.Context, folder string, mode store.Mode) (store.Journal, *store.History, error) {
	path := filepath.Join(folder, journalFile)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, terminal.Hinted(fmt.Errorf("there is no run folder %s", folder), "a run folder is what trellis search made, such as runs/quickstart")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil, terminal.Hinted(fmt.Errorf("%s holds no study: there is no %s in it", folder, journalFile),
			"a run folder is what trellis search made, such as runs/quickstart")
	}
	j, err := store.Open(ctx, path, mode)
	if err != nil {
		return nil, nil, terminal.Mistake(err)
	}
	h, err := store.Load(ctx, j)
	if err != nil {
		j.Close()
		return nil, nil, terminal.Mistake(err)
	}
	return j, h, nil
}

// replan makes the plan of a study from the text in its journal, or from the study file when the journal was cut off before
// its first event.
func replan(folder string, h *store.History, dataFolder string) (*spec.Plan, error) {
	from, err := readOrigin(folder)
	if errors.Is(err, fs.ErrNotExist) && h.Last > 0 { // the journal came from elsewhere, and has all but the data
		from, err = origin{StudyFile: filepath.Join(folder, "study.yaml")}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the run folder is incomplete: %w", err)
	}
	if dataFolder == "" {
		dataFolder = from.Data
	}
	if h.Last == 0 {
		file, err := spec.Open(from.StudyFile)
		if err != nil {
			return nil, err
		}
		return file.Plan(dataFolder)
	}
	file, err := spec.Reopen(from.StudyFile, h.Started)
	if err != nil {
		return nil, err
	}
	plan, err := file.Plan(dataFolder)
	if err != nil {
		return nil, err
	}
	if then, now := h.Started.Data.Hash, plan.Dataset.Hash; then != now {
		return nil, fmt.Errorf("the data is not what the study in %s began with: its hash is %s, and was %s", folder, now, then)
	}
	return plan, nil
}
