package spec_test

import (
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
)

// mobile is a study of a space with depth, kernels and memory to limit, and with a table of costs.
const mobile = `trellis: 1
name: phone
data: {kind: glyphs, classes: digits, size: 16, train: 64, validation: 20, test: 20}
space: {use: mobile, stem: 4, stem_stride: 2, stages: [{width: [4, 8], depth: [1, 2]}], kernel: [3, 5], expand: [1, 2]}
evaluation: {epochs: 1, batch: 32}
finalists: {count: 1, epochs: 1}
budget: {trials: 4}
costs: [phone.yaml]
`

const phone = "trellis-cost: 1\noffset: 1\ncosts:\n  \"*.kernel\": {k5: 0.25}\n  \"*.expand\": {e2: 0.1}\n"

// opened reads a study with its table beside it.
func opened(t *testing.T, text string) (*spec.File, string) {
	t.Helper()
	study := filepath.Join(t.TempDir(), "study.yaml")
	write(t, study, text)
	write(t, filepath.Join(filepath.Dir(study), "phone.yaml"), phone)
	f, err := spec.Open(study)
	if err != nil {
		t.Fatal(err)
	}
	return f, study
}

func TestTheRegionOfAStudyIsWhatKeepsItsLimitsAndNothingElse(t *testing.T) {
	all := plan(t, first(opened(t, mobile)))
	for limits, keeps := range map[string]func(latency, memory, kernels, depth int64) bool{ // latency in hundredths
		"{latency: 1.3ms}":                         func(latency, _, _, _ int64) bool { return latency <= 130 },
		"{latency: {min: 1300us}}":                 func(latency, _, _, _ int64) bool { return latency >= 130 },
		"{latency: {min: 1.25, max: 1.45}}":        func(latency, _, _, _ int64) bool { return latency >= 125 && latency <= 145 },
		"{memory: 5KiB}":                           func(_, memory, _, _ int64) bool { return memory <= 5*1024 },
		"{count(*.kernel=k5): 0}":                  func(_, _, kernels, _ int64) bool { return kernels == 0 },
		"{count(k5): {min: 1, max: 1}}":            func(_, _, kernels, _ int64) bool { return kernels == 1 },
		"{depth: {min: 2}}":                        func(_, _, _, depth int64) bool { return depth >= 2 },
		"{depth: 1, memory: 6KiB, latency: 1.3ms}": func(latency, memory, _, depth int64) bool { return depth <= 1 && memory <= 6*1024 && latency <= 130 },
	} {
		limited := plan(t, first(opened(t, mobile+"limits: "+limits+"\n")))
		want := 0
		for i := range all.Region.Count().Int64() {
			a, err := all.Region.Unrank(big.NewInt(i))
			if err != nil {
				t.Fatal(err)
			}
			g, err := all.Space.Network(a)
			if err != nil {
				t.Fatal(err)
			}
			kernels, depth, latency := int64(0), int64(0), int64(100)
			for _, d := range all.Space.Decisions(a) {
				switch o := d.Options[d.Chosen]; {
				case o == "k5":
					kernels, latency = kernels+1, latency+25
				case strings.HasSuffix(d.Name, ".expand") && o == "e2":
					latency += 10
				case strings.HasSuffix(d.Name, "depth"):
					depth = int64(o[1] - '0')
				}
			}
			in := keeps(latency, g.PeakMemory(), kernels, depth)
			if in {
				want++
			}
			if in != limited.Region.Contains(a) {
				t.Fatalf("%s: %s with %d/100 ms, %d bytes, %v kernels of 5, depth %v is in the region: %t", limits, all.Space.Format(a), latency, g.PeakMemory(), kernels, depth, !in)
			}
		}
		if want == 0 || limited.Region.Count().Cmp(big.NewInt(int64(want))) != 0 {
			t.Errorf("%s: %v architectures, want %d", limits, limited.Region.Count(), want)
		}
	}
}

