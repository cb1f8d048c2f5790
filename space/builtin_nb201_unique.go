package space

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// NB201Unique returns the text by which NAS-Bench-201 counts its unique cells (Dong & Yang 2020): two cells are one if they have it in
// common, which leaves 6,466 of 15,625. The argument is the text form of a cell, as "|nor_conv_3x3~0|+|none~0|…|+|…|".
//
// The rule works on texts. The input is "0". An edge is "#" if its operation is none or the text of its source is "#", the text of its
// source for skip_connect, and else "(source)@operation"; a node is its edges in the order of the alphabet with "+" between them. So a
// node that adds nothing to something keeps a "#", and sums of sums keep their order: of cells that are the same network some stay
// apart. And cells whose sums have a term twice are one whether it is computed once or twice, with other trained numbers. For the networks
// themselves use [github.com/trellis-nas/trellis/network.Graph.Canonical], which leaves 5,485.
func NB201Unique(cell string) (string, error) {
	nodes := []string{"0"}
	for _, edges := range strings.Split(cell, "+") {
		var sum []string
		for _, edge := range strings.Split(strings.Trim(edges, "|"), "|") {
			operation, from, _ := strings.Cut(edge, "~")
			source, err := strconv.Atoi(from)
			if err != nil || source < 0 || source >= len(nodes) {
				return "", fmt.Errorf("%q is no cell of NAS-Bench-201: edge %q does not come from a node before it", cell, edge)
			}
			switch {
			case operation == "none" || nodes[source] == "#":
				sum = append(sum, "#")
			case operation == "skip_connect":
				sum = append(sum, nodes[source])
			default:
				sum = append(sum, "("+nodes[source]+")@"+operation)
			}
		}
		slices.Sort(sum)
		nodes = append(nodes, strings.Join(sum, "+"))
	}
	return nodes[len(nodes)-1], nil
}
