// Package magnitude reads whole numbers as people write them.
package magnitude

import (
	"math"
	"strconv"
	"strings"
)

// Count reads a whole number as a person writes it: "1500", "1_500", "100k", "1.5M", where k, M, G and T are powers of a
// thousand. It reports false for anything else.
func Count(text string) (int64, bool) {
	scale := int64(1)
	digits := strings.ReplaceAll(text, "_", "")
	if digits != "" {
		if i := strings.IndexByte("kMGT", digits[len(digits)-1]); i >= 0 {
			digits = digits[:len(digits)-1]
			for range i + 1 {
				scale *= 1000
			}
		}
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		if n > math.MaxInt64/scale || n < math.MinInt64/scale {
			return 0, false
		}
		return n * scale, true
	}
	if strings.Trim(digits, "0123456789.") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	if f *= float64(scale); err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// TooLarge tells a count that Count refuses for its size alone.
func TooLarge(text string) bool {
	digits := strings.TrimRight(text, "kMGT")
	return len(text)-len(digits) <= 1 && strings.ContainsAny(digits, "0123456789") && strings.Trim(digits, "0123456789_") == ""
}
