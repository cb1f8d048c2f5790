package lattice_test

import (
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// One for every row of the table of semirings in docs/lattice.md.
func ExampleFold_semirings() {
	s, _ := space.Mobile(space.MobileOptions{})
	l, _ := lattice.Compile(s)
	table := map[string]map[string]float64{"act": {"hswish": 0.5}, "stage1.depth": {"d2": 2}}
	width := map[string]float64{"w12": 12, "w18": 18, "w30": 30, "w60": 60, "w80": 80}
	temperature := 0.5
	{
		one := big.NewInt(1)
		weight := func(lattice.Step) *big.Int { return one }
		n := lattice.Fold(l, lattice.CountSemiring{}, weight)
		fmt.Println(n)
	}
	macs := func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs)) }
	least := lattice.Fold(l, lattice.MinPlus{}, macs)
	fmt.Println(least)

	score := func(s lattice.Step) float64 { return table[s.Decision][s.Option] }
	best := lattice.Fold(l, lattice.MaxPlus{}, score)
	fmt.Println(best)

	tempered := func(s lattice.Step) float64 { return score(s) / temperature }
	z := lattice.Fold(l, lattice.LogSum{}, tempered)
	fmt.Println(z)

	m := func(s lattice.Step) lattice.Moments {
		return lattice.Moments{LogWeight: tempered(s), Mean: macs(s)}
	}
	fmt.Println(lattice.Fold(l, lattice.Expectation{}, m).Mean)
	{
		widest := func(s lattice.Step) float64 { return width[s.Option] }
		least := lattice.Fold(l, lattice.Bottleneck{}, widest)
		fmt.Println(least)
	}
	plain := func(s lattice.Step) bool { return s.Option != "se0.25" }
	some := lattice.Fold(l, lattice.Boolean{}, plain)
	fmt.Println(some)
	// Output:
	// 3722214244352
	// 3.608568e+06
	// 2.5
	// 31.49316704012605
	// 1.6106927477667652e+07
	// 60
	// true
}

// What is in the table is compiled and run above, but for white space.
func TestTheTableOfSemiringsIsTheExample(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	squeezed := func(s string) string { return strings.Join(strings.Fields(s), "") }
	example, rows := squeezed(read("semiring_example_test.go")), 0
	_, table, _ := strings.Cut(read("../docs/lattice.md"), "| semiring |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, " | ")
		if cell := cells[len(cells)-1]; strings.Contains(cell, "<br>") {
			code := squeezed(strings.NewReplacer("`", "", "<br>", "\n").Replace(strings.TrimSuffix(cell, " |")))
			if rows++; !strings.Contains(example, code) {
				t.Errorf("the example has not %s", cell)
			}
		}
	}
	if rows != 7 {
		t.Errorf("the table has %d rows of code, want 7", rows)
	}
}
