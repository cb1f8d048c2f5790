package report

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/trial"
)

func trialName(id trial.ID) string { return "trial " + strconv.Itoa(int(id)) }

// BigCount prints a count of any size for people: whole up to fifteen digits, "3.66 · 10^15" above.
func BigCount(n *big.Int) string {
	s := n.String()
	if len(s) <= 15 {
		return grouped(s)
	}
	mantissa, exponent, _ := strings.Cut(new(big.Float).SetInt(n).Text('e', 2), "e+")
	return mantissa + " · 10^" + strings.TrimLeft(exponent, "0")
}

// grouped sets commas between the thousands.
func grouped(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Several prints a number of things: "1 trial", "3 trials".
func Several(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Percent prints a share with three digits that matter: "12.3%", "1.23%", "0.0012%". Almost all is not all.
func Percent[F ~float64](share F) string {
	const rounding = 1e-9
	p := 100 * float64(share)
	switch {
	case share <= 0:
		return "0%"
	case p > 100-100*rounding:
		return "100%"
	case p >= 99.95:
		return ">99.9%"
	case p >= 9.995:
		return fmt.Sprintf("%.1f%%", p)
	case p >= 0.9995:
		return fmt.Sprintf("%.2f%%", p)
	case p >= 0.09995:
		return fmt.Sprintf("%.3f%%", p)
	}
	return fmt.Sprintf("%.2g%%", p)
}
