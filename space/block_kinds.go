package space

// newBlock returns a block of a kind with all attributes unset.
func newBlock(kind string) (Block, bool) {
	for _, b := range allBlocks() {
		if b.Kind() == kind {
			return b, true
		}
	}
	return nil, false
}

// allBlocks returns one new block of every kind that space files know.
func allBlocks() []Block {
	return []Block{
		&Conv{}, &Depthwise{}, &Separable{}, &MBConv{}, &Squeeze{}, &MaxPool{}, &AvgPool{}, &GlobalPool{},
		&Identity{}, &Shortcut{}, &Reduction{}, &Zero{}, &Act{}, &Norm{}, &Dropout{}, &Flatten{}, &Dense{}, &Head{},
	}
}

// combinators are the kinds of nodes in space files that are no blocks.
func combinators() []string {
	return []string{"seq", "scope", "choice", "let", "case", "repeat", "parallel", "residual", "dag", "skips", "cells"}
}

// kinds returns all kinds of nodes.
func kinds() []string {
	out := combinators()
	for _, b := range allBlocks() {
		out = append(out, b.Kind())
	}
	return out
}
