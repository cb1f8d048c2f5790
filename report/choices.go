package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
)

// tally counts how often each option of a decision was taken, among the good and among all.
type tally struct {
	decision  string
	options   []string
	good, all []float64
}

// sums returns how many of the good and of all met the decision.
func (t tally) sums() (good, all float64) {
	for i := range t.options {
		good += t.good[i]
		all += t.all[i]
	}
	return good, all
}

// shares returns the share of an option among the good and among all that met the decision.
func (t tally) shares(option int) (good, all float64) {
	g, a := t.sums()
	return t.good[option] / math.Max(1, g), t.all[option] / math.Max(1, a)
}

// distance is the total variation distance of the good from all, weighted down where few met the decision.
func (t tally) distance() float64 {
	var sum float64
	for i := range t.options {
		g, a := t.shares(i)
		sum += math.Abs(g - a)
	}
	good, _ := t.sums()
	return sum / 2 * math.Sqrt(good/(good+4))
}

// goodShare of the leaderboard counts as good, at least four architectures.
const goodShare = 0.25

// tallies counts the options of every decision over the search, the good being the top of the leaderboard. merge gives the
// name under which a decision is counted, and false to leave it out.
func tallies(h *store.History, s *space.Space, merge func(name string) (string, bool)) []tally {
	board := h.Leaderboard(h.SearchStage())
	good := max(min(4, len(board)), int(math.Ceil(goodShare*float64(len(board)))))
	var out []tally
	at := map[string]int{}
	for place, e := range board {
		for _, d := range s.Decisions(e.Trial.Arch) {
			name, ok := merge(d.Name)
			if !ok || len(d.Options) < 2 {
				continue
			}
			i, ok := at[name]
			if !ok {
				i = len(out)
				at[name] = i
				out = append(out, tally{decision: name})
			}
			out[i].add(d.Options[d.Chosen], place < good)
		}
	}
	return out
}

func (t *tally) add(option string, good bool) {
	i := slices.Index(t.options, option)
	if i < 0 {
		i = len(t.options)
		t.options, t.good, t.all = append(t.options, option), append(t.good, 0), append(t.all, 0)
	}
	t.all[i]++
	if good {
		t.good[i]++
	}
}

// attribute is the last part of a decision's name: "kernel" of "stage1.block2.kernel".
func attribute(name string) (string, bool) {
	name = name[strings.LastIndexByte(name, '.')+1:]
	if word := strings.TrimRight(name, "0123456789"); word != "" {
		name = word
	}
	return name, true
}

// most is how many options a picture of choices shows at most.
const most = 24

// operations returns a chart of how often each option of each attribute is used by the good and by all, over all places of the
// network together; distinctive returns one of the single decisions in which the good differ most from all. Either has no groups
// when there is nothing to show.
func operations(h *store.History, s *space.Space) draw.BarsChart {
	return chart("Which options the good networks use, over all places", tallies(h, s, attribute))
}

func distinctive(h *store.History, s *space.Space) draw.BarsChart {
	all := tallies(h, s, func(name string) (string, bool) { return name, true })
	slices.SortStableFunc(all, func(a, b tally) int { return cmp.Compare(b.distance(), a.distance()) })
	return chart("The decisions in which the good networks differ most from all", all)
}

// natural orders labels by the numbers in them: w8 before w16, by the number after the letters where both have one.
func natural(a, b string) int {
	prefix := strings.TrimRight(a, "0123456789.")
	if prefix == strings.TrimRight(b, "0123456789.") {
		x, errX := strconv.ParseFloat(a[len(prefix):], 64)
		y, errY := strconv.ParseFloat(b[len(prefix):], 64)
		if errX == nil && errY == nil {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(a, b)
}

func chart(title string, tallies []tally) draw.BarsChart {
	c := draw.BarsChart{Title: title, Value: draw.Axis{Label: "share of those that met the decision", Percent: true},
		Series: []string{"best quarter", "all"}}
	for _, t := range tallies {
		if len(c.Groups)+len(t.options) > most {
			break
		}
		order := make([]int, len(t.options))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int { return natural(t.options[i], t.options[j]) })
		for _, i := range order {
			good, all := t.shares(i)
			c.Groups = append(c.Groups, draw.Group{Label: t.decision + " " + t.options[i], Values: []float64{good, all}})
		}
	}
	return c
}
