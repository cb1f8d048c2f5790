package main

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/report"
)

// figure is a real number of an exact answer.
type figure = explain.Figure

// several prints a number of things: "1 trial", "3 trials".
func several(n int, thing string) string { return report.Several(n, thing) }

// seconds prints a time for people: "3.2s", "48s", "2m05s", "1h12m".
func seconds(s float64) string {
	switch {
	case s < 9.95:
		return fmt.Sprintf("%.1fs", s)
	case s < 59.5:
		return fmt.Sprintf("%.0fs", s)
	case s < 3599.5:
		n := int(math.Round(s))
		return fmt.Sprintf("%dm%02ds", n/60, n%60)
	}
	n := int(math.Round(s / 60))
	return fmt.Sprintf("%dh%02dm", n/60, n%60)
}

// mostAtOnce bounds workers, threads and windows: as in a study file.
const mostAtOnce = 1024
