package main

import "github.com/spf13/cobra"

// abandonable makes Ctrl-C end a command at once, or those below it where it only holds others. It is for commands that compute and print
// their answer at the end: what is left of the work goes with the process.
func abandonable(cmd *cobra.Command) *cobra.Command {
	if cmd.HasSubCommands() {
		for _, c := range cmd.Commands() {
			abandonable(c)
		}
		return cmd
	}
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		done := make(chan error, 1)
		go func() { done <- work(cmd, args) }()
		select {
		case err := <-done:
			return err
		case <-cmd.Context().Done():
			return cmd.Context().Err()
		}
	}
	return cmd
}
