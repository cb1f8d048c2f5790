package space_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
)

// onEverySpace runs a property on the sample spaces, with random architectures, and on random spaces.
func onEverySpace(t *testing.T, draws int, property func(t rapid.TB, s *space.Space, a space.Arch, r *rand.Rand)) {
	for name, s := range sampleSpaces(t) {
		t.Run(name, func(t *testing.T) {
			r := stream.New(2, t.Name())
			for range draws {
				property(t, s, randomArch(t, s, r), r)
			}
		})
	}
	t.Run("random spaces", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			s, ok := drawSpace(rt)
			if !ok {
				return
			}
			all := slices.Collect(s.Each())
			a := all[rapid.IntRange(0, len(all)-1).Draw(rt, "arch")]
			property(rt, s, a, stream.New(rapid.Uint64().Draw(rt, "seed"), "random spaces"))
		})
	})
}

func TestTheTextFormReadsBack(t *testing.T) {
	onEverySpace(t, 20, func(t rapid.TB, s *space.Space, a space.Arch, _ *rand.Rand) {
		text := s.Format(a)
		b, err := s.Parse(text)
		if err != nil || a != b {
			t.Fatalf("%v, written as %q, was read as %v, %v", a, text, b, err)
		}
	})
}

func labels(s *space.Space, a space.Arch) map[string]string {
	out := map[string]string{}
	for _, d := range s.Decisions(a) {
		out[d.Name] = d.Options[d.Chosen]
	}
	return out
}

func TestDecisionsHaveNamesOfTheirOwn(t *testing.T) {
	onEverySpace(t, 10, func(t rapid.TB, s *space.Space, a space.Arch, _ *rand.Rand) {
		decisions := s.Decisions(a)
		if len(decisions) != a.Len() || len(labels(s, a)) != a.Len() {
			t.Fatalf("%d decisions with %d names for %d choices", len(decisions), len(labels(s, a)), a.Len())
		}
		for i, d := range decisions {
			if d.Chosen != a.At(i) || len(d.Options) < 2 {
				t.Fatalf("decision %d is %+v, the choice %d", i, d, a.At(i))
			}
		}
	})
}

// differences returns the names that both architectures decide, but differently.
func differences(a, b map[string]string) (names []string) {
	for name, label := range a {
		if other, ok := b[name]; ok && other != label {
			names = append(names, name)
		}
	}
	return names
}

func sameNames(a, b map[string]string) bool {
	for name := range a {
		if _, ok := b[name]; !ok {
			return false
		}
	}
	return len(a) == len(b)
}

func TestNeighboursDifferInOneDecision(t *testing.T) {
	onEverySpace(t, 2, func(t rapid.TB, s *space.Space, a space.Arch, _ *rand.Rand) {
		mine := labels(s, a)
		seen := map[space.Arch]bool{a: true}
		looked := 0
		for b := range s.Neighbours(a) {
			if err := s.Check(b); err != nil {
				t.Fatalf("a neighbour of %v: %v", a, err)
			}
			if seen[b] {
				t.Fatalf("%v is given twice, or is a neighbour of itself", b)
			}
			seen[b] = true
			theirs := labels(s, b)
			// Labels of one name may differ a second time only where the options of that decision are others.
			if d := differences(mine, theirs); len(d) != 1 && !otherOptions(s, a, b) {
				t.Fatalf("%v and its neighbour %v differ in %v", a, b, d)
			}
			for _, d := range s.Decisions(b) {
				if _, ok := mine[d.Name]; !ok && d.Chosen != 0 {
					t.Fatalf("the new decision %s of %v has option %d", d.Name, b, d.Chosen)
				}
			}
			if looked++; looked <= 3 && sameNames(mine, theirs) && !otherOptions(s, a, b) && !slices.Contains(slices.Collect(s.Neighbours(b)), a) {
				t.Fatalf("%v is a neighbour of %v, but not the other way round", b, a)
			}
		}
	})
}

// otherOptions tells whether a decision has other options in b than the one of the same name in a.
func otherOptions(s *space.Space, a, b space.Arch) bool {
	options := map[string][]string{}
	for _, d := range s.Decisions(a) {
		options[d.Name] = d.Options
	}
	for _, d := range s.Decisions(b) {
		if o, ok := options[d.Name]; ok && !slices.Equal(o, d.Options) {
			return true
		}
	}
	return false
}

