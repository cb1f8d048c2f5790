package search

// references returns reference points that are spread evenly over the unit simplex of so many objectives (Das & Dennis,
// "Normal-boundary intersection", 1998): all vectors of multiples of 1/divisions that add up to 1, with as many divisions as
// give at most so many points, and one division at least.
func references(objectives, most int) [][]float64 {
	divisions := 1
	for lattices(objectives, divisions+1) <= most && objectives > 1 {
		divisions++
	}
	var all [][]float64
	point := make([]int, objectives)
	var fill func(at, left int)
	fill = func(at, left int) {
		if at == objectives-1 {
			point[at] = left
			v := make([]float64, objectives)
			for i, k := range point {
				v[i] = float64(k) / float64(divisions)
			}
			all = append(all, v)
			return
		}
		for k := 0; k <= left; k++ {
			point[at] = k
			fill(at+1, left-k)
		}
	}
	fill(0, divisions)
	return all
}

// lattices returns the number of vectors of so many whole numbers that add up to sum: sum+n−1 over n−1.
func lattices(n, sum int) int {
	count := 1
	for i := 1; i < n; i++ {
		count = count * (sum + i) / i
	}
	return count
}
