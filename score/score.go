package score

import (
	"math"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
)

// Format is the format of score files that this version reads.
const Format = 1

// maxScore is how far from 0 a number may be, so that no sum along a path overflows or loses what distinguishes it.
const maxScore = 1e9

// Open reads the score file at path; see [Parse].
func Open(path string, l *lattice.Lattice) (lattice.Score, error) {
	text, err := files.Read(path, "score file")
	if err != nil {
		return lattice.Score{}, err
	}
	return Parse(path, text, l)
}

// Parse reads a score file, which docs/formats/score-file.md describes, for the space of a lattice. file is its name in errors. A
// decision, an option or a counter that the space does not have is a mistake with its place and the nearest that it has. A score of
// pairs or counters needs the lattice that [lattice.Lattice.ForScore] returns.
func Parse(file string, text []byte, l *lattice.Lattice) (lattice.Score, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-score", "offset", "scores", "pairs", "counters")
	if v := m.Need("trellis-score"); v.Int(Format, 1, math.MaxInt32) != Format {
		v.Fail("this score file has format %s, and this trellis reads format %d", v.Text(""), Format)
	}
	if !m.Get("pairs").Given() && !m.Get("counters").Given() {
		m.Need("scores")
	}
	terms := lattice.ScoreTerms{
		Offset: m.Get("offset").Float(0, -maxScore, maxScore), Options: readRules(l, m.Get("scores").AnyMap(), maxScore),
		Pairs: readPairs(l, m.Get("pairs").AnyMap()), Counters: readCounters(l, m.Get("counters").AnyMap()),
	}
	if err := doc.Err(); err != nil {
		return lattice.Score{}, err
	}
	s, err := l.NewScore(terms)
	if err != nil {
		m.KeyValue("trellis-score").Fail("%v", err)
	}
	return s, doc.Err()
}
