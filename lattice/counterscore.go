package lattice

import (
	"fmt"
	"math"
	"strconv"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

// counterScore scores the number n of a counter: each · n, what stands at n, and what stands from the greatest number on that is at most n.
type counterScore struct {
	metric Metric
	share  func(Step) int64
	most   int64 // n is at most this
	each   float64
	at     map[int64]float64
	from   map[int64]float64
}

// ofStep is what the score grows by with a step; of the fixed step what it is at 0.
func (c counterScore) ofStep(s Step) float64 {
	if s.Fixed {
		return c.table(0)
	}
	sum := c.each * float64(c.share(s))
	if c.flat() > 0 {
		before, after := s.Counter(c.metric)
		sum += c.table(after) - c.table(before)
	}
	return sum
}

// table is the score of a number without each.
func (c counterScore) table(n int64) float64 {
	sum, begun := c.at[n], int64(-1)
	for from := range c.from {
		if from <= n {
			begun = max(begun, from)
		}
	}
	return sum + c.from[begun]
}

// flat returns the number from which on the table says the same; 0 if it always does.
func (c counterScore) flat() int64 {
	n := int64(0)
	for at := range c.at {
		n = max(n, at+1)
	}
	for from := range c.from {
		n = max(n, from)
	}
	return n
}

// readCounters reads a mapping from counters to what their numbers score.
func (l *Lattice) readCounters(entries strict.Map) []counterScore {
	var out []counterScore
	for _, name := range entries.Keys() {
		at, m := entries.KeyValue(name), Metric(name)
		counter, ok := m.counter()
		switch {
		case !ok && m != Depth:
			at.Fail("unknown counter %q; %s", name, nearest.Advice(name, []string{string(Depth), string(Count("", "OPTION")), string(Count("DECISION", "OPTION"))}))
		case !l.counts(m.share()):
			at.Fail("%s", l.blameCounter(m, counter))
		}
		if at.Err() != nil {
			return nil
		}
		c := counterScore{metric: m, share: m.share()}
		least := int64(Fold(l, MinPlus{}, func(s Step) float64 { return float64(c.share(s)) }))
		if c.most = l.most(m); c.most > math.MaxInt32 {
			at.Fail("%s is up to %d: items have no room for numbers above %d", name, c.most, math.MaxInt32)
			return nil
		}
		given := entries.Get(name).Map("each", "at", "from")
		if len(given.Keys()) == 0 {
			at.Fail("counter %q has no numbers: give each, at or from", name)
		}
		c.each = given.Get("each").Float(0, -maxScore, maxScore)
		reach := fmt.Sprintf("%s is from %d to %d in space %q", name, least, c.most, l.space.Name())
		c.at = readNumbers(given.Get("at").AnyMap(), c.most, reach)
		c.from = readNumbers(given.Get("from").AnyMap(), c.most, reach)
		out = append(out, c)
	}
	return out
}

// readNumbers reads scores by numbers, of which the greatest that is reached is most.
func readNumbers(entries strict.Map, most int64, reach string) map[int64]float64 {
	out := map[int64]float64{}
	for _, key := range entries.Keys() {
		n, err := strconv.ParseInt(key, 10, 64)
		score := entries.Get(key)
		switch {
		case err != nil || strconv.FormatInt(n, 10) != key:
			entries.KeyValue(key).Fail("%q is no whole number", key)
		case n < 0 || n > most:
			entries.KeyValue(key).Fail("%d is out of reach: %s", n, reach)
		case !score.Given():
			entries.KeyValue(key).Fail("%d has no score", n)
		}
		out[n] = score.Float(0, -maxScore, maxScore)
	}
	return out
}
