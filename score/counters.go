package score

import (
	"fmt"
	"math"
	"strconv"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
)

// readCounters reads a mapping from counters to what their numbers score.
func readCounters(l *lattice.Lattice, entries strict.Map) []lattice.CounterScore {
	var out []lattice.CounterScore
	for _, name := range entries.Keys() {
		at, m := entries.KeyValue(name), lattice.Metric(name)
		if !m.IsCounter() {
			known := []string{string(lattice.Depth), string(lattice.OptionCount("", "OPTION")), string(lattice.OptionCount("DECISION", "OPTION"))}
			at.Fail("unknown counter %q; %s", name, nearest.Advice(name, known))
			return nil
		}
		least, most, err := l.CounterRange(m)
		if err != nil {
			at.Fail("%v", err)
		}
		if at.Err() != nil {
			return nil
		}
		if most > math.MaxInt32 {
			at.Fail("%s is up to %d; items hold numbers up to %d", name, most, math.MaxInt32)
			return nil
		}
		given := entries.Get(name).Map("each", "at", "from")
		if len(given.Keys()) == 0 {
			at.Fail("counter %q has no numbers: give each, at or from", name)
		}
		reach := fmt.Sprintf("%s is from %d to %d in space %q", name, least, most, l.Space().Name())
		out = append(out, lattice.CounterScore{
			Metric: m,
			Each:   given.Get("each").Float(0, -maxScore, maxScore),
			At:     readNumbers(given.Get("at").AnyMap(), most, reach),
			From:   readNumbers(given.Get("from").AnyMap(), most, reach),
		})
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
