package spec

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// readWarm returns the run folders of the studies whose results the strategy observes before it begins.
func (f *File) readWarm() []string {
	var out []string
	for _, at := range f.warm {
		out = append(out, f.beside(at.Text("")))
	}
	return append(out, f.From...)
}

// learnFrom finds what earlier studies know of the space: from the journal of this study if it has begun, and otherwise from theirs.
func (p *Plan) learnFrom() error {
	if p.begun {
		p.Prior = p.prior
		return nil
	}
	taken := map[space.Arch]bool{}
	for i, path := range p.readWarm() {
		k, err := p.priorOf(path, taken)
		if err != nil {
			if i < len(p.warm) {
				return p.at(p.warm[i], err)
			}
			return err
		}
		p.Prior = append(p.Prior, k)
	}
	return nil
}

// priorOf returns the results of the search of a study, by the path of its run folder or its journal. Its architectures are those of this space
// with the same text and the same costs; those that were taken from another study are left out.
func (p *Plan) priorOf(path string, taken map[space.Arch]bool) (store.PriorStudy, error) {
	h, err := load(path)
	if err != nil {
		return store.PriorStudy{}, err
	}
	then, err := Reopen(path, h.Started)
	if err != nil {
		return store.PriorStudy{}, err
	}
	s, err := then.SpaceFor(h.Started.Data)
	if err != nil {
		return store.PriorStudy{}, err
	}
	known := store.PriorStudy{Study: h.Started.Name, Results: []trial.Result{}}
	stage := then.Stages[len(then.Stages)-1].Name
	if opened, ok := h.Stage(stage); ok {
		known.Fidelity, known.Resource = opened.Fidelity, opened.Resource.Name
	}
	if h.Started.Data.Hash != p.Dataset.Hash {
		return known, fmt.Errorf("the study in %s learned from other data (%s, %d samples to train): its figures mean nothing here", path, h.Started.Data.Input, h.Started.Data.Train)
	}
	stranger := ""
	for _, e := range comparable(h, stage) {
		known.Trials++
		if err := s.Check(e.Trial.Arch); err != nil {
			return known, fmt.Errorf("%s: trial %d does not fit the space of its study: %w", path, e.Trial.ID, err)
		}
		text := s.Format(e.Trial.Arch)
		a, ok := p.same(text, e.Result)
		if !ok {
			stranger = text
			continue
		}
		if taken[a] {
			continue
		}
		taken[a] = true
		r := trial.Result{Trial: e.Trial.ID, Arch: a, Fidelity: e.Result.Fidelity, Status: e.Result.Status, Reason: e.Result.Reason}
		if e.OK() {
			r.Metrics = p.Costs.With(e.Result.Metrics, a)
			if missing := p.lacking(r); len(missing) > 0 {
				return known, fmt.Errorf("the study in %s measured no %s, which this study needs", path, strings.Join(missing, " and no "))
			}
		}
		known.Results = append(known.Results, r)
	}
	switch {
	case known.Trials == 0:
		return known, fmt.Errorf("the study in %s has no result yet", path)
	case len(known.Results) == 0 && stranger != "":
		return known, fmt.Errorf("none of the %d architectures of the study in %s, of space %q, is one of space %q: not %q, for one", known.Trials, path, s.Name(), p.Space.Name(), stranger)
	}
	return known, nil
}

// same returns the architecture of this space with a text. It is another network than the one that was measured if its costs are others.
func (p *Plan) same(text string, measured trial.Result) (space.Arch, bool) {
	a, err := p.Space.Parse(text)
	if err != nil {
		return a, false
	}
	for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
		if x, ok := measured.Metrics.Get(string(m)); ok && x != p.value64(m, a) {
			return a, false
		}
	}
	return a, true
}

func (p *Plan) value64(m lattice.Metric, a space.Arch) float64 {
	n, err := p.Lattice.Cost(a, m)
	if err != nil {
		panic(fmt.Sprintf("spec: %v", err))
	}
	return trellis.Value(p.Lattice, m, n)
}

// comparable returns the finished trials of a stage that can be learnt from together: those at its highest fidelity, and those that failed.
func comparable(h *store.History, stage string) []store.Entry {
	var out []store.Entry
	reached := h.Fidelities(stage)
	for _, e := range h.Of(stage) {
		if e.Finished && (!e.OK() || e.Result.Fidelity == reached[0]) {
			out = append(out, e)
		}
	}
	return out
}

// lacking returns what the study needs of a result and it has not.
func (p *Plan) lacking(r trial.Result) []string {
	missing := p.Objectives.Missing(r.Metrics)
	for _, c := range p.Constraints {
		if _, ok := r.Metrics.Get(c.Metric); !ok {
			missing = append(missing, c.Metric)
		}
	}
	return missing
}

// load returns the history of a run folder or a journal.
func load(path string) (*store.History, error) {
	file := path
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("there is no run folder %s", path)
	}
	if info.IsDir() {
		file = filepath.Join(path, store.FileName)
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("%s holds no study: there is no %s in it", path, store.FileName)
		}
	}
	ctx := context.Background()
	j, err := store.Open(ctx, file, store.Read)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	h, err := store.Load(ctx, j)
	if err == nil && h.Last == 0 {
		err = fmt.Errorf("the journal of %s is empty: its search was stopped before it began", path)
	}
	return h, err
}
