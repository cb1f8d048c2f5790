package lattice

import (
	"fmt"
	"strings"
)

// TooLargeError says that an exact answer would need more memory than allowed.
type TooLargeError struct {
	Space       string
	What        string // what there would be too many of
	Limit       Limit  // the limit that there are so many for; without a metric if that is no single one
	Need        int64  // how many
	More        bool   // more than Need: counting stopped there
	Bound       int64  // how many are allowed
	MemoryLimit int64  // in bytes, with which it could be answered (see [Lattice.WithMemoryLimit]); 0 if no limit would help, or none is known
}

// Error returns the sentence.
func (e *TooLargeError) Error() string {
	more := ""
	if e.More {
		more = "at least "
	}
	hint := ""
	if e.MemoryLimit > 0 {
		hint = "; a memory limit of " + bytes(e.MemoryLimit) + " would do"
	}
	limit := ""
	if e.Limit.Metric != "" {
		limit = " for " + e.Limit.String()
	}
	return fmt.Sprintf("space %q needs %s%s %s%s to be answered exactly, and %s are allowed%s", e.Space, more, digits(e.Need), e.What, limit, digits(e.Bound), hint)
}

// MetricError says why a metric cannot be had: what it counts is not in the space, it cannot be limited so, or the lattice has as many metrics as it can hold.
type MetricError struct {
	Metric Metric
	Below  bool   // it is about a limit from below
	Reason string // a sentence in lower case
}

// Error returns the metric and the reason.
func (e *MetricError) Error() string { return fmt.Sprintf("%s: %s", e.Metric, e.Reason) }

// InfeasibleError says that no architecture is within the limits.
type InfeasibleError struct {
	Space    string
	Limit    Limit   // the limit that nothing meets, where Others are met
	Others   []Limit // limits that can be met together, but not with Limit; none if Limit alone cannot be met
	Tightest int64   // the least Max, or the greatest Min, of Limit that something meets together with Others
}

// Error returns the sentence.
func (e *InfeasibleError) Error() string {
	extreme := "smallest"
	if e.Limit.unlimited() {
		extreme = "largest"
	}
	tightest := e.Limit.amount(e.Tightest)
	if len(e.Others) == 0 {
		return fmt.Sprintf("no architecture of space %q has %v; the %s has %s", e.Space, e.Limit, extreme, tightest)
	}
	others := make([]string, len(e.Others))
	for i, o := range e.Others {
		others[i] = o.String()
	}
	with := strings.Join(others, " and ")
	return fmt.Sprintf("no architecture of space %q has %v and %s together; with %s the %s has %s", e.Space, e.Limit, with, with, extreme, tightest)
}
