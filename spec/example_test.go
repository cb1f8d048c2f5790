package spec_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/spec"
)

// A study file is opened and planned, an architecture within its limits is drawn and built; nothing is trained or
// written by that.
func Example() {
	file, err := spec.Open("testdata/example.yaml")
	plan := must(must(file, err).Plan(""))
	fmt.Println(plan.Region.Count(), "of", plan.Lattice.Count(), "architectures are within the limits")
	arch := plan.Region.Sample(rand.New(rand.NewPCG(1, 2)))
	net := must(plan.Space.Network(arch))
	fmt.Println(net.Input(), "to", net.OutputShape(), "with at most 1500 params:", net.Params() <= 1500)
	// Output:
	// 139 of 216 architectures are within the limits
	// 16x16x1 to 1x1x10 with at most 1500 params: true
}

// must keeps the example short; a program returns its errors.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
