package peer

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/network"
)

// Network is one network of the comparison.
type Network struct {
	Name  string
	Unit  string // what is counted a second: "images", "sequences", …
	Batch int    // of the comparison
	// Variants are further arguments of the other side's script, one set a variant; the fastest counts.
	Variants [][]string
	// Start makes it ready to train on a fixed batch in memory, with so many threads within a step.
	Start func(batch, threads int) (Training, error)
}

// Training is a network in training. It belongs to one goroutine at a time.
type Training interface {
	// Step makes one step: forward, backward, update.
	Step() error
	// Work returns the floating-point operations of one step: two for every multiply-accumulate of convolutions, linear
	// layers and attention products; the backward pass counts twice the forward one, less the gradient with respect
	// to the raw input, which nobody needs.
	Work() float64
	// Params returns the trained parameters, live.
	Params() []autograd.Param
	// Close ends its threads.
	Close()
}

// Networks returns all networks of the comparison, in the order of the tables.
func Networks() []Network {
	graph := func(name string, g func() (*network.Graph, error)) Network {
		return Network{Name: name, Unit: "images", Batch: 64, Variants: [][]string{{"--channels-last"}}, Start: classifier(g)}
	}
	return []Network{
		graph("nb201-cell", func() (*network.Graph, error) { return nb201(convolutions) }),
		graph("nb201-mixed", func() (*network.Graph, error) { return nb201(mixed) }),
		graph("mbv2-tiny", func() (*network.Graph, error) { return mobile(network.Shape{H: 32, W: 32, C: 3}) }),
		graph("mbv2-28", func() (*network.Graph, error) { return mobile(network.Shape{H: 28, W: 28, C: 1}) }),
		graph("plain-cnn", plain),
		transformer(),
		{Name: "darts", Unit: "images", Batch: 32, Variants: [][]string{{"--channels-last"}}, Start: startDarts},
		{Name: "lstm-ctrl", Unit: "samples", Batch: 1, Start: startController},
		{Name: "lstm-ctrl/10", Unit: "samples", Batch: 10, Start: startController},
	}
}
