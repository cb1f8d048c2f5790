package kernel

import (
	"os/exec"
	"strings"
	"testing"
)

// panicText returns what f panics with.
func panicText(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return ""
}

func TestAnUnknownKernelSetIsNamedWithItsAlternatives(t *testing.T) {
	got := panicText(func() { choose("sse") })
	if want := "TRELLIS_KERNEL=sse is not a kernel set; write avx512, avx2 or go"; got != want {
		t.Errorf("panics with %q; want %q", got, want)
	}
}

func TestASetTheMachineCannotRunIsRefused(t *testing.T) {
	got := panicText(func() { pick("avx512", []*set{portable()}) })
	if want := "TRELLIS_KERNEL=avx512: this machine or build cannot run these kernels; it can run go"; got != want {
		t.Errorf("panics with %q; want %q", got, want)
	}
}

func TestTheBestSetIsTheDefaultAndEverySetCanBeNamed(t *testing.T) {
	sets := available()
	if got := choose("").name; got != sets[0].name {
		t.Errorf("the default is %s; want %s", got, sets[0].name)
	}
	for _, s := range sets {
		if got := choose(s.name).name; got != s.name {
			t.Errorf("naming %s gives %s", s.name, got)
		}
	}
}

func TestTheAssemblyIsWhatItsGeneratorWrites(t *testing.T) {
	if testing.Short() {
		t.Skip("running the generator takes some seconds, and -short is set")
	}
	out, err := exec.Command("go", "run", "./asm", "-check").CombinedOutput()
	if err != nil {
		t.Errorf("go run ./asm -check: %v\n%s", err, strings.TrimSpace(string(out)))
	}
}
