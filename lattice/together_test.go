package lattice_test

import (
	"fmt"
	"math/big"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
)

// What is made when it is first asked for, trees of completions, bin tables, places of routes and numbers of parameters, is made once, whoever asks:
// run it with -race.
func TestManyMayAskForStrataAndSumsAtOnce(t *testing.T) {
	e := smallMobile(t)
	macs := e.quantile(lattice.MACs, 0.1)
	type asked struct {
		region *lattice.CountedRegion
		gibbs  *lattice.Gibbs
		strata *lattice.Strata
	}
	made := func() asked {
		r, err := compiled(t, e.space).ItemByItem().Within(lattice.AtMost(lattice.MACs, macs))
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Strata(lattice.Params, 4)
		if err != nil {
			t.Fatal(err)
		}
		return asked{r, r.Gibbs(uneven), s}
	}
	run := func(of asked, n uint64) string {
		random := stream.New(n, "together")
		text := fmt.Sprintln(of.region.GibbsOf(make([]float64, len(of.region.Lattice().Parameters()))).Entropy())
		for i := range 6 {
			bin := int(n+uint64(i)) % 4
			drawn, some := of.strata.Sample(bin, random)
			first, err := of.strata.Unrank(bin, new(big.Int))
			text += fmt.Sprintln(bin, drawn, some, first, err)
		}
		mean, grad := of.gibbs.ExpectationGrad(uneven)
		variance, _ := of.gibbs.VarianceGrad(uneven)
		text += fmt.Sprintln(of.gibbs.Marginals(), of.gibbs.Entropy(), of.gibbs.Sample(random), mean, grad, variance)
		count, err := of.region.Histogram(lattice.Depth, 3)
		text += fmt.Sprintln(count.Counts, err)
		for best := range of.region.Best(uneven) {
			return text + fmt.Sprintln(best)
		}
		return text
	}
	together := made()
	got := make([]string, 8)
	var all sync.WaitGroup
	for n := range got {
		all.Go(func() { got[n] = run(together, uint64(n)) })
	}
	all.Wait()
	alone := made()
	for n := range got {
		if want := run(alone, uint64(n)); got[n] != want {
			t.Fatalf("asked at once, number %d got\n%s\nand alone\n%s", n, got[n], want)
		}
	}
}