func TestWhereAllMeetTheSameDecisionsNeighboursAreThoseAtDistanceOne(t *testing.T) {
	spaces := sampleSpaces(t)
	for _, name := range []string{"nb-macro", "coupled"} {
		s := spaces[name]
		for _, a := range []space.Arch{randomArch(t, s, stream.New(3, name)), randomArch(t, s, stream.New(4, name))} {
			want := map[space.Arch]bool{}
			for b := range s.Each() {
				distance := 0
				for i, c := range b.Choices() {
					if c != a.At(i) {
						distance++
					}
				}
				if distance == 1 {
					want[b] = true
				}
			}
			got := map[space.Arch]bool{}
			for b := range s.Neighbours(a) {
				got[b] = true
			}
			if len(got) != len(want) {
				t.Errorf("%s: %v has %d neighbours, brute force finds %d", name, a, len(got), len(want))
			}
			for b := range got {
				if !want[b] {
					t.Errorf("%s: %v is no neighbour of %v", name, b, a)
				}
			}
		}
	}
}

func TestAMutantIsANeighbourOrTheSame(t *testing.T) {
	onEverySpace(t, 10, func(t rapid.TB, s *space.Space, a space.Arch, r *rand.Rand) {
		neighbours := slices.Collect(s.Neighbours(a))
		b := s.Mutate(a, r)
		if len(neighbours) == 0 && b != a || len(neighbours) > 0 && !slices.Contains(neighbours, b) {
			t.Fatalf("%v mutated to %v; it has %d neighbours", a, b, len(neighbours))
		}
	})
}

// TestMutationIsUniformOverDecisionsAndOptions uses a chi-square test with 16 cells: eight decisions with two other options each.
func TestMutationIsUniformOverDecisionsAndOptions(t *testing.T) {
	s := sampleSpaces(t)["nb-macro"]
	a := space.NewArch(0, 1, 2, 0, 1, 2, 0, 1)
	r := stream.New(5, "mutation")
	counts := map[space.Arch]int{}
	const draws = 8000
	for range draws {
		counts[s.Mutate(a, r)]++
	}
	chi, expected := 0.0, float64(draws)/16
	for b := range s.Neighbours(a) {
		d := float64(counts[b]) - expected
		chi += d * d / expected
	}
	const limit = 37.7 // the 0.999 quantile of chi-square with 15 degrees of freedom
	if len(counts) != 16 || chi > limit {
		t.Errorf("%d different mutants, chi-square %.1f above %.1f", len(counts), chi, limit)
	}
}

func TestAChildTakesEveryDecisionFromAParent(t *testing.T) {
	onEverySpace(t, 10, func(t rapid.TB, s *space.Space, a space.Arch, r *rand.Rand) {
		b := a
		for range 1 + r.IntN(4) {
			b = s.Mutate(b, r)
		}
		child := s.Crossover(a, b, r)
		if err := s.Check(child); err != nil {
			t.Fatalf("child of %v and %v: %v", a, b, err)
		}
		if otherOptions(s, a, child) || otherOptions(s, b, child) {
			return // labels that one of the contexts does not have give way to the first option
		}
		mother, father := labels(s, a), labels(s, b)
		for name, label := range labels(s, child) {
			m, inMother := mother[name]
			f, inFather := father[name]
			if (inMother || inFather) && !(inMother && label == m) && !(inFather && label == f) {
				t.Fatalf("decision %s of the child is %s, of the parents %s and %s", name, label, m, f)
			}
		}
	})
}

func TestCrossoverReachesEveryMixture(t *testing.T) {
	s := sampleSpaces(t)["nb-macro"]
	a, b := space.NewArch(0, 0, 0, 0, 0, 0, 0, 0), space.NewArch(1, 1, 2, 0, 0, 0, 0, 0)
	r := stream.New(6, "crossover")
	seen := map[space.Arch]int{}
	for range 800 {
		seen[s.Crossover(a, b, r)]++
	}
	if len(seen) != 8 {
		t.Fatalf("%d of 8 mixtures were drawn", len(seen))
	}
	for child, n := range seen {
		if n < 60 || n > 145 {
			t.Errorf("%v was drawn %d times of 800, about 100 are expected", child, n)
		}
	}
}

func TestDecisionsThatOnlyFitTogetherStayTogether(t *testing.T) {
	s := sampleSpaces(t)["coupled"]
	all := slices.Collect(s.Each())
	if want := []space.Arch{space.NewArch(0, 0), space.NewArch(1, 1)}; !slices.Equal(all, want) {
		t.Fatalf("the space holds %v, want %v", all, want)
	}
	if n := len(slices.Collect(s.Neighbours(all[0]))); n != 0 {
		t.Errorf("%v has %d neighbours; a single change never fits", all[0], n)
	}
	r := stream.New(7, "coupled")
	if b := s.Mutate(all[0], r); b != all[0] {
		t.Errorf("%v has no neighbour, but mutated to %v", all[0], b)
	}
	seen := map[space.Arch]bool{}
	for range 50 {
		seen[s.Crossover(all[0], all[1], r)] = true
	}
	if len(seen) != 2 {
		t.Errorf("50 children of both are only %v", seen)
	}
}

