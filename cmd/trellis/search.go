package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
)

// runFlags are the settings of the machine: they decide how fast a study runs and where, not what comes out.
type runFlags struct {
	data    string
	workers int
	threads int
	plain   bool
}

func (f *runFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", "", "the data `folder`, instead of the one in the study file")
	cmd.Flags().IntVar(&f.workers, "workers", 0, "trials to train at a time (default: the study's window, at most one a core)")
	cmd.Flags().IntVar(&f.threads, "threads", 0, "threads of each trial (default: the cores shared among the workers)")
	cmd.Flags().BoolVar(&f.plain, "plain", false, "progress as plain lines, also on a terminal")
	cmd.MarkFlagDirname("data")
}

// share returns how many trials to run at a time and on how many threads each.
func (f *runFlags) share(window int) (workers, threads int, err error) {
	cores := runtime.GOMAXPROCS(0)
	if workers = f.workers; workers == 0 {
		workers = min(window, cores)
	}
	if threads = f.threads; threads == 0 {
		threads = max(1, cores/max(1, min(workers, window)))
	}
	return workers, threads, cmp.Or(ranged("--workers", workers, mostAtOnce), ranged("--threads", threads, mostAtOnce))
}

func newSearch(t *terminal) *cobra.Command {
	var (
		flags  runFlags
		out    string
		from   []string
		dryRun bool
	)
	cmd := &cobra.Command{
		Use:   "search FILE",
		Short: "Run the search that a study file describes",
		Long: `Search trains architectures as the study file says, then the best ones again, alone and longer, tests these once on the
sealed test set, and prints the front. Everything is kept in a run folder: the journal, from which an interrupted search
is resumed, and the weights of the finalists.

The study file decides the result. --workers, --threads and the machine only decide how long it takes.`,
		Example: `  trellis search examples/quickstart.yaml
  trellis search study.yaml --dry-run
  trellis search study.yaml --data path/to/images --out runs/friday
  trellis search study.yaml --from runs/quickstart     begin with what that study found out
  trellis search study.yaml --json > summary.json`,
		Args: takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := spec.Open(args[0])
			if err != nil {
				return wrong(err)
			}
			file.From = from
			plan, err := await(cmd.Context(), t, func() (*spec.Plan, error) { return file.Plan(flags.data) })
			if err != nil {
				return wrong(err)
			}
			for _, p := range plan.Prices {
				t.tellGuesses(p)
			}
			workers, threads, err := flags.share(plan.Window)
			if err != nil {
				return err
			}
			if dryRun {
				return printOutlook(cmd.Context(), t, plan, workers)
			}
			if err := cmd.Context().Err(); err != nil {
				return err // stopped while it was planned
			}
			place := origin{}
			if place.StudyFile, err = filepath.Abs(args[0]); err != nil {
				return err
			}
			if flags.data != "" {
				if place.Data, err = filepath.Abs(flags.data); err != nil {
					return err
				}
			}
			folder, err := newRunFolder(out, plan.Name, place)
			if err != nil {
				return err
			}
			journal, err := store.Create(cmd.Context(), filepath.Join(folder, journalFile))
			if err != nil {
				return err
			}
			return conduct(cmd.Context(), t, plan, journal, folder, workers, threads, flags.plain)
		},
	}
	flags.add(cmd)
	offer(cmd, cobra.ShellCompDirectiveFilterFileExt, "yaml", "yml")
	cmd.Flags().StringVar(&out, "out", "", "the run `folder` (default: runs/NAME, or runs/NAME-2 and so on when that is taken)")
	cmd.Flags().StringArrayVar(&from, "from", nil, "the run `folder` of an earlier study of the same data, whose results the strategy is told first")
	cmd.MarkFlagDirname("from")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be run, and write nothing")
	cmd.MarkFlagDirname("out")
	return cmd
}

// conduct runs a study to its end, shows its progress and prints what came out.
func conduct(ctx context.Context, t *terminal, plan *spec.Plan, journal *store.SQLite, folder string, workers, threads int, plain bool) (err error) {
	defer func() {
		if e := journal.Close(); err == nil {
			err = e
		}
	}()
	machine, _ := os.Hostname()
	progress := newProgress(t.err, plan, plain)
	run, err := plan.Study(spec.Run{
		Folder: folder, Journal: journal, Workers: workers, Threads: threads,
		Version: version(), Machine: machine, Observer: progress,
	})
	if err != nil {
		return err
	}
	progress.begin(folder, workers, threads)
	history, err := run.Run(ctx)
	progress.end()
	if ctx.Err() != nil {
		fmt.Fprintf(t.err, "\nstopped; everything that was done is kept. Go on with:\n  trellis resume %s\n", folder)
		return errInterrupted
	}
	var replay *study.ReplayError
	if err != nil && !errors.As(err, &replay) {
		return &halted{err, folder}
	}
	if err != nil {
		return err
	}
	s := summarise(history, plan.Region)
	return t.print(s, func(w io.Writer) error { return printSummary(w, s, history, folder) })
}

// summarise returns the summary of a study, with the vitality of its search.
func summarise(h *store.History, r *lattice.Region) report.Summary {
	s := report.Summarise(h, r.Space().Format)
	v := report.VitalityOf(h, r)
	s.Vitality = &v
	return s
}

func printSummary(w io.Writer, s report.Summary, h *store.History, folder string) error {
	for _, k := range s.Known {
		fmt.Fprintf(w, "\nKnown before the search: %s of study %s\n", several(k.Results, "result"), k.Study)
	}
	fmt.Fprintf(w, "\nThe front of the search on validation (%s):\n\n", s.Objectives)
	if err := s.WriteFront(w); err != nil {
		return err
	}
	if len(s.Finals) > 0 {
		fmt.Fprintf(w, "\nTrained alone from scratch, then tested once on the sealed test set:\n\n")
		if err := s.WriteFinals(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	if err := s.WriteVitality(w); err != nil {
		return err
	}
	all := h.Totals().All
	fmt.Fprintf(w, "Spent: %s MACs trained, %s of processor time", report.ShortCount(float64(all.Spent.MACs)), seconds(all.Spent.CPUSeconds))
	if all.Money > 0 {
		fmt.Fprintf(w, ", %.4f %s", all.Money, h.Started.Price.Currency)
	}
	fmt.Fprintf(w, ", %s in all.\nPictures and details: trellis report %s\n", seconds(h.Elapsed.Seconds()), folder)
	return nil
}
