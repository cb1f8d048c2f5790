package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// unknownCommand refuses words that are no subcommand and names the nearest.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return hinted(fmt.Errorf("%s: unknown command %q; %s", cmd.CommandPath(), args[0], nearest.Advice(args[0], names)),
		"%s --help lists the commands", cmd.CommandPath())
}

// wrongFlag says in our words what is wrong with a flag, and which flag was probably meant.
func wrongFlag(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		return fmt.Errorf("%s: unknown flag %s; %s", cmd.CommandPath(), name, nearest.Advice(name, names))
	case errors.As(err, &unknown):
		return fmt.Errorf("%s: unknown flag -%s; what begins with - and is no flag stands behind --", cmd.CommandPath(), unknown.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		return fmt.Errorf("%s: --%s is given without its value", cmd.CommandPath(), bare.GetFlag().Name)
	case errors.As(err, &invalid) && errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%s: --%s is %s, which is too large", cmd.CommandPath(), invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		want := map[string]string{"bool": "true or false", "int": "a whole number", "uint64": "a whole number of at least 0", "float64": "a number",
			"duration": "a time such as 500ms or 90s", "intSlice": "whole numbers with commas between them"}[invalid.GetFlag().Value.Type()]
		if want != "" {
			return fmt.Errorf("%s: --%s is %q, want %s", cmd.CommandPath(), invalid.GetFlag().Name, invalid.GetValue(), want)
		}
	}
	return fmt.Errorf("%s: %w", cmd.CommandPath(), err)
}

// takes checks the number of arguments and names them in the error: takes("FILE") wants one, takes("SPACE", "ARCH") two.
func takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return hinted(fmt.Errorf("%s: %s is missing", cmd.CommandPath(), names[len(args)]), "usage: %s", cmd.UseLine())
		case len(args) > len(names):
			return hinted(fmt.Errorf("%s: unexpected argument %q", cmd.CommandPath(), args[len(names)]), "usage: %s", cmd.UseLine())
		}
		return nil
	}
}

// group is a command that only holds others.
func group(t *terminal, use, short, example string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Example: example,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	c.AddCommand(commands...)
	return c
}

// ranged refuses the number of a flag that is not from 1 to so many.
func ranged(flag string, n, most int) error {
	if n < 1 || n > most {
		return wrongf("%s %d: want 1 to %d", flag, n, most)
	}
	return nil
}

// mostAtOnce bounds workers, threads and windows: as in a study file.
const mostAtOnce = 1024
