package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
)

// commands returns every command of ours; those that cobra adds have texts of their own.
func commands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		all = append(all, commands(sub)...)
	}
	return all
}

func TestEveryCommandHasExamplesThatItUnderstands(t *testing.T) {
	spaces := regexp.MustCompile(`\s{2,}|\s>\s`) // what follows is a remark, or the shell's
	for _, c := range commands(newRoot(&terminal.Terminal{})) {
		if c.Short == "" || c.Example == "" {
			t.Errorf("%s: help has no short text or no example", c.CommandPath())
		}
		own := false
		for line := range strings.Lines(c.Example) {
			words := strings.Fields(strings.ReplaceAll(spaces.Split(strings.TrimSpace(line), 2)[0], `"$(trellis space sample mobile)"`, "ARCH"))
			if len(words) == 0 || words[0] != "trellis" {
				t.Errorf("%s: the example %q does not begin with trellis", c.CommandPath(), line)
				continue
			}
			root := newRoot(&terminal.Terminal{})
			target, rest, err := root.Find(words[1:])
			if err != nil {
				t.Errorf("%s: the example %q names no command: %v", c.CommandPath(), line, err)
				continue
			}
			own = own || target.CommandPath() == c.CommandPath() || strings.HasPrefix(target.CommandPath(), c.CommandPath()+" ")
			if err := target.ParseFlags(rest); err != nil {
				t.Errorf("%s: the example %q has wrong flags: %v", c.CommandPath(), line, err)
			} else if err := target.ValidateArgs(target.Flags().Args()); err != nil {
				t.Errorf("%s: the example %q has wrong arguments: %v", c.CommandPath(), line, err)
			}
		}
		if !own {
			t.Errorf("%s: no example shows the command itself", c.CommandPath())
		}
	}
}

func TestEveryFlagSaysWhatItDoes(t *testing.T) {
	for _, c := range commands(newRoot(&terminal.Terminal{})) {
		usage := c.LocalFlags().FlagUsages()
		for line := range strings.Lines(usage) {
			if len(strings.Fields(line)) < 3 {
				t.Errorf("%s: the flag %q has no text", c.CommandPath(), strings.TrimSpace(line))
			}
		}
	}
}

func TestListsTakeNoMoreColumnsThanATerminalHas(t *testing.T) {
	every := []string{"strategies", "data list", "space marginals nb201", "space operators nb201"}
	for _, c := range commands(newRoot(&terminal.Terminal{})) {
		every = append(every, strings.TrimPrefix(c.CommandPath(), "trellis")+" --help")
	}
	for _, args := range every {
		var out, err bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &err); code != terminal.Done {
			t.Fatalf("trellis %s: exit code %d: %s", args, code, err.String())
		}
		text, examples := out.String(), false
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			examples = line == "Examples:" || examples && line != ""
			if layout.Columns(line) > terminal.Widest && !examples {
				t.Errorf("trellis %s: %d columns: %s", args, layout.Columns(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("trellis %s: a line ends in blanks: %q", args, line)
			}
		}
	}
}
