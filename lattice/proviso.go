package lattice

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A tensor that may be read later, over a skip connection, say, or is not, takes memory until then only if it is. When a layer has run, what
// there was left beside it becomes a proviso on the tensors of which that is not known: those of them that are read later after all must
// have had room. So nothing has to be guessed, and every architecture remains one path.

// proviso demands that those tensors of a set that are still to be read have at most so many bytes together.
type proviso struct {
	of   set
	room int64
}

// provisos returns a list by its number. Number 0 is the empty one.
func (c *compiler) provisosOf(number int32) []proviso {
	if number == 0 {
		return nil
	}
	return c.demands[number-1]
}

// noted returns the number of a list of provisos in normal form.
func (c *compiler) noted(list []proviso) int32 {
	if len(list) == 0 {
		return 0
	}
	var key []byte
	for _, p := range list {
		key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(p.of)), uint64(p.room))
	}
	n, ok := c.demanded[string(key)]
	if !ok {
		c.demands = append(c.demands, list)
		n = int32(len(c.demands))
		c.demanded[string(key)] = n
	}
	return n
}

// demand settles provisos: of the tensors of which nothing was known those that are surely read have to have their room, and only those
// that may still be read are left. It reports false if there is not the room.
func (c *compiler) demand(number int32, surely, perhaps set, k *kept) (int32, bool) {
	list := c.provisosOf(number)
	if !slices.ContainsFunc(list, func(p proviso) bool { return p.of&(surely|^perhaps) != 0 }) {
		return number, true
	}
	out := make([]proviso, len(list))
	for i, p := range list {
		if p.room -= k.bytes(p.of & surely); p.room < 0 {
			return 0, false
		}
		out[i] = proviso{p.of & perhaps &^ surely, p.room}
	}
	return c.noted(normal(out, k)), true
}

// needs adds the proviso of a moment at which so many bytes are alive, and those of others only if they are read later.
func (c *compiler) needs(number int32, alive int64, others set, k *kept) (int32, bool) {
	room, all := c.memory-alive, k.bytes(others)
	if room < 0 {
		c.over = min(c.over, alive)
		return 0, false
	}
	if all <= room {
		c.under = max(c.under, alive+all)
		return number, true
	}
	c.under = max(c.under, alive+k.usable(proviso{others, room}))
	c.over = min(c.over, alive+all-k.usable(proviso{others, all - room - 1}))
	list := append(slices.Clone(c.provisosOf(number)), proviso{others, room})
	return c.noted(normal(list, k)), true
}

// normal returns the provisos that mean the same: none that is always met or follows from another, no room that cannot be used up, and the
// tensors that must not be read in one proviso of their own.
func normal(list []proviso, k *kept) []proviso {
	var barred set
	for again := true; again; {
		again = false
		for i := range list {
			p := &list[i]
			p.of &^= barred
			for rest := p.of; rest != 0; {
				var n int8
				n, rest = rest.first()
				if k.sizes[n] > p.room {
					barred |= only(n)
					again = true
				}
			}
			p.of &^= barred
		}
	}
	var kept []proviso
	for _, p := range list {
		if k.bytes(p.of) > p.room {
			p.room = k.usable(p)
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b proviso) int { return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.room, b.room)) })
	kept = slices.Compact(kept)
	out := make([]proviso, 0, len(kept)+1)
	for i, p := range kept {
		if !slices.ContainsFunc(kept, func(q proviso) bool { return q != p && k.follows(p, q) }) {
			out = append(out, kept[i])
		}
	}
	if barred != 0 {
		out = append(out, proviso{barred, 0})
	}
	return out
}

// follows reports whether p is met wherever q is.
func (k *kept) follows(p, q proviso) bool { return q.room+k.bytes(p.of&^q.of) <= p.room }

// mostSums bounds the sums that usable looks at.
const mostSums = 1 << 10

// usable returns the most of the room of a proviso that some of its tensors take together, or the room where there are too many sums. Where every
// size divides the next larger one, as a rule, that is to take the largest that fits, again and again.
func (k *kept) usable(p proviso) int64 {
	var sizes [maxKept]int64
	of := sizes[:0]
	for rest := p.of; rest != 0; {
		var n int8
		n, rest = rest.first()
		of = append(of, k.sizes[n])
	}
	slices.Sort(of)
	left, divide := p.room, true
	for i := len(of) - 1; i >= 0; i-- {
		if of[i] <= left {
			left -= of[i]
		}
		divide = divide && (i == 0 || of[i]%of[i-1] == 0)
	}
	if divide || left == 0 {
		return p.room - left
	}
	sums := []int64{0}
	for _, size := range of {
		for _, s := range sums {
			if s += size; s <= p.room {
				sums = append(sums, s)
			}
		}
		slices.Sort(sums)
		if sums = slices.Compact(sums); len(sums) > mostSums {
			return p.room
		}
	}
	return sums[len(sums)-1]
}
