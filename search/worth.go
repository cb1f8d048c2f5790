package search

// worth is what a strategy that follows one number goes by: to break constraints less comes first, then the first objective, as it
// decides wherever one number has to.
type worth struct {
	violation float64
	value     float64 // minimised
}

func (m member) worth() worth { return worth{m.violation, m.vector[0]} }

// over reports whether a is better than b; equal ones are not.
func (a worth) over(b worth) bool {
	if a.violation != b.violation {
		return a.violation < b.violation
	}
	return a.value < b.value
}
