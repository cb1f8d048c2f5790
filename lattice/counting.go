package lattice

// Counting returns the lattice with the depth or a counter as a metric of its own, for those who ask for its cost often: [Lattice.Cost] counts
// without it too, but begins anew with each architecture. A metric that the lattice has is left as it is; a counter of nothing is an error,
// and so is one for which there is no room (see [Lattice.Priced]).
func (l *Lattice) Counting(m Metric) (*Lattice, error) {
	out, _, err := l.having(m)
	return out, err
}
