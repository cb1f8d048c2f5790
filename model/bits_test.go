package model_test

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/model"
)

// checksum trains four small networks for a few steps and returns a hash of all bits of their weights and statistics.
func checksum(t *testing.T) string {
	h := fnv.New64a()
	add := func(weights []float32) {
		for _, v := range weights {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
			h.Write(b[:])
		}
	}
	add(train(t, build(t, smallNet(t), model.Options{}), 3))
	add(train(t, build(t, mixedNet(t), model.Options{Threads: 2}), 3))
	nets := sequenceNets(t)
	for i, name := range slices.Sorted(maps.Keys(nets)) {
		add(trainTokens(t, build(t, nets[name], model.Options{Threads: 1 + i}), 2))
	}
	return fmt.Sprintf("checksum %016x", h.Sum64())
}

// The kernels are chosen when a process starts, so the test runs itself once more for each other set.
func TestEveryInstructionSetTrainsToTheSameBits(t *testing.T) {
	want := checksum(t)
	if os.Getenv("TRELLIS_PRINT_CHECKSUM") != "" {
		fmt.Println(want)
		return
	}
	for _, set := range []string{"avx512", "avx2", "go"} {
		if set == kernel.Name() {
			continue
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestEveryInstructionSetTrainsToTheSameBits$")
		cmd.Env = append(os.Environ(), "TRELLIS_KERNEL="+set, "TRELLIS_PRINT_CHECKSUM=1")
		out, err := cmd.CombinedOutput()
		if strings.Contains(string(out), "cannot run these kernels") {
			t.Logf("%s left out: this machine or build cannot run it", set)
			continue
		}
		if err != nil {
			t.Fatalf("training with %s: %v\n%s", set, err, out)
		}
		if !strings.Contains(string(out), want+"\n") {
			t.Errorf("with %s the %s; with %s it is\n%s", kernel.Name(), want, set, out)
		}
	}
}
