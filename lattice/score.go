package lattice

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
)

// Score is an additive score of the architectures of a space: an offset, and a number for each option of each decision. The zero value
// scores everything 0. It is immutable and may be used from several goroutines at once.
//
// Weights are whole numbers of units of a power of ten, so that scores that are equal on paper, as 0.1 + 0.2 and 0.3, are equal, and
// a front has no point that another one beats but for rounding. Where there are too many digits for that, weights are as they are
// written, and sums are those of float64.
type Score struct {
	units  float64 // in 1; 0 stands for 1
	offset float64
	of     map[string]map[string]float64 // by decision and option; what is not there is 0
}

// ScoreFormat is the format of score files that this version reads.
const ScoreFormat = 1

// Of returns the share of a step in the score, in units: of the fixed step the offset, of any other the number of its option. It is a
// weight for [Region.Best], [Region.Front] and the folds, whose sums [Score.Value] takes.
func (s Score) Of(step Step) float64 {
	if step.Fixed {
		return s.offset
	}
	return s.of[step.Decision][step.Option]
}

// Value returns the score that a sum of weights means.
func (s Score) Value(sum float64) float64 {
	if s.units == 0 {
		return sum
	}
	return sum / s.units
}

// Warm returns the weights whose [Region.Gibbs] is the Gibbs distribution of the score at a temperature above 0: an architecture has a
// probability proportional to exp(score/temperature). The offset, which all architectures share, is left out.
func (s Score) Warm(temperature float64) func(Step) float64 {
	return func(step Step) float64 {
		if step.Fixed {
			return 0
		}
		return s.Value(s.Of(step)) / temperature
	}
}

// Scores are at most this far from 0, so that no sum along a path overflows or loses what distinguishes it.
const maxScore = 1e9

// OpenScore reads the score file at path; see [ParseScore].
func OpenScore(path string, l *Lattice) (Score, error) {
	text, err := readFile(path, "score file")
	if err != nil {
		return Score{}, err
	}
	return ParseScore(path, text, l)
}

// readFile reads a file of some kind, or says why not.
func readFile(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s %s", kind, path)
	}
	if info, e := os.Stat(path); e == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, want a %s", path, kind)
	}
	if err != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", kind, err)
	}
	return text, nil
}

// ParseScore reads a score file, which docs/formats/score-file.md describes, for the space of a lattice. file is its name in errors.
// A decision or an option that the space does not have is a mistake with its place and the nearest that it has.
func ParseScore(file string, text []byte, l *Lattice) (Score, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-score", "offset", "scores")
	if v := m.Need("trellis-score"); v.Int(ScoreFormat, 1, math.MaxInt32) != ScoreFormat {
		v.Fail("this score file has format %s, and this trellis reads format %d", v.Text(""), ScoreFormat)
	}
	s := Score{offset: m.Get("offset").Float(0, -maxScore, maxScore), of: l.readRules(m.Need("scores").AnyMap(), maxScore)}
	if err := doc.Err(); err != nil {
		return Score{}, err
	}
	return s.exact(), nil
}

// readRules reads a mapping from rules to numbers of options, from −most to most, and returns the number that each option of each decision gets.
func (l *Lattice) readRules(entries strict.Map, most float64) map[string]map[string]float64 {
	var rules []scoreRule
	for _, name := range entries.Keys() {
		r := scoreRule{name: name, decisions: l.named(name)}
		if len(r.decisions) == 0 {
			l.blameRule(entries.KeyValue(name), name)
			return nil
		}
		r.read(entries.Get(name), most)
		rules = append(rules, r)
	}
	slices.SortStableFunc(rules, scoreRule.compare)
	of := map[string]map[string]float64{}
	for _, r := range rules {
		r.apply(of)
	}
	return of
}

// scoreRule scores options of all decisions that a name or the end of names means.
type scoreRule struct {
	name      string
	decisions []Decision
	options   []string
	scores    []float64
}

