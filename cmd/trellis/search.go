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
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
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
	return workers, threads, cmp.Or(terminal.InRange("--workers", workers, mostAtOnce), terminal.InRange("--threads", threads, mostAtOnce))
}

func newSearch(t *terminal.Terminal) *cobra.Command {
	var (
		flags  runFlags
		out    string
		from   []string
		dryRun bool
	)
	cmd := &cobra.Command{
		Use:   "search FILE",
		Short: "Run the search that a study file describes",
		Long: `Search evaluates architectures as the study file says, then the best ones again, alone and longer, tests these once on the
sealed test set, and prints the front. Everything is kept in a run folder: the journal, from which an interrupted search
is resumed, and the weights of the finalists.

The study file decides the result. --workers, --threads and the machine only decide how long it takes.

How an architecture is evaluated is the key evaluation.kind of the study file. ` + evaluatorHelp(),
		Example: `  trellis search examples/quickstart.yaml
  trellis search study.yaml --dry-run
  trellis search study.yaml --data path/to/images --out runs/friday
  trellis search study.yaml --from runs/quickstart     begin with what that study found out
  trellis search study.yaml --json > summary.json`,
		Args: terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := spec.Open(args[0])
			if err != nil {
				return terminal.Mistake(err)
			}
			file.From = from
			plan, err := terminal.Await(cmd.Context(), t, "planning the study", func() (*spec.Plan, error) { return file.Plan(flags.data) })
			if err != nil {
				return terminal.Mistake(err)
			}
			for _, p := range plan.Prices {
				noteGuesses(t, p)
			}
			workers, threads, err := flags.share(plan.Window)
			if err != nil {
				return err
			}
			if dryRun {
				return printDryRun(cmd.Context(), t, plan, workers)
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
			folder, undo, err := newRunFolder(out, plan.Name, place)
			if err != nil {
				return err
			}
			journal, err := store.Open(cmd.Context(), filepath.Join(folder, journalFile), store.Create)
			if err != nil {
				return err
			}
			err = conduct(cmd.Context(), t, plan, journal, folder, workers, threads, flags.plain)
			var never *notBegun
			if errors.As(err, &never) {
				return cmp.Or(undo(), error(terminal.Mistake(never.err)))
			}
			return err
		},
	}
	flags.add(cmd)
	terminal.Offer(cmd, cobra.ShellCompDirectiveFilterFileExt, "yaml", "yml")
	cmd.Flags().StringVar(&out, "out", "", "the run `folder` (default: runs/NAME, or runs/NAME-2 and so on when that is taken)")
	cmd.Flags().StringArrayVar(&from, "from", nil, "the run `folder` of an earlier study of the same data, whose results the strategy observes first")
	cmd.MarkFlagDirname("from")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be run, and write nothing")
	cmd.MarkFlagDirname("out")
	return cmd
}

// evaluatorHelp says what each kind of evaluation does.
func evaluatorHelp() string {
	var parts []string
	for _, k := range spec.EvaluatorKinds() {
		parts = append(parts, fmt.Sprintf("Kind %s %s.", k.Name, k.Doc))
	}
	return strings.Join(parts, " ")
}

// notBegun marks the error of a study that could not begin, as one whose program cannot be used: its journal is empty.
type notBegun struct{ err error }

func (n *notBegun) Error() string { return n.err.Error() }
func (n *notBegun) Unwrap() error { return n.err }

// conduct runs a study to its end, shows its progress and prints what came out.
func conduct(ctx context.Context, t *terminal.Terminal, plan *spec.Plan, journal store.Journal, folder string, workers, threads int, plain bool) (err error) {
	defer func() {
		if e := journal.Close(); err == nil {
			err = e
		}
	}()
	machine, _ := os.Hostname()
	progress := newProgress(t.Err, plan, plain)
	defer func() { err = cmp.Or(err, plan.Close()) }()
	run, err := plan.Study(spec.Run{
		Folder: folder, Journal: journal, Workers: workers, Threads: threads,
		Version: version(), Machine: machine, Observer: progress,
	})
	if err != nil {
		return &notBegun{err}
	}
	progress.begin(folder, workers, threads)
	ran, err := run.Run(ctx)
	progress.end()
	if ctx.Err() != nil {
		fmt.Fprintf(t.Err, "\nstopped; everything that was done is kept. Go on with:\n  trellis resume %s\n", folder)
		return terminal.ErrInterrupted
	}
	var replay *study.ReplayError
	if err != nil && !errors.As(err, &replay) {
		return &halted{err, folder}
	}
	if err != nil {
		return err
	}
	history := ran.History
	s := summarise(history, plan.Region)
	return t.Print(s, func(w io.Writer) error { return printSummary(w, s, history, folder) })
}

// summarise returns the summary of a study, with the health of its search.
func summarise(h *store.History, r *lattice.CountedRegion) report.Summary {
	s := report.Summarise(h, r.Space().Format)
	health := report.HealthOf(h, r)
	s.Health = &health
	return s
}

func printSummary(w io.Writer, s report.Summary, h *store.History, folder string) error {
	for _, k := range s.Prior {
		fmt.Fprintf(w, "\nObserved before the search: %s of study %s\n", several(k.Results, "result"), k.Study)
	}
	fmt.Fprintf(w, "\nThe front of the search on validation (%s):\n\n", s.Objectives)
	if err := s.WriteFront(w); err != nil {
		return err
	}
	if len(s.Finals) > 0 {
		how := "Evaluated alone from scratch; there is no test"
		if h.TestOpened {
			how = "Trained alone from scratch, then tested once on the sealed test set"
		}
		fmt.Fprintf(w, "\n%s:\n\n", how)
		if err := s.WriteFinals(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	if err := s.WriteHealth(w); err != nil {
		return err
	}
	all := h.Totals().All
	fmt.Fprintf(w, "Spent: %s MACs trained, %s of processor time", trial.ShortCount(float64(all.Spent.MACs)), seconds(all.Spent.CPUSeconds))
	if all.Money > 0 {
		fmt.Fprintf(w, ", %.4f %s", all.Money, h.Started.Rates.Currency)
	}
	fmt.Fprintf(w, ", %s in all.\nPictures and details: trellis report %s\n", seconds(h.Elapsed.Seconds()), folder)
	return nil
}
