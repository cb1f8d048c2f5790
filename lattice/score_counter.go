package lattice

// CounterScore scores the number n of a counter: Each · n, what stands in At at n, and what stands in From at the greatest number that is
// at most n.
type CounterScore struct {
	Metric Metric // [Depth] or one made by [OptionCount]
	Each   float64
	At     map[int64]float64
	From   map[int64]float64
}

// counterScore is a CounterScore of a space.
type counterScore struct {
	CounterScore
	share func(Step) int64
	most  int64 // n is at most this
}

// ofStep is what the score grows by with a step; of the fixed step what it is at 0.
func (c counterScore) ofStep(s Step) float64 {
	if s.Fixed {
		return c.table(0)
	}
	sum := c.Each * float64(c.share(s))
	if c.flat() > 0 {
		before, after := s.Counter(c.Metric)
		sum += c.table(after) - c.table(before)
	}
	return sum
}

// table is the score of a number without Each.
func (c counterScore) table(n int64) float64 {
	sum, begun := c.At[n], int64(-1)
	for from := range c.From {
		if from <= n {
			begun = max(begun, from)
		}
	}
	return sum + c.From[begun]
}

// flat returns the number from which on the table is constant; 0 if it always is.
func (c counterScore) flat() int64 {
	n := int64(0)
	for at := range c.At {
		n = max(n, at+1)
	}
	for from := range c.From {
		n = max(n, from)
	}
	return n
}
