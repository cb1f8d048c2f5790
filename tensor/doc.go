// Package tensor holds the storage of the engine: shapes, float32 tensors in channels-last order, and the arena
// from which a recorded program takes all its memory.
//
// Memory is planned, not collected: a program tells Pack when each of its values is first written and last read, Pack
// lays them out in one slab so that values alive at the same time never overlap, and an Arena owns that slab. A
// steady training step therefore allocates nothing, and its peak memory is a number known before it runs.
package tensor
