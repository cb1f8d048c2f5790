// Package nearest finds the word that a misspelt one was probably meant to be.
package nearest

import (
	"fmt"
	"strings"
)

// Word returns the candidate with the smallest edit distance (Levenshtein 1966) to name; of equals the first. It
// returns "" when there are no candidates.
func Word(name string, candidates []string) string {
	best, least := "", -1
	for _, c := range candidates {
		if d := distance(name, c); least < 0 || d < least {
			best, least = c, d
		}
	}
	return best
}

// Advice is the second half of an error sentence about an unknown word: the nearest valid one and, while they are few,
// all of them.
func Advice(name string, candidates []string) string {
	const few = 12
	switch {
	case len(candidates) == 0:
		return "none is valid here"
	case len(candidates) == 1:
		return fmt.Sprintf("the only valid one is %q", candidates[0])
	case len(candidates) > few:
		return fmt.Sprintf("the nearest is %q", Word(name, candidates))
	}
	return fmt.Sprintf("the nearest is %q (of %s)", Word(name, candidates), strings.Join(candidates, ", "))
}

// distance counts the insertions, deletions and substitutions of bytes from a to b. Only the first 64 bytes of either
// are looked at: names are short, and what is longer is far from all of them.
func distance(a, b string) int {
	const longest = 64
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
