package multifidelity

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginPromotion is the origin of a proposal that continues an earlier one because of its result.
const OriginPromotion = "promotion"

// history is what all schedulers share: every (architecture, rung) that was proposed or observed, with its result.
type history struct {
	problem     search.Problem
	config      Config
	rungs       []trial.Fidelity
	proposed    []*evaluation // by key, less 1
	at          map[place]*evaluation
	outstanding int
	serial      int
	sources     []*source // by the rung of their proposals; nil where architectures never start
	told        func(*evaluation)
}

type place struct {
	arch space.Arch
	rung int
}

// evaluation is an architecture on a rung.
type evaluation struct {
	place
	key      trial.Key // 0: observed, not proposed here
	serial   int       // decides ties
	stop     trial.StoppingRule
	result   trial.Result // meaningful once there
	told     bool
	quality  quality
	promoted bool // to the next rung
	askers   []asker
	brackets []*bracket // that wait for the result
}

// asker is the proposal of an inner strategy that an evaluation answers.
type asker struct {
	source *source
	key    trial.Key
}

func newHistory(name string, p search.Problem, c Config) (*history, error) {
	rungs, err := c.Rungs()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if p.Encodings == nil {
		p.Encodings = search.NewEncodingIndex(p.Region) // shared by the instances
	}
	return &history{
		problem: p, config: c.defaults(), rungs: rungs, at: map[place]*evaluation{},
		sources: make([]*source, len(rungs)), told: func(*evaluation) {},
	}, nil
}

// ask returns up to n proposals as next makes them one by one.
func ask(n int, next func() (trial.Proposal, search.State)) ([]trial.Proposal, search.State) {
	var out []trial.Proposal
	for range n {
		p, state := next()
		if state != search.Ready {
			return out, state
		}
		out = append(out, p)
	}
	return out, search.Ready
}

// add takes in an architecture on a rung where it is not yet.
func (h *history) add(at place) *evaluation {
	e := &evaluation{place: at, serial: h.serial}
	h.serial++
	h.at[at] = e
	return e
}

// propose returns the proposal of an architecture on a rung where it is not yet. It continues the highest completed evaluation below.
func (h *history) propose(at place, p trial.Proposal) (trial.Proposal, *evaluation) {
	e := h.add(at)
	h.proposed = append(h.proposed, e)
	h.outstanding++
	e.key, e.stop = trial.Key(len(h.proposed)), p.Stop
	p.Key, p.Arch, p.Fidelity, p.From = e.key, at.arch, h.rungs[at.rung], 0
	for k := at.rung - 1; k >= 0; k-- {
		if below := h.at[place{at.arch, k}]; below != nil && below.key != 0 && below.completed() {
			p.From = below.key
			break
		}
	}
	return p, e
}

// promote returns the proposal of an architecture on the next rung, or false where it is there already.
func (h *history) promote(e *evaluation) (trial.Proposal, *evaluation, bool) {
	e.promoted = true
	to := place{e.arch, e.rung + 1}
	if there := h.at[to]; there != nil {
		return trial.Proposal{}, there, false
	}
	p, promoted := h.propose(to, trial.Proposal{Origin: OriginPromotion, Stop: e.stop})
	return p, promoted, true
}

// completed reports whether the evaluation succeeded and reached the amount of its rung.
func (e *evaluation) completed() bool { return e.told && e.quality.class == completed }

// Tell takes in results: each is handed to the inner strategy that proposed it, if it is the first of its architecture, and observed by the
// instance of its rung otherwise.
func (h *history) Tell(results []trial.Result) {
	for _, r := range results {
		if r.Key < 1 || int(r.Key) > len(h.proposed) || h.proposed[r.Key-1].told {
			continue // not ours
		}
		e := h.proposed[r.Key-1]
		h.outstanding--
		h.settle(e, r)
		for _, a := range e.askers {
			a.source.tell(a.key, r)
		}
		h.observed(e)
		for _, b := range e.brackets {
			b.untold--
		}
	}
}

// Observe implements search.WarmStarter. A result counts on the rung whose fidelity it has, the highest if it says none, and is neither proposed
// nor continued there; it may be promoted from there. Results of other fidelities are passed over.
func (h *history) Observe(results []trial.Result) {
	for _, r := range results {
		for k, f := range h.rungs {
			at := place{r.Arch, k}
			if r.Fidelity.Or(h.config.Full) != f || h.at[at] != nil || !h.problem.Region.Contains(r.Arch) {
				continue
			}
			e := h.add(at)
			h.settle(e, r)
			h.observed(e)
		}
	}
}

func (h *history) settle(e *evaluation, r trial.Result) {
	e.told, e.result = true, r
	e.quality = h.qualityOf(r, h.rungs[e.rung])
	h.told(e)
}

// observed shows the result to the instance of its rung, unless that one asked for it.
func (h *history) observed(e *evaluation) {
	s := h.sources[e.rung]
	if s == nil {
		return
	}
	for _, a := range e.askers {
		if a.source == s {
			return
		}
	}
	if w, ok := s.strategy.(search.WarmStarter); ok {
		w.Observe([]trial.Result{e.result})
	}
}
