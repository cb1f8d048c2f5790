package lattice

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A tensor that may be read later, over a skip connection, say, takes memory until then only if it is read. Whether it is may be decided
// after the layers in between have run. So each of them leaves a deferred constraint on such tensors: those that are read later after all must
// have fitted beside it. Nothing has to be guessed, and every architecture remains one path. With a limit of 100 bytes,
//
//	layer A gives a, of 30 bytes; layer B gives b, of 20; a later decision may read a again, another b
//	layer C runs with 60 bytes alive: constraint {a, b} ≤ 40 bytes
//	the decision on a takes the skip: 30 of the 40 bytes are used, constraint {b} ≤ 10
//	the option that reads b too does not fit: the step is left out

// deferredConstraint says that those tensors of a set that are still to be read have at most so many bytes together.
type deferredConstraint struct {
	of    set
	bytes int64
}

// constraintsOf returns a list of constraints by its number. Number 0 is the empty one.
func (c *compiler) constraintsOf(number int32) []deferredConstraint {
	if number == 0 {
		return nil
	}
	return c.constraints[number-1]
}

// intern returns the number of a list of deferred constraints in normal form.
func (c *compiler) intern(list []deferredConstraint) int32 {
	if len(list) == 0 {
		return 0
	}
	var key []byte
	for _, p := range list {
		key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(p.of)), uint64(p.bytes))
	}
	n, ok := c.constraintNumbers[string(key)]
	if !ok {
		c.constraints = append(c.constraints, list)
		n = int32(len(c.constraints))
		c.constraintNumbers[string(key)] = n
	}
	return n
}

// settle applies what has been decided to a list: tensors that are surely read are subtracted from the bytes of its constraints, and only
// those that may still be read are left in them. It reports false if a constraint is broken.
func (c *compiler) settle(number int32, surely, perhaps set, k *liveTensors) (int32, bool) {
	list := c.constraintsOf(number)
	if !slices.ContainsFunc(list, func(p deferredConstraint) bool { return p.of&(surely|^perhaps) != 0 }) {
		return number, true
	}
	out := make([]deferredConstraint, len(list))
	for i, p := range list {
		if p.bytes -= k.bytes(p.of & surely); p.bytes < 0 {
			return 0, false
		}
		out[i] = deferredConstraint{p.of & perhaps &^ surely, p.bytes}
	}
	return c.intern(normal(out, k)), true
}

// require adds the deferred constraint of a moment at which so many bytes are alive, and those of others only if they are read later.
func (c *compiler) require(number int32, alive int64, others set, k *liveTensors) (int32, bool) {
	left, all := c.peakLimit-alive, k.bytes(others)
	if left < 0 {
		c.over = min(c.over, alive)
		return 0, false
	}
	if all <= left {
		c.under = max(c.under, alive+all)
		return number, true
	}
	c.under = max(c.under, alive+k.usable(deferredConstraint{others, left}))
	c.over = min(c.over, alive+all-k.usable(deferredConstraint{others, all - left - 1}))
	list := append(slices.Clone(c.constraintsOf(number)), deferredConstraint{others, left})
	return c.intern(normal(list, k)), true
}

// normal returns the deferred constraints that mean the same: none that is always met or follows from another, no bytes that cannot be used up, and the
// tensors that must not be read in one deferred constraint of their own.
func normal(list []deferredConstraint, k *liveTensors) []deferredConstraint {
	var barred set
	for again := true; again; {
		again = false
		for i := range list {
			p := &list[i]
			p.of &^= barred
			for rest := p.of; rest != 0; {
				var n int8
				n, rest = rest.first()
				if k.sizes[n] > p.bytes {
					barred |= only(n)
					again = true
				}
			}
			p.of &^= barred
		}
	}
	var kept []deferredConstraint
	for _, p := range list {
		if k.bytes(p.of) > p.bytes {
			p.bytes = k.usable(p)
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b deferredConstraint) int {
		return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.bytes, b.bytes))
	})
	kept = slices.Compact(kept)
	out := make([]deferredConstraint, 0, len(kept)+1)
	for i, p := range kept {
		if !slices.ContainsFunc(kept, func(q deferredConstraint) bool { return q != p && k.follows(p, q) }) {
			out = append(out, kept[i])
		}
	}
	if barred != 0 {
		out = append(out, deferredConstraint{barred, 0})
	}
	return out
}

// follows reports whether p is met wherever q is.
func (k *liveTensors) follows(p, q deferredConstraint) bool {
	return q.bytes+k.bytes(p.of&^q.of) <= p.bytes
}

// mostSums bounds the sums that usable looks at.
const mostSums = 1 << 10

// usable returns the most of the bytes of a constraint that some of its tensors take together, or its bytes where there are too many sums. Where every
// size divides the next larger one, as a rule, that is to take the largest that fits, again and again.
func (k *liveTensors) usable(p deferredConstraint) int64 {
	var sizes [maxLive]int64
	of := sizes[:0]
	for rest := p.of; rest != 0; {
		var n int8
		n, rest = rest.first()
		of = append(of, k.sizes[n])
	}
	slices.Sort(of)
	left, divide := p.bytes, true
	for i := len(of) - 1; i >= 0; i-- {
		if of[i] <= left {
			left -= of[i]
		}
		divide = divide && (i == 0 || of[i]%of[i-1] == 0)
	}
	if divide || left == 0 {
		return p.bytes - left
	}
	sums := []int64{0}
	for _, size := range of {
		for _, s := range sums {
			if s += size; s <= p.bytes {
				sums = append(sums, s)
			}
		}
		slices.Sort(sums)
		if sums = slices.Compact(sums); len(sums) > mostSums {
			return p.bytes
		}
	}
	return sums[len(sums)-1]
}
