package lattice

import (
	"math"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/strict"
)

// ScoreFormat is the format of score files that this version reads.
const ScoreFormat = 1

// Scores are at most this far from 0, so that no sum along a path overflows or loses what distinguishes it.
const maxScore = 1e9

// OpenScore reads the score file at path; see [ParseScore].
func OpenScore(path string, l *Lattice) (Score, error) {
	text, err := files.Read(path, "score file")
	if err != nil {
		return Score{}, err
	}
	return ParseScore(path, text, l)
}

// ParseScore reads a score file, which docs/formats/score-file.md describes, for the space of a lattice. file is its name in errors.
// A decision, an option or a counter that the space does not have is a mistake with its place and the nearest that it has. A score of
// pairs or counters is asked of the lattice that [Lattice.Knowing] returns.
func ParseScore(file string, text []byte, l *Lattice) (Score, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-score", "offset", "scores", "pairs", "counters")
	if v := m.Need("trellis-score"); v.Int(ScoreFormat, 1, math.MaxInt32) != ScoreFormat {
		v.Fail("this score file has format %s, and this trellis reads format %d", v.Text(""), ScoreFormat)
	}
	if !m.Get("pairs").Given() && !m.Get("counters").Given() {
		m.Need("scores")
	}
	s := Score{
		offset: m.Get("offset").Float(0, -maxScore, maxScore), of: l.readRules(m.Get("scores").AnyMap(), maxScore),
		pairs: l.readPairs(m.Get("pairs").AnyMap()), counters: l.readCounters(m.Get("counters").AnyMap()),
	}
	if err := doc.Err(); err != nil {
		return Score{}, err
	}
	if tallies, recalls := s.needs(); len(tallies)+len(recalls) > maxKnown {
		m.KeyValue("trellis-score").Fail("a score has at most %d pairs and counters, and this one has %d", maxKnown, len(tallies)+len(recalls))
	}
	return s.exact(), doc.Err()
}
