package lattice

// PairScore scores every decision that For names together with the last one before it that Rule names, by their options. Both are rules,
// as in [RememberedOption].
type PairScore struct {
	Rule, For string
	Of        map[[2]string]float64 // by the earlier option and the later one; what is not there is 0
}

// pairScore is a PairScore of a space.
type pairScore struct {
	PairScore
	steps int // of the later decisions an architecture meets at most so many
}

// remembered is what a step of a later decision reads.
func (p pairScore) remembered() RememberedOption { return RememberedOption{p.Rule, p.For} }

// ofStep is the share of a step: that of a pair whose later decision it is.
func (p pairScore) ofStep(s Step) float64 {
	if !meant(p.For, s.Decision) {
		return 0
	}
	return p.Of[[2]string{s.Last(p.Rule).Option, s.Option}]
}

// MaxPairs returns how many decisions that a rule names an architecture meets, at most, behind one that an earlier rule names: how
// often a [PairScore] of the two counts.
func (l *Lattice) MaxPairs(earlier, later string) int {
	const never = -1
	met := make([]int, len(l.decisionOf)) // from the first that earlier names on
	for item := range met {
		met[item] = never
	}
	for item := l.root(); item > end; item-- {
		name := l.decisions[l.decisionOf[item]].Name
		behind := met[item]
		if behind >= 0 && meant(later, name) {
			behind++
		}
		if behind == never && meant(earlier, name) {
			behind = 0
		}
		for _, s := range l.after(item) {
			met[s.next] = max(met[s.next], behind)
		}
	}
	return max(0, met[end])
}
