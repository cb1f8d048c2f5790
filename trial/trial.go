package trial

import (
	"encoding/json"
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// ID numbers the trials of a study 0, 1, 2… in the order of asking; finalists and baselines continue the count.
type ID int

// Phase says what a trial is for.
type Phase string

// The phases of a study, in their order.
const (
	Search   Phase = "search"   // proposed by the strategy, judged on the validation split
	Finalist Phase = "finalist" // an architecture of the search, trained again alone and from scratch
	Baseline Phase = "baseline" // a named hand-designed network, trained with the settings of the finalists
)

// Budget is what may be spent on one trial. It is comparable, and equal budgets mean equal training.
type Budget struct {
	// Epochs is the number of passes over the training split. An evaluator may stop earlier, never later.
	Epochs int `json:"epochs"`
}

// Proposal is what a strategy asks for: an architecture and the budget to try it with.
type Proposal struct {
	Arch   space.Arch
	Budget Budget
	Origin string // how it came about, as "random" or "mutation"
	// Parents are the trials it was derived from, none for a fresh one.
	Parents []ID
}

// Trial is one thing to evaluate. It holds everything needed to repeat the evaluation.
type Trial struct {
	ID     ID
	Phase  Phase
	Name   string     // of a baseline; empty otherwise
	Arch   space.Arch // of a search trial or finalist; without meaning for a baseline
	Budget Budget
	Seed   uint64 // decides the initial weights, the order of the batches and every other random choice
	// Network is the network of a baseline, and nil where Arch decides it.
	Network *network.Graph
}

type trialJSON struct {
	ID      ID         `json:"id"`
	Phase   Phase      `json:"phase"`
	Name    string     `json:"name,omitempty"`
	Arch    space.Arch `json:"arch"`
	Budget  Budget     `json:"budget"`
	Seed    uint64     `json:"seed,string"`
	Network string     `json:"network,omitempty"`
}

// MarshalJSON writes the trial with its network, if it has one, in the text form of package network. The seed is a
// string, because numbers above 2^53 do not survive every JSON reader.
func (t Trial) MarshalJSON() ([]byte, error) {
	j := trialJSON{ID: t.ID, Phase: t.Phase, Name: t.Name, Arch: t.Arch, Budget: t.Budget, Seed: t.Seed}
	if t.Network != nil {
		j.Network = t.Network.Text()
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Trial) UnmarshalJSON(b []byte) error {
	var j trialJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	switch j.Phase {
	case Search, Finalist, Baseline:
	default:
		return fmt.Errorf("trial %d: unknown phase %q", j.ID, j.Phase)
	}
	*t = Trial{ID: j.ID, Phase: j.Phase, Name: j.Name, Arch: j.Arch, Budget: j.Budget, Seed: j.Seed}
	if j.Network == "" {
		return nil
	}
	g, err := network.Parse(j.Network)
	if err != nil {
		return fmt.Errorf("trial %d: its network does not read back: %w", j.ID, err)
	}
	t.Network = g
	return nil
}
