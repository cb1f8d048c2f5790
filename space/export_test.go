package space

import "github.com/trellis-nas/trellis/network"

// OutputShapes returns the shapes of the outputs of all networks, computed item by item.
func (s *Space) OutputShapes() ([]network.Shape, error) {
	return newShapeSets(s).shapes(s.root, Env{}, s.input)
}

// Vocabulary returns every word that means something in a space file: kinds of nodes, attributes, keys of files and built-in spaces.
func Vocabulary() []string {
	words := append(kinds(), treeKeys()...)
	for _, b := range allBlocks() {
		for _, f := range b.Fields() {
			words = append(words, f.Name)
		}
	}
	for _, b := range Catalogue() {
		words = append(append(words, b.Name), b.keys()...)
	}
	return words
}
