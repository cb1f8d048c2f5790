package main

import (
	"fmt"
	"math"
	"strconv"
)

// figure is what an exact answer says as a real number. JSON has twelve digits of it that matter: what follows is rounding of sums, which would
// print a half as 0.49999999999999994.
type figure float64

// MarshalJSON implements json.Marshaler.
func (f figure) MarshalJSON() ([]byte, error) {
	if x := float64(f); math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, fmt.Errorf("%v is no number that JSON has", x)
	}
	x, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', 12, 64), 64)
	if err != nil {
		return nil, err
	}
	return strconv.AppendFloat(nil, x, 'g', -1, 64), nil
}

// size is how far a figure is from 0.
func (f figure) size() figure { return figure(math.Abs(float64(f))) }

// several prints a number of things: "1 trial", "3 trials".
func several(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

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
