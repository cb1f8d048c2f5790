package device

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/space"
)

// Missing says what an operator costs that no row is about.
type Missing string

const (
	Fail        Missing = "error"       // it is a mistake; the default
	Nearest     Missing = "nearest"     // as the nearest row, see [Guess]
	Interpolate Missing = "interpolate" // by MACs between operators of the space of the same block that have rows, and in proportion beyond them
	Nothing     Missing = "0"           // nothing
)

// Guess is what an operator without a row is taken to cost.
type Guess struct {
	Operator space.Operator
	Cost     float64
	Nearest  string // the nearest row, where a doubling of a dimension or a number is as far as another word; empty if there are no rows
}

// Costs are what the operators of a space cost.
type Costs struct {
	table   *Table
	of      map[string]float64
	Guesses []Guess // of operators without a row
}

// Of returns the cost of an operator: of one that it was not made with that of its row, and 0 if it has none.
func (c Costs) Of(o space.Operator) float64 {
	cost, ok := c.of[o.Key()]
	if !ok {
		cost, _, _ = c.table.Find(o)
	}
	return cost
}

// Unknown returns the operators that no row is about; an error if two rows disagree about one.
func (t *Table) Unknown(operators []space.Operator) ([]space.Operator, error) {
	var out []space.Operator
	for _, o := range operators {
		_, ok, err := t.Find(o)
		if err != nil {
			return nil, err
		}
		if !ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// Costs returns what the operators cost. Where some have no row, it is a [*MissingError], unless the table says what is done then.
func (t *Table) Costs(operators []space.Operator) (Costs, error) {
	out := Costs{table: t, of: map[string]float64{}}
	var known, unknown []space.Operator
	for _, o := range operators {
		cost, ok, err := t.Find(o)
		if err != nil {
			return Costs{}, err
		}
		if !ok {
			unknown = append(unknown, o)
			continue
		}
		out.of[o.Key()] = cost
		known = append(known, o)
	}
	stated := map[string][]space.Operator{} // with a cost, by block and MACs
	if t.missing == Interpolate {
		stated = byMACs(known)
	}
	refused := &MissingError{File: t.file, Rows: len(t.rows), Rule: t.missing}
	for _, o := range unknown {
		g := Guess{Operator: o}
		near := t.nearest(o)
		if near != nil {
			g.Nearest = near.String()
		}
		switch {
		case t.missing == Nearest && near != nil:
			g.Cost = near.cost
		case t.missing == Interpolate && len(stated[o.Block]) > 0:
			g.Cost = interpolated(o, stated[o.Block], out.Of)
		case t.missing == Nothing:
		default:
			refused.Missing = append(refused.Missing, g)
			continue
		}
		out.Guesses = append(out.Guesses, g)
	}
	if len(refused.Missing) > 0 {
		return Costs{}, refused
	}
	for _, g := range out.Guesses {
		out.of[g.Operator.Key()] = g.Cost
	}
	return out, nil
}

// nearest returns the row that is least far from an operator, the first of equals; nil if there are none.
func (t *Table) nearest(o space.Operator) *row {
	var best *row
	least := 0.0
	for i := range t.rows {
		if d := t.rows[i].distance(o); best == nil || d < least {
			best, least = &t.rows[i], d
		}
	}
	return best
}

// byMACs sorts the operators of each block by MACs. Those that do nothing say nothing.
func byMACs(operators []space.Operator) map[string][]space.Operator {
	out := map[string][]space.Operator{}
	for _, o := range operators {
		if !o.Idle() {
			out[o.Block] = append(out[o.Block], o)
		}
	}
	for _, of := range out {
		slices.SortStableFunc(of, func(a, b space.Operator) int { return cmp.Compare(a.Graph.MACs(), b.Graph.MACs()) })
	}
	return out
}

// interpolated returns the cost at the MACs of o on the line between the operators with the next fewer and the next more MACs; beyond the
// last one, in proportion to its MACs. Of several with the same MACs, the mean counts.
func interpolated(o space.Operator, of []space.Operator, cost func(space.Operator) float64) float64 {
	at := o.Graph.MACs()
	mean := func(macs int64) float64 {
		sum, n := 0.0, 0
		for _, k := range of {
			if k.Graph.MACs() == macs {
				sum, n = sum+cost(k), n+1
			}
		}
		return sum / float64(n)
	}
	lowest, highest := of[0].Graph.MACs(), of[len(of)-1].Graph.MACs()
	switch {
	case at < lowest:
		return mean(lowest) * float64(at) / float64(lowest)
	case at > highest && highest == 0:
		return mean(highest)
	case at > highest:
		return mean(highest) * float64(at) / float64(highest)
	}
	below, above := lowest, highest
	for _, k := range of {
		m := k.Graph.MACs()
		if m <= at {
			below = m
		}
		if m >= at {
			above = m
			break
		}
	}
	if below == above {
		return mean(below)
	}
	share := float64(at-below) / float64(above-below)
	return mean(below) + share*(mean(above)-mean(below))
}

// MissingError says that operators of a space have no row in a table.
type MissingError struct {
	File    string
	Rows    int     // of the table
	Rule    Missing // of the table, which does not help
	Missing []Guess
}

// shownMissing is how many operators the error lists.
const shownMissing = 12

// Error lists the operators, each with the nearest row.
func (e *MissingError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: no row of %d is about %d operators of the space; %s", e.File, e.Rows, len(e.Missing), e.advice())
	for i, g := range e.Missing {
		if i == shownMissing {
			fmt.Fprintf(&b, "\n  and %d more; trellis space operators lists what a space needs", len(e.Missing)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s", g.Operator)
		if g.Nearest != "" {
			fmt.Fprintf(&b, "\n    the nearest row is %s", g.Nearest)
		}
	}
	return b.String()
}

// advice says what helps: rows between which can be interpolated are those of the same block, and the nearest row is one of some.
func (e *MissingError) advice() string {
	switch {
	case e.Rows == 0:
		return "add them, or let them cost nothing by missing: 0"
	case e.Rule == Interpolate:
		return "missing: interpolate needs rows of the same block; add some, or say what they cost by missing: nearest or 0"
	}
	return "add them, or say what they cost by missing: nearest, interpolate or 0"
}
