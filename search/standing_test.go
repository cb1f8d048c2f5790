package search

import (
	"math"
	"testing"
)

func TestStandingsGoByViolationFrontAndCrowding(t *testing.T) {
	population := []member{
		0: {vector: []float64{0, 10}},                        // an end of the front
		1: {vector: []float64{4, 4}},                         // in the middle of it
		2: {vector: []float64{5, 3}},                         // close to 1
		3: {vector: []float64{10, 0}},                        // the other end
		4: {vector: []float64{6, 6}},                         // dominated
		5: {vector: []float64{-1, -1}, violation: 0.25},      // dominates all and breaks a constraint
		6: {vector: []float64{0, 0}, violation: math.Inf(1)}, // lacks a metric of a constraint
		7: {vector: []float64{-1, -1}, violation: 0.25},      // as 5
	}
	s := standings(population)
	for _, order := range [][2]int{{0, 1}, {3, 2}, {1, 2}, {1, 4}, {2, 4}, {4, 5}, {5, 6}, {3, 6}} {
		if !s[order[0]].before(s[order[1]]) || s[order[1]].before(s[order[0]]) {
			t.Errorf("member %d %+v should be before member %d %+v", order[0], s[order[0]], order[1], s[order[1]])
		}
	}
	if s[5].before(s[7]) || s[7].before(s[5]) {
		t.Error("equal members differ")
	}
}

func TestOfEqualMembersTheFirstStandsForAll(t *testing.T) {
	s := standings([]member{
		{vector: []float64{0, 10}}, {vector: []float64{4, 4}}, {vector: []float64{10, 0}}, {vector: []float64{4, 4}}, {vector: []float64{0, 10}},
	})
	if !s[0].before(s[4]) || !s[1].before(s[3]) || s[3].crowding != 0 || s[4].crowding != 0 || s[4].rank != 0 {
		t.Errorf("the standings are %+v", s)
	}
}

func TestWithOneObjectiveStandingsAreItsOrder(t *testing.T) {
	values := []float64{3, 1, 2, 1, -5}
	var population []member
	for _, v := range values {
		population = append(population, member{vector: []float64{v}})
	}
	s := standings(population)
	for i := range values {
		for j := range values {
			if s[i].before(s[j]) != (values[i] < values[j]) {
				t.Errorf("of %v and %v the first is before: %v", values[i], values[j], s[i].before(s[j]))
			}
		}
	}
}
