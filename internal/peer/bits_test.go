package peer

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/kernel"
)

// checksum trains n on a small batch and returns a hash of all bits of its weights.
func checksum(t *testing.T, n Network, batch, threads, steps int) string {
	training, err := n.Start(batch, threads)
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	for range steps {
		if err := training.Step(); err != nil {
			t.Fatal(err)
		}
	}
	h := fnv.New64a()
	for _, p := range training.Params() {
		for _, v := range p.Value.Data() {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
			h.Write(b[:])
		}
	}
	return fmt.Sprintf("%s after %d steps: %016x", n.Name, steps, h.Sum64())
}

func TestFiftyStepsGiveTheSameBitsWithOneTwoAndFourThreads(t *testing.T) {
	if kernel.Name() == "go" {
		t.Skip("skipped: the portable loops would take minutes; another test compares them with the assembly")
	}
	for _, n := range Networks() {
		t.Run(n.Name, func(t *testing.T) {
			want := checksum(t, n, 4, 1, 50)
			for _, threads := range []int{2, 4} {
				if got := checksum(t, n, 4, threads, 50); got != want {
					t.Errorf("with %d threads %s; with one %s", threads, got, want)
				}
			}
		})
	}
}

// The kernels are chosen when a process starts, so the test runs itself once more for each other set. The portable
// loops, which emulate the fused multiply-add, make one step of one sample.
func TestEveryInstructionSetGivesTheSameBits(t *testing.T) {
	const asked = "TRELLIS_PRINT_CHECKSUMS"
	sums := func(steps, batch int) string {
		var all strings.Builder
		for _, n := range Networks() {
			fmt.Fprintln(&all, checksum(t, n, batch, 1, steps))
		}
		return all.String()
	}
	many, few := func() string { return sums(50, 4) }, func() string { return sums(1, 1) }
	switch os.Getenv(asked) {
	case "many":
		fmt.Print(many())
		return
	case "few":
		fmt.Print(few())
		return
	}
	for set, want := range map[string]func() string{"avx512": many, "avx2": many, "go": few} {
		if set == kernel.Name() {
			continue
		}
		length := "many"
		if set == "go" || kernel.Name() == "go" {
			length, want = "few", few
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestEveryInstructionSetGivesTheSameBits$")
		cmd.Env = append(os.Environ(), "TRELLIS_KERNEL="+set, asked+"="+length)
		out, err := cmd.CombinedOutput()
		if strings.Contains(string(out), "cannot run these kernels") {
			t.Logf("%s left out: this machine or build cannot run it", set)
			continue
		}
		if err != nil {
			t.Fatalf("training with %s: %v\n%s", set, err, out)
		}
		if expected := want(); !strings.HasPrefix(string(out), expected) {
			t.Errorf("with %s\n%s\nwith %s\n%s", kernel.Name(), expected, set, out)
		}
	}
}
