package report

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
)

// best returns the network that a person would take: the finalist that is best on validation, or before there
// are finalists the first of the front. It reports false while nothing has finished.
func best(h *store.History, s *space.Space) (name string, arch space.Arch, g *network.Graph, ok bool, err error) {
	for _, f := range finals(h.Of(store.Finalists), Quality(h.Started.Objectives), s.Format) {
		if f.Valid != nil {
			name, arch, ok = f.Name, h.Entries[f.Trials[0]].Trial.Arch, true
			break
		}
	}
	if !ok {
		for _, e := range h.Front(h.SearchStage()) {
			name, arch, ok = trialName(e.Trial.ID), e.Result.Best(), true
			break
		}
	}
	if !ok {
		return "", space.Arch{}, nil, false, nil
	}
	if g, err = s.Network(arch); err != nil {
		return "", arch, nil, false, fmt.Errorf("the best architecture %s cannot be built: %w", s.Format(arch), err)
	}
	return name, arch, g, true, nil
}
