package predict

// distanceRow measures the distances of one point to all candidates.
type distanceRow interface {
	measure(x *Point, row []float32)
}

// newRow returns the fastest one for a view.
func newRow(v KernelView, candidates []*Point) distanceRow {
	if h, ok := v.(interface{ counts(*Point) []Count }); ok {
		return newPostings(h.counts, candidates)
	}
	return plainRow{v, candidates}
}

type plainRow struct {
	view       KernelView
	candidates []*Point
}

func (r plainRow) measure(x *Point, row []float32) {
	for i, c := range r.candidates {
		row[i] = float32(r.view.Distance(c, x))
	}
}

// postings lists for every feature the candidates that have it, so that a row costs what the features of x are shared, and not all
// features of all candidates: |a−b| = a + b − 2·min(a, b).
type postings struct {
	counts func(*Point) []Count
	have   map[uint64][]posting
	totals []float32
}

type posting struct {
	candidate int32
	log       float32
}

func newPostings(counts func(*Point) []Count, candidates []*Point) *postings {
	p := &postings{counts: counts, have: map[uint64][]posting{}, totals: make([]float32, len(candidates))}
	for i, c := range candidates {
		for _, f := range counts(c) {
			p.have[f.Feature] = append(p.have[f.Feature], posting{int32(i), float32(f.Log)})
			p.totals[i] += float32(f.Log)
		}
	}
	return p
}

func (p *postings) measure(x *Point, row []float32) {
	var total float32
	clear(row)
	for _, f := range p.counts(x) {
		log := float32(f.Log)
		total += log
		for _, have := range p.have[f.Feature] {
			row[have.candidate] += min(log, have.log)
		}
	}
	for i, shared := range row {
		row[i] = max(0, total+p.totals[i]-2*shared)
	}
}
