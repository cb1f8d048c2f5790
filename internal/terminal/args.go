package terminal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// UnknownCommand refuses words that are no subcommand and names the nearest. It is the Args of a command that only holds others.
func UnknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return Hinted(fmt.Errorf("%s: unknown command %q; %s", cmd.CommandPath(), args[0], nearest.Advice(args[0], names)),
		"%s --help lists the commands", cmd.CommandPath())
}

// WrongFlag words an error of a flag as the other errors are, and names the flag that was probably meant.
func WrongFlag(cmd *cobra.Command, err error) error {
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
		return fmt.Errorf("%s: unknown flag -%s; arguments that begin with - go after --", cmd.CommandPath(), unknown.GetSpecifiedShortnames())
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

// Takes checks the number of arguments and names them in the error: Takes("FILE") wants one, Takes("SPACE", "ARCH") two.
func Takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return Hinted(fmt.Errorf("%s: %s is missing", cmd.CommandPath(), names[len(args)]), "usage: %s", cmd.UseLine())
		case len(args) > len(names):
			return Hinted(fmt.Errorf("%s: unexpected argument %q", cmd.CommandPath(), args[len(names)]), "usage: %s", cmd.UseLine())
		}
		return nil
	}
}

// Group is a command that only holds others.
func Group(use, short, example string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Example: example,
		Args: UnknownCommand,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	c.AddCommand(commands...)
	return c
}

// CommandGroup is some commands of a root with what people do by them.
type CommandGroup struct {
	Title    string // "Search"
	Commands []*cobra.Command
}

// Grouped adds commands to a root, whose help shows them in their groups. Help and completion, which
// cobra adds, are in the last group.
func Grouped(root *cobra.Command, groups ...CommandGroup) {
	for _, g := range groups {
		id := strings.ToLower(g.Title)
		root.AddGroup(&cobra.Group{ID: id, Title: g.Title + ":"})
		for _, c := range g.Commands {
			c.GroupID = id
			root.AddCommand(c)
		}
		root.SetHelpCommandGroupID(id)
		root.SetCompletionCommandGroupID(id)
	}
}

// InRange refuses the number of a flag that is not from 1 to most.
func InRange(flag string, n, most int) error {
	if n < 1 || n > most {
		return Mistakef("%s %d: want 1 to %d", flag, n, most)
	}
	return nil
}
