package lattice

// cursor searches a sorted list from where it last was: O(log d) for a remaining budget d positions away, and one look in a dense list.
type cursor struct {
	in *index
	at int
}

func (f *cursor) find(p remaining) (int, bool) {
	if f.in.dense() {
		return f.in.look(p)
	}
	of := f.in.list
	n := len(of)
	if n == 0 {
		return 0, false
	}
	lo, hi := f.at, f.at
	if of[lo] < p {
		for step := 1; hi < n && of[hi] < p; step *= 2 {
			lo, hi = hi+1, hi+step
		}
		hi = min(hi, n)
	} else {
		for step := 1; lo >= 0 && of[lo] >= p; step *= 2 {
			lo, hi = lo-step, lo
		}
		lo = max(lo+1, 0)
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if of[mid] < p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	f.at = min(lo, n-1)
	return lo, lo < n && of[lo] == p
}