func TestASpaceFileMeansTheSameAsTheTree(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		s, ok := drawSpace(t)
		if !ok {
			return
		}
		compare(t, s, 400)
		compared++
	})
	if compared < 30 {
		t.Errorf("only %d spaces were compared", compared)
	}
	for name, s := range sampleSpaces(t) {
		t.Run(name, func(t *testing.T) { compare(t, s, 30) })
	}
}

// compare writes a space as a file, reads it, and compares the enumerations and networks of the two.
func compare(t rapid.TB, s *space.Space, most int) {
	t.Helper()
	text := s.YAML()
	read, err := space.ParseFile("written.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if again := read.YAML(); again != text {
		t.Fatalf("written again it differs:\n%s\n%s", text, again)
	}
	if read.Name() != s.Name() || read.Input() != s.Input() {
		t.Fatalf("name %q, input %v", read.Name(), read.Input())
	}
	var archs []space.Arch
	for a := range read.Each() {
		if archs = append(archs, a); len(archs) == most {
			break
		}
	}
	i := 0
	for a := range s.Each() {
		if i == len(archs) || a != archs[i] {
			t.Fatalf("architecture %d is %v, and not so in the file:\n%s", i, a, text)
		}
		mine, errMine := s.Network(a)
		theirs, errTheirs := read.Network(a)
		if errMine != nil || errTheirs != nil || mine.Text() != theirs.Text() {
			t.Fatalf("networks of %v differ: %v, %v", a, errMine, errTheirs)
		}
		if s.Format(a) != read.Format(a) || fmt.Sprint(s.Decisions(a)) != fmt.Sprint(read.Decisions(a)) {
			t.Fatalf("%v is %s here and %s there", a, s.Format(a), read.Format(a))
		}
		if i++; i == most {
			return
		}
	}
	if i != len(archs) {
		t.Fatalf("the tree has %d architectures, the file %d", i, len(archs))
	}
}

func TestAnArchitectureOfAnotherSpaceIsRefused(t *testing.T) {
	s := sampleSpaces(t)["nb-macro"]
	for want, a := range map[string]space.Arch{
		`architecture "0.0" is not of space nb-macro: it has 2 choices, and none for decision layer3.op`:            space.NewArch(0, 0),
		`architecture "0.0.0.0.0.0.0.0.1" is not of space nb-macro: it has 9 choices, but there are 8 decisions`:    space.NewArch(0, 0, 0, 0, 0, 0, 0, 0, 1),
		`architecture "0.0.0.0.0.0.0.3" is not of space nb-macro: decision layer8.op has the options 0 to 2, not 3`: space.NewArch(0, 0, 0, 0, 0, 0, 0, 3),
		`architecture "" is not of space nb-macro: it has 0 choices, and none for decision layer1.op`:               {},
	} {
		if err := s.Check(a); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
		if _, err := s.Network(a); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	coupled := sampleSpaces(t)["coupled"]
	want := `architecture "0.1" is not of space coupled: inputs 16x16x2 and 16x16x3 differ`
	for _, err := range []error{coupled.Check(space.NewArch(0, 1)), second(coupled.Network(space.NewArch(0, 1)))} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestTextThatIsNoArchitectureNamesTheDecision(t *testing.T) {
	spaces := sampleSpaces(t)
	for _, c := range []struct{ space, text, want string }{
		{"chain", "k3e3 k3e3 k5e7 k3e3", `"k3e3 k3e3 k5e7 k3e3" is no architecture of space chain: "k5e7" is no option of decision layer3.op; the nearest is "k5e3" (of k3e3, k3e6, k5e3, k5e6, sep3, skip)`},
		{"chain", "k3e3", `"k3e3" is no architecture of space chain: it ends before decision layer2.op; it is one of k3e3, k3e6, k5e3, k5e6, sep3, skip`},
		{"chain", "skip skip skip skip skip skip", `"skip skip skip skip skip skip" is no architecture of space chain: "skip skip" is left over after the last decision`},
		{"coupled", "2 3", `"2 3" is no architecture of space coupled: inputs 16x16x2 and 16x16x3 differ`},
		{"nb-macro", "22212223", `"22212223" is no architecture of space nb-macro: "3" does not begin with an option of decision layer8.op; it is one of 0, 1, 2`},
		{"nb-macro", "2221222", `"2221222" is no architecture of space nb-macro: it ends before decision layer8.op; it is one of 0, 1, 2`},
		{"nb201", "|none~0|", `"|none~0|" is no architecture of space nb201: "none~0|" does not begin with an option of decision node1_from0; it is one of none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3`},
		{"nb201", "none", `"none" is no architecture of space nb201: "none" stands where "|" was expected`},
	} {
		if _, err := spaces[c.space].Parse(c.text); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// combinations multiplies the options of the decisions of a, which is the size of a space in which all meet the same.
func combinations(s *space.Space, a space.Arch) *big.Int {
	n := big.NewInt(1)
	for _, d := range s.Decisions(a) {
		n.Mul(n, big.NewInt(int64(len(d.Options))))
	}
	return n
}
