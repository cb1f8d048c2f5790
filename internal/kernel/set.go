package kernel

import (
	"fmt"
	"os"
)

// set is one complete choice of inner loops.
type set struct {
	name string
}

// active is the choice made once at start.
var active = choose(os.Getenv("TRELLIS_KERNEL"))

// Name returns the loops in use: "avx512", "avx2" or "go".
func Name() string { return active.name }

// choose returns the set named, or the best for an empty name.
func choose(name string) *set {
	sets := available()
	if name == "" {
		return sets[0]
	}
	for _, s := range sets {
		if s.name == name {
			return s
		}
	}
	switch name {
	case "avx512", "avx2":
		panic(fmt.Sprintf("TRELLIS_KERNEL=%s: this machine or build cannot run these kernels; it can run %s", name, names(sets)))
	}
	panic(fmt.Sprintf("TRELLIS_KERNEL=%s is not a kernel set; write avx512, avx2 or go", name))
}

func names(sets []*set) string {
	text := ""
	for i, s := range sets {
		if i > 0 {
			text += ", "
		}
		text += s.name
	}
	return text
}

var goSet = &set{name: "go"}

func available() []*set { return []*set{goSet} }

type tileArgs struct{}
type vecArgs struct{}
type jobs struct{}
