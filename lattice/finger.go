package lattice

// finger searches a sorted slice from where it last was: O(log d) for a purse d positions away.
type finger struct {
	of []purse
	at int
}

func (f *finger) find(p purse) (int, bool) {
	n := len(f.of)
	if n == 0 {
		return 0, false
	}
	lo, hi := f.at, f.at
	if f.of[lo] < p {
		for step := 1; hi < n && f.of[hi] < p; step *= 2 {
			lo, hi = hi+1, hi+step
		}
		hi = min(hi, n)
	} else {
		for step := 1; lo >= 0 && f.of[lo] >= p; step *= 2 {
			lo, hi = lo-step, lo
		}
		lo = max(lo+1, 0)
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if f.of[mid] < p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	f.at = min(lo, n-1)
	return lo, lo < n && f.of[lo] == p
}