// named returns the decisions that a rule is about: those of this name or, after a star, those whose name ends so.
func (l *Lattice) named(rule string) []Decision {
	var out []Decision
	for _, d := range l.decisions {
		if meant(rule, d.Name) {
			out = append(out, d)
		}
	}
	return out
}

// blameRule says of a rule that is about no decision which rules there could be.
func (l *Lattice) blameRule(at strict.Value, rule string) {
	end, star := strings.CutPrefix(rule, "*")
	var names []string
	for _, d := range l.decisions {
		name := d.Name
		if star {
			name = "*" + name[max(0, strings.LastIndexByte(name, '.')):]
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case star:
		at.Fail("no decision of space %q has a name that ends in %q; %s", l.space.Name(), end, nearest.Advice(rule, names))
	case strings.Contains(rule, "*"):
		at.Fail("a star stands at the beginning of a rule and nowhere else: %q", rule)
	default:
		at.Fail("space %q has no decision %q; %s", l.space.Name(), rule, nearest.Advice(rule, names))
	}
}

// read reads the scores of options.
func (r *scoreRule) read(v strict.Value, most float64) {
	var labels []string
	for _, d := range r.decisions {
		for _, o := range d.Options {
			if !slices.Contains(labels, o) {
				labels = append(labels, o)
			}
		}
	}
	m := v.AnyMap()
	for _, option := range m.Keys() {
		score := m.Get(option)
		switch {
		case !slices.Contains(labels, option) && len(r.decisions) == 1:
			m.KeyValue(option).Fail("decision %q has no option %q; %s", r.name, option, nearest.Advice(option, labels))
		case !slices.Contains(labels, option):
			m.KeyValue(option).Fail("no decision that %q is about has an option %q; %s", r.name, option, nearest.Advice(option, labels))
		case !score.Given():
			m.KeyValue(option).Fail("option %q has no score", option)
		}
		r.options = append(r.options, option)
		r.scores = append(r.scores, score.Float(0, -most, most))
	}
}

// compare puts what is more specific behind: ends of names by their length, then whole names.
func (r scoreRule) compare(other scoreRule) int {
	whole := func(r scoreRule) int {
		if strings.HasPrefix(r.name, "*") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(whole(r), whole(other)), cmp.Compare(len(r.name), len(other.name)))
}

// apply writes the scores of the rule over those of less specific ones.
func (r scoreRule) apply(of map[string]map[string]float64) {
	for _, d := range r.decisions {
		if of[d.Name] == nil {
			of[d.Name] = map[string]float64{}
		}
		for i, option := range r.options {
			if slices.Contains(d.Options, option) {
				of[d.Name][option] = r.scores[i]
			}
		}
	}
}

// exact returns the score in units in which all of its numbers are whole, if no sum of them is too great to be exact.
func (s Score) exact() Score {
	digits, most := decimals(s.offset), math.Abs(s.offset)
	for _, scores := range s.of {
		greatest := 0.0
		for _, v := range scores {
			digits, greatest = max(digits, decimals(v)), max(greatest, math.Abs(v))
		}
		most += greatest
	}
	units := math.Pow10(digits)
	const wholeUpTo = 1 << 52
	if most*units > wholeUpTo {
		return s
	}
	out := Score{units: units, offset: math.Round(s.offset * units), of: map[string]map[string]float64{}}
	for decision, scores := range s.of {
		out.of[decision] = map[string]float64{}
		for option, v := range scores {
			out.of[decision][option] = math.Round(v * units)
		}
	}
	return out
}

// decimals returns how many digits behind the point a number is written with.
func decimals(v float64) int {
	_, behind, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return len(behind)
}

// Score returns the additive score of an architecture, or an error if it is not of the space.
func (l *Lattice) Score(a space.Arch, s Score) (float64, error) {
	sum := s.offset
	err := l.follow(a, func(item int32, at int) { sum += s.Of(l.step(item, int32(at))) })
	return s.Value(sum), err
}
