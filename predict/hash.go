package predict

import "hash/fnv"

// mix combines two hashes into one that depends on their order (the finaliser of MurmurHash3, Appleby 2011, over a linear step).
func mix(a, b uint64) uint64 {
	h := a*0x9e3779b97f4a7c15 + b + 0x632be59bd9b4e019
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func hashText(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