func first(f *spec.File, _ string) *spec.File { return f }

func TestAStudyWithCostsOfItsOwnReportsThemAndGoesOnWithoutTheirFile(t *testing.T) {
	f, path := opened(t, mobile+"objectives: [{maximise: accuracy}, {minimise: latency}, {maximise: depth}]\nlimits: {latency: 1.4ms}\nbaselines: [lenet5]\n")
	begun := plan(t, f)
	j := new(store.Memory)
	run := func(p *spec.Plan, j store.Journal) *trellis.History {
		t.Helper()
		s, err := p.Study(spec.Run{Folder: t.TempDir(), Journal: j, Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		h, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	h := run(begun, j)
	if got, want := h.Started.Files, []store.File{{Path: "phone.yaml", Text: phone}}; !slices.Equal(got, want) || h.Metric("latency").Unit != "ms" {
		t.Errorf("the journal holds the files %v and the metrics %v", got, h.Started.Metrics)
	}
	for _, e := range h.Entries {
		latency, ok := e.Result.Metrics.Get("latency")
		if ok == (e.Trial.Network != nil) {
			t.Errorf("trial %d, a %s, has a latency: %t", e.Trial.ID, e.Trial.Stage, ok)
		}
		if !ok {
			continue
		}
		n, err := begun.Lattice.Cost(e.Trial.Arch, score.Latency)
		if err != nil {
			t.Fatal(err)
		}
		if depth, _ := e.Result.Metrics.Get("depth"); latency > 1.4 || latency != float64(n)/100 || depth < 1 || depth > 2 {
			t.Errorf("trial %d has a latency of %v ms and a depth of %v; the lattice says %d bins", e.Trial.ID, latency, depth, n)
		}
	}
	for _, becomes := range []func() error{
		func() error {
			return os.WriteFile(filepath.Join(filepath.Dir(path), "phone.yaml"), []byte("broken"), 0o644)
		},
		func() error { return os.Remove(filepath.Join(filepath.Dir(path), "phone.yaml")) },
	} {
		if err := becomes(); err != nil {
			t.Fatal(err)
		}
		f, err := spec.Reopen(path, h.Started)
		if err != nil {
			t.Fatal(err)
		}
		if again := run(plan(t, f), j); again.Last != h.Last {
			t.Errorf("the study that ended with event %d goes on to %d", h.Last, again.Last)
		}
		if r, err := f.RegionFor(h.Started.Data, true); err != nil || r.Count().Cmp(begun.Region.Count()) != 0 {
			t.Errorf("the region from the journal: %v, %v", r, err)
		}
	}
}

func TestTheMemoryLimitOfAStudyDecidesWhetherItsLimitsAreCountedAndNothingElse(t *testing.T) {
	limits := "limits: {macs: 40k, params: 1k}\n"
	want := plan(t, first(opened(t, mobile+limits))).Region.Count()
	if got := plan(t, first(opened(t, mobile+limits+"memory_limit: 1MiB\n"))).Region.Count(); got.Cmp(want) != 0 {
		t.Errorf("with a memory limit of 1 MiB %v are within the limits, else %v", got, want)
	}
	f, study := opened(t, mobile+limits+"memory_limit: 64\n")
	_, err := f.Plan("")
	if err == nil || !strings.HasPrefix(err.Error(), study+":4:") || !strings.Contains(err.Error(), "write `memory_limit: ") && !strings.Contains(err.Error(), "such as `memory_limit: 2GiB`") {
		t.Errorf("with a memory limit of 64 bytes: %v", err)
	}
	if _, err := spec.Parse(study, []byte(strings.Replace(mobile, "costs: [phone.yaml]", "memory_limit: large", 1))); err == nil || !strings.Contains(err.Error(), ":8:15: memory_limit: ") {
		t.Errorf("a memory limit that is none: %v", err)
	}
}
