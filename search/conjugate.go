package search

// conjugate solves times(x) = b for a positive semi-definite map by conjugate gradients (Hestenes & Stiefel, 1952), to a thousandth of b or
// as far as mostProducts lead. What b has outside the range of the map is left out.
func conjugate(b []float64, times func([]float64) []float64) []float64 {
	const mostProducts, enough = 20, 1e-6
	x, rest, way := make([]float64, len(b)), scaled(b, 1), scaled(b, 1)
	left := dot(rest, rest)
	until := enough * left
	for range mostProducts {
		if left <= until {
			break
		}
		product := times(way)
		curvature := dot(way, product)
		if !(curvature > 0) {
			break
		}
		length := left / curvature
		for k := range x {
			x[k] += length * way[k]
			rest[k] -= length * product[k]
		}
		before := left
		left = dot(rest, rest)
		for k := range way {
			way[k] = rest[k] + left/before*way[k]
		}
	}
	return x
}
