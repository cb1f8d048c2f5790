package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how many columns help takes at most, examples aside.
const helpWidth = 100

// narrow sets the help of a command, and of all below it, in lines of helpWidth columns.
func narrow(cmd *cobra.Command) {
	var paragraphs []string
	for p := range strings.SplitSeq(cmd.Long, "\n\n") {
		paragraphs = append(paragraphs, strings.Join(lines(strings.Fields(p), " ", helpWidth), "\n"))
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	if !cmd.HasParent() {
		cmd.SetUsageTemplate(strings.ReplaceAll(cmd.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 100"))
	}
	for _, c := range cmd.Commands() {
		narrow(c)
	}
}

// lines sets words in as few lines as they need, with a gap between two in a line, of so many columns at most. A word that is longer has a
// line of its own.
func lines(words []string, gap string, width int) []string {
	var out []string
	line := ""
	for i, w := range words {
		switch {
		case i == 0:
			line = w
		case columns(line)+columns(gap)+columns(w) <= width:
			line += gap + w
		default:
			out = append(out, line)
			line = w
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// columns is how many columns of a terminal a text takes.
func columns(text string) int { return len([]rune(text)) }
