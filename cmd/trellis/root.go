package main

import (
	"cmp"
	"context"
	"encoding/json"
	"io"

	"github.com/spf13/cobra"
)

// output is standard output, which may be a full disk: it remembers the first failure, for a command that does not look.
type output struct {
	io.Writer
	failed error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil && o.failed == nil {
		o.failed = err
	}
	return n, err
}

// terminal is where a command speaks: results to out, progress and remarks to err.
type terminal struct {
	out, err io.Writer
	json     bool  // results as JSON, for scripts
	wait     *wait // for what is printed next; nil for nothing
}

// print writes v as indented JSON if the user asked for JSON, and calls text otherwise.
func (t *terminal) print(v any, text func(w io.Writer) error) error {
	if t.wait != nil {
		t.wait.end()
	}
	if !t.json {
		return text(t.out)
	}
	e := json.NewEncoder(t.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &output{Writer: stdout}
	root := newRoot(&terminal{out: out, err: stderr})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	strictly(root)
	return conclude(stderr, cmp.Or(root.ExecuteContext(ctx), out.failed))
}

func newRoot(t *terminal) *cobra.Command {
	root := &cobra.Command{
		Use:   "trellis",
		Short: "Find neural network architectures",
		Long: `Trellis finds neural network architectures: it takes a task, a space of networks, objectives and limits, and gives
back the trade-off front: trained networks, why they work, files to deploy.

Exit codes: 0 done; 1 the machine failed; 2 the input is wrong; 130 stopped by Ctrl-C, to be resumed.`,
		Example: `  trellis search examples/quickstart.yaml        search, train the finalists, print the front
  trellis search study.yaml --dry-run            what would be run: counts, tightest budgets, cost
  trellis resume runs/quickstart                 go on after an interruption
  trellis report runs/quickstart                 one HTML file and its pictures
  trellis space count nb201                      15625`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			return unknownCommand(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	root.PersistentFlags().BoolVar(&t.json, "json", false, "print results as JSON, for scripts")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hinted(wrongFlag(cmd, err), "%s --help lists the flags", cmd.CommandPath())
	})
	root.AddCommand(
		newVersion(t),
		newData(t),
		newSpace(t),
		newSearch(t),
		newResume(t),
		newShow(t),
		newReport(t),
		abandonable(t, newExplain(t)),
		newBench(t),
		newDevice(t),
	)
	narrow(root, width(t.out))
	return root
}
