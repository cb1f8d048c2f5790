package lattice

import (
	"fmt"
	"strings"
)

// TooLargeError says that an exact answer would need more memory than allowed.
type TooLargeError struct {
	Space string
	What  string // what there would be too many of
	Need  int64  // how many
	More  bool   // more than Need: counting stopped there
	Bound int64  // how many are allowed
	Room  int64  // bytes that a lattice would have to have room for (see [Lattice.WithRoom]); 0 if that would not help, or is not known
}

// Error returns the sentence.
func (e *TooLargeError) Error() string {
	more := ""
	if e.More {
		more = "at least "
	}
	room := ""
	if e.Room > 0 {
		room = "; a room of " + bytes(e.Room) + " would hold them"
	}
	return fmt.Sprintf("space %q needs %s%s %s to be answered exactly, and %s are allowed%s", e.Space, more, digits(e.Need), e.What, digits(e.Bound), room)
}

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
