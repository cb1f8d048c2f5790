package peer

import "github.com/trellis-nas/trellis/network"

// transformer classifies sequences of 64 tokens out of 8,000: two blocks of 64 channels with four heads, layer norms
// behind the sums, 128 hidden channels, learned positions, the mean over the steps and four classes.
func transformer() Network {
	return Network{Name: "transformer", Unit: "sequences", Batch: 32, Start: classifier(func() (*network.Graph, error) {
		return network.TransformerClassifier(64, 4, network.Transformer{Vocab: 8000, Width: 64, Heads: 4, Layers: 2, Hidden: 128})
	})}
}
