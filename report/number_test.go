package report_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/trial"
)

func TestCountsAreShortWithThreeDigitsThatMatter(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {7, "7"}, {812, "812"}, {999, "999"}, {1000, "1k"}, {1234, "1.23k"}, {12345, "12.3k"}, {123456, "123k"},
		{999_499, "999k"}, {999_500, "1M"}, {999_999, "1M"}, {4_560_000, "4.56M"}, {1e9, "1G"}, {2.5e13, "25T"}, {9.996e15, "9996T"},
		{0.5, "0.5"}, {12.5, "12.5"}, {-1500, "-1.5k"},
	} {
		if got := trial.ShortCount(c.x); got != c.want {
			t.Errorf("%v prints as %s, want %s", c.x, got, c.want)
		}
	}
}

func TestAShortCountHasAtMostThreeDigitsUpToTheLastUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 999_000_000_000_000).Draw(t, "n")
		digits := 0
		for _, r := range trial.ShortCount(float64(n)) {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if digits < 1 || digits > 3 {
			t.Fatalf("%d prints as %s", n, trial.ShortCount(float64(n)))
		}
	})
}

func TestBigCountsAreWholeUpToFifteenDigits(t *testing.T) {
	chain := new(big.Int).Lsh(new(big.Int).Exp(big.NewInt(6), big.NewInt(20), nil), 190)
	for want, n := range map[string]*big.Int{
		"0":                   big.NewInt(0),
		"216":                 big.NewInt(216),
		"15,625":              big.NewInt(15625),
		"999,999,999,999,999": big.NewInt(999_999_999_999_999),
		"1.00 · 10^15":        big.NewInt(1_000_000_000_000_000),
		"3.66 · 10^15":        big.NewInt(3_656_158_440_062_976),
		"5.74 · 10^72":        chain,
		"1.00 · 10^16":        big.NewInt(9_999_999_999_999_999),
	} {
		if got := report.BigCount(n); got != want {
			t.Errorf("%v prints as %s, want %s", n, got, want)
		}
	}
}
