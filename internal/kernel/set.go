package kernel

import (
	"fmt"
	"os"
	"strings"
)

// set is one complete choice of inner loops. Matrix kernels are indexed by [units of 16 columns][rows].
type set struct {
	name     string
	tileNN   [][]func(*tileArgs)
	tileTN   [][]func(*tileArgs)
	tileDW   [][]func(*tileArgs) // by units and pixels
	tileDG   [][]func(*tileArgs) // by units and taps
	tileDS   []slide             // none in the portable set: tileDW defines them
	vec      *vecSet
	cell     *cellSet
	row      *rowSet
	winograd *winogradSet
	spin     func(*spinArgs)
}

// slide is tileDW for one unit of channels and taps in rows of so many neighbours, by pixels.
type slide struct {
	across, stride int
	tiles          []func(*tileArgs)
}

// slides returns the kernels for rows of so many neighbouring taps at a stride, or nil.
func (s *set) slides(across, stride int) []func(*tileArgs) {
	for _, k := range s.tileDS {
		if k.across == across && k.stride == stride {
			return k.tiles
		}
	}
	return nil
}

// active is the choice made once at start.
var active = choose(os.Getenv("TRELLIS_KERNEL"))

// Name returns the loops in use: "avx512", "avx2" or "go".
func Name() string { return active.name }

// choose returns the set named, or the best for an empty name.
func choose(name string) *set { return pick(name, available()) }

// pick returns the one of sets (best first) that is named, or the first for an empty name.
func pick(name string, sets []*set) *set {
	if name == "" {
		return sets[0]
	}
	var names []string
	for _, s := range sets {
		if s.name == name {
			return s
		}
		names = append(names, s.name)
	}
	switch name {
	case "avx512", "avx2":
		panic(fmt.Sprintf("TRELLIS_KERNEL=%s: this machine or build cannot run these kernels; it can run %s", name, strings.Join(names, ", ")))
	}
	panic(fmt.Sprintf("TRELLIS_KERNEL=%s is not a kernel set; write avx512, avx2 or go", name))
}

// portable returns the Go loops. Their blocks have a size of their own, so that drivers are seen not to matter.
func portable() *set {
	row := func(f func(*tileArgs)) []func(*tileArgs) {
		r := make([]func(*tileArgs), 9)
		for i := range r {
			r[i] = f
		}
		return r
	}
	return &set{
		name:     "go",
		tileNN:   [][]func(*tileArgs){nil, row(goTileNN), row(goTileNN), row(goTileNN)},
		tileTN:   [][]func(*tileArgs){nil, row(goTileTN), row(goTileTN), row(goTileTN)},
		tileDW:   [][]func(*tileArgs){nil, row(goTileDW), row(goTileDW)},
		tileDG:   [][]func(*tileArgs){nil, row(goTileDG), row(goTileDG)},
		vec:      &vecGo,
		cell:     &cellGo,
		row:      &rowGo,
		winograd: &winogradGo,
		spin:     goSpin,
	}
}
