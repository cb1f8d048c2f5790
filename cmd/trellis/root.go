package main

import (
	"cmp"
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &terminal.Output{Writer: stdout}
	root := newRoot(&terminal.Terminal{Out: out, Err: stderr})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	terminal.Strictly(root)
	return terminal.Conclude(stderr, root.Name(), cmp.Or(root.ExecuteContext(ctx), out.Failed))
}

func newRoot(t *terminal.Terminal) *cobra.Command {
	root := &cobra.Command{
		Use:   "trellis",
		Short: "Find neural network architectures",
		Long: `Trellis finds neural network architectures: it takes a task, a space of networks, objectives and limits, and gives
back the trade-off front: trained networks, why they work, files to deploy.

Exit codes: 0 done; 1 the machine failed; 2 the input is wrong; 130 stopped by Ctrl-C, to be resumed.`,
		Example: `  trellis search examples/quickstart.yaml        search, train the finalists, print the front
  trellis search study.yaml --dry-run            what would be run: counts, tightest limits, cost
  trellis resume runs/quickstart                 go on after an interruption
  trellis report runs/quickstart                 one HTML file and its pictures
  trellis space count nb201                      15625`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			return terminal.UnknownCommand(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	root.PersistentFlags().BoolVar(&t.JSON, "json", false, "print results as JSON, for scripts")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return terminal.Hinted(terminal.WrongFlag(cmd, err), "%s --help lists the flags", cmd.CommandPath())
	})
	terminal.Grouped(root,
		terminal.CommandGroup{Title: "Search", Commands: []*cobra.Command{newSearch(t), newResume(t), newData(t), newStrategies(t)}},
		terminal.CommandGroup{Title: "Understand", Commands: []*cobra.Command{newShow(t), newReport(t), t.Awaited("explaining the study", newExplain(t)), newSpace(t)}},
		terminal.CommandGroup{Title: "Measure", Commands: []*cobra.Command{newBench(t), newDevice(t)}},
		terminal.CommandGroup{Title: "Operate", Commands: []*cobra.Command{newVersion(t)}})
	terminal.WrapHelp(root, terminal.Width(t.Out))
	return root
}
