package trial

import "github.com/trellis-nas/trellis/space"

// Key names a proposal among those of its strategy. The strategy chooses it, the driver echoes it in the Result, and nobody
// else looks into it. Keys are 1 or more; 0 is no key.
//
// A strategy without others inside numbers its proposals 1, 2, 3…. One that passes on the proposals of another hands their
// keys through; one that mixes several uses [Key.Of] and [Key.Split].
type Key int64

// Of returns the key that a strategy mixing n sources gives to the proposal that source i, 0 ≤ i < n, calls k.
func (k Key) Of(i, n int) Key {
	if k == 0 {
		return 0
	}
	return (k-1)*Key(n) + Key(i) + 1
}

// Split is the inverse of Of: it returns the source and its own key.
func (k Key) Split(n int) (i int, own Key) {
	return int((k - 1) % Key(n)), (k-1)/Key(n) + 1
}

// Proposal is what a strategy asks for: an architecture and the fidelity to try it at. A study never evaluates the same
// architecture at the same fidelity twice in a stage.
type Proposal struct {
	Key      Key
	Arch     space.Arch
	Fidelity Fidelity // zero: that of the stage
	// From is the key of an earlier proposal of the same architecture at a lower amount, with a result, whose training goes on;
	// 0 starts afresh. The trial takes over the seed of the earlier one, so it gives what an uninterrupted one would have given.
	From Key
	// Parents are the proposals it was derived from, none for a fresh one.
	Parents []Key
	Origin  string       // how it came about, as "random" or "mutation"
	Stop    StoppingRule // when the evaluation may end early; zero: never
}
