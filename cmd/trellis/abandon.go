package main

import "github.com/spf13/cobra"

// abandonable makes Ctrl-C end the commands below cmd at once. It is for those that only compute and print their answer at the end: what is
// left of the work goes with the process.
func abandonable(cmd *cobra.Command) *cobra.Command {
	for _, c := range cmd.Commands() {
		work := c.RunE
		c.RunE = func(cmd *cobra.Command, args []string) error {
			done := make(chan error, 1)
			go func() { done <- work(cmd, args) }()
			select {
			case err := <-done:
				return err
			case <-cmd.Context().Done():
				return cmd.Context().Err()
			}
		}
	}
	return cmd
}
