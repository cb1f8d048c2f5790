package search

import (
	"math"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// ledger is what a strategy with a model knows: every architecture that it proposed or was told of, in that order.
type ledger struct {
	problem   Problem
	entries   []entry
	proposals []int // the entries of the proposals, in the order of asking
	done      int   // entries that are not under way
	succeeded int
}

type entry struct {
	arch      space.Arch
	status    entryStatus
	value     float64 // the first objective, minimised
	violation float64
	known     bool // of no proposal of this study
}

type entryStatus uint8

const (
	underWay entryStatus = iota
	succeeded
	failed
)

func (l *ledger) propose(a space.Arch) {
	l.proposals = append(l.proposals, len(l.entries))
	l.entries = append(l.entries, entry{arch: a})
}

func (l *ledger) tell(results []trial.Result) {
	for _, r := range results {
		l.settle(&l.entries[l.proposals[r.Trial]], r)
	}
}

func (l *ledger) know(r trial.Result) {
	l.entries = append(l.entries, entry{arch: r.Arch, known: true})
	l.settle(&l.entries[len(l.entries)-1], r)
}

func (l *ledger) settle(e *entry, r trial.Result) {
	l.done++
	e.status = failed
	if vector, ok := l.problem.Objectives.Vector(r); ok {
		l.succeeded++
		e.status, e.value, e.violation = succeeded, vector[0], l.problem.Constraints.Violation(r.Metrics)
	}
}

// scores returns a value for each entry, greater being better, that ranks as wherever one number decides: architectures that break
// constraints come after all that keep them, by how much they break, and failed ones last. NaN is one under way.
func (l *ledger) scores() []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, e := range l.entries {
		if e.status == succeeded && e.violation == 0 {
			low, high = math.Min(low, -e.value), math.Max(high, -e.value)
		}
	}
	if low > high {
		low, high = 0, 0
	}
	step := (high - low) / 10
	if step == 0 {
		step = 1
	}
	out := make([]float64, len(l.entries))
	for i, e := range l.entries {
		switch {
		case e.status == underWay:
			out[i] = math.NaN()
		case e.status == failed:
			out[i] = low - 2*step
		case e.violation > 0:
			share := 1.0
			if !math.IsInf(e.violation, 1) {
				share = e.violation / (1 + e.violation)
			}
			out[i] = low - step*(0.5+share)
		default:
			out[i] = -e.value
		}
	}
	return out
}

// best returns the n best entries that succeeded, best first, of equals the earlier one.
func (l *ledger) best(n int) []int {
	scores := l.scores()
	var out []int
	for i, e := range l.entries {
		if e.status != succeeded {
			continue
		}
		at := len(out)
		for at > 0 && scores[out[at-1]] < scores[i] {
			at--
		}
		if at < n {
			out = append(out[:at], append([]int{i}, out[at:]...)...)
			out = out[:min(n, len(out))]
		}
	}
	return out
}

// since returns the number of results that were asked for after the best one and brought nothing better; of all where none succeeded.
func (l *ledger) since() (n int) {
	after := 0
	if best := l.best(1); len(best) > 0 {
		after = best[0] + 1
	}
	for _, e := range l.entries[after:] {
		if e.status != underWay {
			n++
		}
	}
	return n
}

// known returns what of targets is not NaN.
func known(targets []float64) []float64 {
	var out []float64
	for _, t := range targets {
		if !math.IsNaN(t) {
			out = append(out, t)
		}
	}
	return out
}

// transformed applies a transform to the values that are known and leaves NaN where they are.
func transformed(values []float64, transform func([]float64) []float64) []float64 {
	out := make([]float64, len(values))
	z := transform(known(values))
	for i, v := range values {
		if math.IsNaN(v) {
			out[i] = v
			continue
		}
		out[i], z = z[0], z[1:]
	}
	return out
}
