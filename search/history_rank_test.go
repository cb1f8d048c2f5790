package search

import (
	"math"
	"testing"
)

func TestRanksGoByViolationFrontAndCrowding(t *testing.T) {
	population := []observation{
		0: {objectives: []float64{0, 10}},                        // an end of the front
		1: {objectives: []float64{4, 4}},                         // in the middle of it
		2: {objectives: []float64{5, 3}},                         // close to 1
		3: {objectives: []float64{10, 0}},                        // the other end
		4: {objectives: []float64{6, 6}},                         // dominated
		5: {objectives: []float64{-1, -1}, violation: 0.25},      // dominates all and breaks a constraint
		6: {objectives: []float64{0, 0}, violation: math.Inf(1)}, // lacks a metric of a constraint
		7: {objectives: []float64{-1, -1}, violation: 0.25},      // as 5
	}
	s := ranksOf(population)
	for _, order := range [][2]int{{0, 1}, {3, 2}, {1, 2}, {1, 4}, {2, 4}, {4, 5}, {5, 6}, {3, 6}} {
		if !s[order[0]].before(s[order[1]]) || s[order[1]].before(s[order[0]]) {
			t.Errorf("observation %d %+v should be before observation %d %+v", order[0], s[order[0]], order[1], s[order[1]])
		}
	}
	if s[5].before(s[7]) || s[7].before(s[5]) {
		t.Error("equal observations differ")
	}
}

func TestOfEqualObservationsTheFirstStandsForAll(t *testing.T) {
	s := ranksOf([]observation{
		{objectives: []float64{0, 10}}, {objectives: []float64{4, 4}}, {objectives: []float64{10, 0}}, {objectives: []float64{4, 4}}, {objectives: []float64{0, 10}},
	})
	if !s[0].before(s[4]) || !s[1].before(s[3]) || s[3].crowding != 0 || s[4].crowding != 0 || s[4].front != 0 {
		t.Errorf("the ranks are %+v", s)
	}
}

func TestWithOneObjectiveRanksAreItsOrder(t *testing.T) {
	values := []float64{3, 1, 2, 1, -5}
	var population []observation
	for _, v := range values {
		population = append(population, observation{objectives: []float64{v}})
	}
	s := ranksOf(population)
	for i := range values {
		for j := range values {
			if s[i].before(s[j]) != (values[i] < values[j]) {
				t.Errorf("of %v and %v the first is before: %v", values[i], values[j], s[i].before(s[j]))
			}
		}
	}
}
