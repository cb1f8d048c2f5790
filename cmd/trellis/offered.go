package main

import (
	"slices"

	"github.com/spf13/cobra"
)

// offer is what the shell is offered for the first argument of a command, beside words; for further ones it is offered nothing.
func offer(cmd *cobra.Command, directive cobra.ShellCompDirective, words ...string) {
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return words, directive
	}
}

// offerFolders offers folders.
func offerFolders(cmd *cobra.Command) { offer(cmd, cobra.ShellCompDirectiveFilterDirs) }

// strictly makes the commands that cobra adds, help and completion, refuse words that they do not know, as ours do.
func strictly(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args = unknownCommand
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				of, rest, err := root.Find(args)
				if err != nil || slices.Equal(args, []string{"help"}) {
					return err
				}
				return unknownCommand(of, rest)
			}
		}
	}
}
