package trial

import (
	"encoding/json"
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// ID numbers the trials of a study 0, 1, 2… in the order of asking, over all its stages.
type ID int

// Trial is one thing to evaluate. It holds everything needed to repeat the evaluation, on any machine.
type Trial struct {
	ID    ID
	Stage string     // of the study, as "search"
	Name  string     // of a network given by name, such as a baseline; empty otherwise
	Arch  space.Arch // without meaning where Network is given
	// Network is the network where no architecture of the space decides it, and nil otherwise.
	Network  *network.Graph
	Fidelity Fidelity
	// From is the trained state to go on from, of the same architecture, seed and reductions at a lower amount; nil starts afresh. An evaluator that
	// cannot go on, or finds the state gone, starts afresh and gives the same result, for more work.
	From *Checkpoint
	Seed uint64 // decides the initial weights, the order of the batches and every other random choice
	Stop StoppingRule
	Keep bool // the trained network is wanted afterwards: the evaluator leaves it as an artifact
	// Checkpoint asks for the state from which another trial may go on, as an artifact of kind CheckpointKind.
	Checkpoint bool
}

// Checkpoint is the trained state that a trial left behind.
type Checkpoint struct {
	Trial    ID       `json:"trial"`
	Fidelity Fidelity `json:"fidelity"` // that it had reached
	// Artifact is the state itself, and zero where the trial left none.
	Artifact Artifact `json:"artifact,omitzero"`
}

type trialJSON struct {
	ID         ID          `json:"id"`
	Stage      string      `json:"stage"`
	Name       string      `json:"name,omitempty"`
	Arch       space.Arch  `json:"arch"`
	Fidelity   Fidelity    `json:"fidelity"`
	From       *Checkpoint `json:"from,omitempty"`
	Seed       uint64      `json:"seed,string"`
	Stop       *stopJSON   `json:"stop,omitempty"`
	Keep       bool        `json:"keep,omitempty"`
	Checkpoint bool        `json:"checkpoint,omitempty"`
	Network    string      `json:"network,omitempty"`
}

type stopJSON StoppingRule

// MarshalJSON writes the trial with its network, if it has one, in the text form of package network. The seed is a
// string, because numbers above 2^53 do not survive every JSON reader.
func (t Trial) MarshalJSON() ([]byte, error) {
	j := trialJSON{
		ID: t.ID, Stage: t.Stage, Name: t.Name, Arch: t.Arch, Fidelity: t.Fidelity, From: t.From, Seed: t.Seed,
		Keep: t.Keep, Checkpoint: t.Checkpoint,
	}
	if t.Stop.Active() {
		stop := stopJSON(t.Stop)
		j.Stop = &stop
	}
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
	if j.Stage == "" {
		return fmt.Errorf("trial %d is of no stage", j.ID)
	}
	*t = Trial{
		ID: j.ID, Stage: j.Stage, Name: j.Name, Arch: j.Arch, Fidelity: j.Fidelity, From: j.From, Seed: j.Seed,
		Keep: j.Keep, Checkpoint: j.Checkpoint,
	}
	if j.Stop != nil {
		t.Stop = StoppingRule(*j.Stop)
	}
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
