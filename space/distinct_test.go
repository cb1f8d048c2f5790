package space_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// cellTerm is a term of the sum that a node of a cell of nb201 is: the input, or an operation on a sum. What has trained numbers bears the
// edge that it stands on.
type cellTerm struct {
	operation string
	edge      int
	of        []cellTerm
}

// cellSum returns what a cell computes: none adds nothing, skip_connect adds what it skips, pooling nothing is nothing, and a convolution of
// nothing is the shift of the batch norm behind it.
func cellSum(operations []string) []cellTerm {
	nodes, at := [][]cellTerm{{{operation: "input"}}}, 0
	for to := 1; to < 4; to++ {
		var sum []cellTerm
		for from := range to {
			operation, of := operations[at], nodes[from]
			at++
			switch {
			case operation == "skip_connect":
				sum = append(sum, of...)
			case operation == "none" || operation == "avg_pool_3x3" && len(of) == 0:
			case operation == "avg_pool_3x3":
				sum = append(sum, cellTerm{operation, 0, of})
			case len(of) == 0:
				sum = append(sum, cellTerm{"shift", at, nil})
			default:
				sum = append(sum, cellTerm{operation, at, of})
			}
		}
		nodes = append(nodes, sum)
	}
	return nodes[3]
}

func writeSum(sum []cellTerm, names map[int]int) string {
	var out []string
	for _, t := range sum {
		out = append(out, fmt.Sprint(t.operation, names[t.edge], "(", writeSum(t.of, names), ")"))
	}
	slices.Sort(out)
	return strings.Join(out, "+")
}

// leastName is the least text of a sum over all ways to name its edges.
func leastName(sum []cellTerm) string {
	var edges []int
	var collect func(sum []cellTerm)
	collect = func(sum []cellTerm) {
		for _, t := range sum {
			if t.edge > 0 && !slices.Contains(edges, t.edge) {
				edges = append(edges, t.edge)
			}
			collect(t.of)
		}
	}
	collect(sum)
	least := ""
	var name func(names map[int]int)
	name = func(names map[int]int) {
		if len(names) == len(edges) {
			if text := writeSum(sum, names); least == "" || text < least {
				least = text
			}
			return
		}
		for _, e := range edges {
			if names[e] == 0 {
				names[e] = len(names) + 1
				name(names)
				delete(names, e)
			}
		}
	}
	name(map[int]int{})
	return least
}

// Cells are the same by their networks exactly if they are by the sums that their nodes are, whatever their edges are called.
func TestCanonicalFormsOfNB201AreThoseOfItsCells(t *testing.T) {
	s, err := space.NB201(space.NB201Options{Cells: 1, Input: network.Shape{H: 8, W: 8, C: 3}, Channels: 2})
	if err != nil {
		t.Fatal(err)
	}
	byNetwork, byCell := map[string]string{}, map[string]string{}
	for a := range s.Each() {
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		var operations []string
		for _, d := range s.Decisions(a) {
			operations = append(operations, d.Options[d.Chosen])
		}
		form, cell := g.Canonical(), leastName(cellSum(operations))
		if other, ok := byNetwork[form]; ok && other != cell {
			t.Fatalf("%s: one network for the cells %s and %s", s.Format(a), cell, other)
		}
		if other, ok := byCell[cell]; ok && other != form {
			t.Fatalf("%s: two networks for the cell %s:\n%s\n%s", s.Format(a), cell, form, other)
		}
		byNetwork[form], byCell[cell] = cell, form
	}
	if len(byNetwork) != 5485 {
		t.Errorf("%d distinct networks", len(byNetwork))
	}
}

func TestThePublishedRuleLeavesThePublishedNumberOfUniqueCells(t *testing.T) {
	s, err := space.NB201(space.NB201Options{})
	if err != nil {
		t.Fatal(err)
	}
	unique := map[string]bool{}
	for a := range s.Each() {
		text, err := space.NB201Unique(s.Format(a))
		if err != nil {
			t.Fatal(err)
		}
		unique[text] = true
	}
	if len(unique) != 6466 {
		t.Errorf("%d unique cells, published are 6,466", len(unique))
	}
	if _, err := space.NB201Unique("|none~0|+|none~0|none~2|"); err == nil || !strings.Contains(err.Error(), `edge "none~2"`) {
		t.Errorf("a cell with an edge from a later node: %v", err)
	}
}
