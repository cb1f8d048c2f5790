package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
)

func newResume(t *terminal) *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "resume FOLDER",
		Short: "Go on with a search that was interrupted",
		Long: `Resume goes on where a search stopped, by Ctrl-C, a crash or a power failure. What the journal holds is not done again,
and the result is the one that the search would have had without the interruption.`,
		Example: `  trellis resume runs/quickstart
  trellis resume runs/shirts --data path/to/images     when the data has moved`,
		Args: takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := args[0]
			journal, history, err := openJournal(cmd.Context(), folder, store.Open)
			if err != nil {
				return err
			}
			plan, err := await(cmd.Context(), t, func() (*spec.Plan, error) { return replan(folder, history, flags.data) })
			if err != nil {
				journal.Close()
				return wrong(err)
			}
			t.tellChange(folder, history)
			workers, threads, err := flags.share(plan.Window)
			if err != nil {
				journal.Close()
				return err
			}
			return conduct(cmd.Context(), t, plan, journal, folder, workers, threads, flags.plain)
		},
	}
	flags.add(cmd)
	offerFolders(cmd)
	return cmd
}

// tellChange says that the study file is no longer what the study began with: it goes on as it began.
func (t *terminal) tellChange(folder string, h *store.History) {
	from, err := readOrigin(folder)
	if err != nil || h.Last == 0 {
		return
	}
	if now, err := os.ReadFile(from.StudyFile); err == nil && string(now) != h.Started.Study {
		fmt.Fprintf(t.err, "note: %s has changed since; the study goes on as it began. For the new text: trellis search %s\n", from.StudyFile, from.StudyFile)
	}
}

// openJournal opens the journal of a run folder with store.Open or store.Read, and folds it.
func openJournal(ctx context.Context, folder string, open func(context.Context, string) (*store.SQLite, error)) (*store.SQLite, *store.History, error) {
	path := filepath.Join(folder, journalFile)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, hinted(fmt.Errorf("there is no run folder %s", folder), "a run folder is what trellis search made, such as runs/quickstart")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil, hinted(fmt.Errorf("%s holds no study: there is no %s in it", folder, journalFile),
			"a run folder is what trellis search made, such as runs/quickstart")
	}
	j, err := open(ctx, path)
	if err != nil {
		return nil, nil, wrong(err)
	}
	h, err := store.Load(ctx, j)
	if err != nil {
		j.Close()
		return nil, nil, wrong(err)
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
