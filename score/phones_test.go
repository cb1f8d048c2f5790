package score_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

// phoneRows returns the means of a published table in thousandths of a millisecond, rounded up, by what its columns say of the operator.
func phoneRows(t *testing.T, table string) map[string]int64 {
	t.Helper()
	packed, err := os.ReadFile(published.Data(t, "nas", "op_latency_tables_mobile.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, line := range lines {
		if line[0] != table {
			continue
		}
		mean, ok := new(big.Rat).SetString(line[11])
		if !ok {
			t.Fatalf("%q is no mean", line[11])
		}
		mean.Mul(mean, big.NewRat(1000, 1))
		n, rest := new(big.Int).DivMod(mean.Num(), mean.Denom(), new(big.Int))
		if rest.Sign() > 0 {
			n.Add(n, big.NewInt(1))
		}
		out[strings.Join([]string{line[3], line[4], line[5], line[6]}, " ")] = n.Int64() // input, output, expansion, kernel
	}
	return out
}

// phoned reads a cost file of the examples with the published table.
func phoned(t testing.TB, file string, s *space.Space) *lattice.Lattice {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../examples/latency", file))
	if err != nil {
		t.Fatal(err)
	}
	table := published.Data(t, "nas", "op_latency_tables_mobile.csv.gz")
	text = bytes.Replace(text, []byte("table: op_latency_tables_mobile.csv.gz"), []byte("table: "+table), 1)
	l := compiled(t, s)
	price, err := score.ParseCosts(file, text, l)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = l.WithCosts(price.CostModel); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLatenciesOfPhonesAreTheSumsOfThePublishedTables(t *testing.T) {
	for _, c := range []struct {
		file, table, expansion string
		space                  *space.Space
	}{
		{"note10.yaml", "ofa_mbv3_224", "expanded", open(t, "ofa-mbv3", space.Params{"multiplier": "1.2"})},
		{"pixel1.yaml", "proxylessnas_mobile_trim", "expand", open(t, "../examples/spaces/proxyless.yaml", nil)},
	} {
		rows := phoneRows(t, c.table)
		l := phoned(t, c.file, c.space)
		r, err := l.Within()
		if err != nil {
			t.Fatal(err)
		}
		random := stream.New(1, c.file)
		for range 200 {
			a := r.Sample(random)
			operators, err := c.space.Operators(a)
			if err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			for _, o := range operators {
				if o.Idle() {
					continue
				}
				out, expansion, kernel := o.Out.String(), "", ""
				switch o.Block {
				case "mbconv":
					of, _ := o.Attr(c.expansion)
					size, _ := o.Attr("kernel")
					expansion, kernel = of.String(), size.String()
				case "dense", "head":
					out = "1000"
				}
				row, ok := rows[strings.Join([]string{o.In.String(), out, expansion, kernel}, " ")]
				if !ok {
					t.Fatalf("%s: the table has no row for %s", c.file, o)
				}
				want += row
			}
			if got, err := l.Cost(a, score.Latency); err != nil || got != want {
				t.Fatalf("%s: %s takes %d thousandths (%v), want %d", c.file, c.space.Format(a), got, err, want)
			}
		}
	}
}

func TestHowManyNetworksMeetALatencyOnAPhone(t *testing.T) {
	l := phoned(t, "note10.yaml", open(t, "ofa-mbv3", space.Params{"multiplier": "1.2"}))
	most, err := l.ParseAmount(score.Latency, "30ms", false)
	if err != nil {
		t.Fatal(err)
	}
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	within, err := l.Within(lattice.AtMost(score.Latency, most))
	if err != nil {
		t.Fatal(err)
	}
	beyond, err := l.Within(lattice.AtLeast(score.Latency, most+1))
	if err != nil {
		t.Fatal(err)
	}
	if sum := new(big.Int).Add(within.Count(), beyond.Count()); sum.Cmp(all.Count()) != 0 {
		t.Errorf("%v within and %v beyond 30 ms are not all %v", within.Count(), beyond.Count(), all.Count())
	}
	if _, high := within.Range(score.Latency); high > most {
		t.Errorf("a network of %s is within 30 ms", l.Amount(score.Latency, high))
	}
	t.Logf("%v of %v networks run in 30 ms on a Note10", within.Count(), all.Count())
}

func TestTheMostMACsOfEveryLatencyOnAPhone(t *testing.T) {
	l := phoned(t, "note10.yaml", open(t, "ofa-mbv3", space.Params{"multiplier": "1.2"}))
	r, err := l.Within(lattice.AtMost(score.Latency, 30_000))
	if err != nil {
		t.Fatal(err)
	}
	front, err := r.Front(score.Latency, func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs)) })
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(front); i += 50 {
		p := front[i]
		upTo, err := l.Within(lattice.AtMost(score.Latency, p.Cost))
		if err != nil {
			t.Fatal(err)
		}
		if _, most := upTo.Range(lattice.MACs); float64(most) != p.Score {
			t.Errorf("within %s there are networks of %d MACs, and the front has %v", l.Amount(score.Latency, p.Cost), most, p.Score)
		}
	}
	last := front[len(front)-1]
	t.Logf("%d points, up to %v MACs in %s", len(front), last.Score, l.Amount(score.Latency, last.Cost))
}

func BenchmarkLatencyOfAPhone(b *testing.B) {
	s := open(b, "ofa-mbv3", space.Params{"multiplier": "1.2"})
	for b.Loop() {
		l := phoned(b, "note10.yaml", s)
		if _, err := l.Within(lattice.AtMost(score.Latency, 30_000)); err != nil {
			b.Fatal(err)
		}
	}
}
