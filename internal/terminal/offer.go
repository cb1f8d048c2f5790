package terminal

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// Offer says what the shell is offered for the first argument of a command, beside words; for further ones it is offered nothing.
func Offer(cmd *cobra.Command, directive cobra.ShellCompDirective, words ...string) {
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return words, directive
	}
}

// OfferFolders offers folders.
func OfferFolders(cmd *cobra.Command) { Offer(cmd, cobra.ShellCompDirectiveFilterDirs) }

// Complete offers words for the value of a flag.
func Complete(cmd *cobra.Command, flag string, words []string, directive cobra.ShellCompDirective) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, directive
	})
	if err != nil {
		panic(fmt.Sprintf("%s: completion of --%s: %v", cmd.Name(), flag, err))
	}
}

// Strictly makes the commands that cobra adds, help and completion, refuse words that they do not know, as ours do.
func Strictly(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args = UnknownCommand
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				of, rest, err := root.Find(args)
				if err != nil || slices.Equal(args, []string{"help"}) {
					return err
				}
				return UnknownCommand(of, rest)
			}
		}
	}
}
