package spec_test

import (
	"fmt"
	"os"

	"github.com/trellis-nas/trellis/spec"
)

// A study file is opened and planned; nothing is trained or written by that.
func Example() {
	file, err := spec.Open("testdata/example.yaml")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	plan, err := file.Plan("")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Println(plan.Region.Count(), "of", plan.Lattice.Count(), "architectures are within the limits")
	// Output: 139 of 216 architectures are within the limits
}
