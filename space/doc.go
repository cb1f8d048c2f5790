// Package space describes search spaces: the sets of networks that may be built.
//
// A [Space] is the shape of a sample and an immutable tree of [Node] values. A derivation visits the tree in preorder, from the input
// to the output, and meets decisions; each takes one option. An [Arch] is the sequence of options taken and nothing else, so one
// architecture is one derivation. [Space.Network] builds its [network.Graph].
//
// What a tree means is written once, in [Walk]: it interprets the tree with an [Algebra], which defines what leaves and joins do to a tensor,
// and asks about every [Point] where something is decided. Building the network, checking an architecture and listing decisions or operators
// are walks; whoever needs another meaning, such as a network with shared weights, writes another algebra. An interpreter that has to stop in the
// middle of a node and go on from there several times, as the package lattice does, takes the meaning of single nodes from [PointOf] and [PartsOf].
//
// # The calculus
//
// Every node turns one tensor into one tensor. The whole meaning of a node lies in an item (node, values of its free variables, shape
// in): the set of shapes that can come out, and for each derivation the sum of the costs of its leaves. Nothing else of what came
// before matters to a node, and that is what the package lattice stands on.
//
//   - [Leaf] appends a fixed little network, a [Block], whose attributes are constants, variables or multiples of the input channels.
//   - [Seq] applies nodes one after another; [Scope] gives the decisions inside a name.
//   - [Choice] decides between nodes. [Let] decides the value of a variable, which [Case] nodes and attributes below it use, as often
//     as they like: shared widths, and cells decided once and used many times.
//   - [Repeat] decides a depth; each copy has decisions of its own.
//   - [Parallel] joins branches, [Residual] adds its input where the shapes agree, [Dag] is the body of a cell, [Skips] lets every
//     layer choose which earlier layers feed it, and [Cells] is a chain of cells decided once, every node of which chooses two inputs.
//
// A Choice, Let or Repeat with a single option decides nothing and leaves no trace in the Arch.
//
// # Only networks that fit
//
// A derivation that cannot be built because shapes differ at an addition or a window is larger than its image, is not part of the space: no
// operation of this package returns its Arch, and [Space.Check] gives the reason. [New] refuses a space without any architecture.
//
// The YAML form of a space, read by [ParseFile], expresses the same and is documented in docs/formats/space-file.md.
package space
