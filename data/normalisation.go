package data

import "math"

// Normalisation maps a pixel p of channel c, in 0…255, to (p/255 − Mean[c]) / Std[c]. Its zero value maps to p/255.
type Normalisation struct{ Mean, Std []float64 }

// Stats returns the mean and the (population) standard deviation of p/255 over all pixels of the view, by channel. They
// are summed in integers, so the order of the images makes no difference. A channel that never changes has Std 0 here;
// a batch leaves it unscaled.
func (v View) Stats() Normalisation {
	if v.Len() == 0 {
		return Normalisation{}
	}
	channels := v.Shape().C
	histograms := make([][256]int64, channels)
	for i := range v.index {
		image := v.Image(i)
		if channels == 1 {
			for _, p := range image {
				histograms[0][p]++
			}
			continue
		}
		for c := range channels {
			h := &histograms[c]
			for at := c; at < len(image); at += channels {
				h[image[at]]++
			}
		}
	}
	n := Normalisation{Mean: make([]float64, channels), Std: make([]float64, channels)}
	pixels := float64(v.Len()) * float64(v.Shape().H*v.Shape().W)
	for c, h := range histograms {
		var sum, squares int64
		for p, count := range h {
			sum += int64(p) * count
			squares += int64(p*p) * count
		}
		mean := float64(sum) / pixels
		variance := max(0, float64(squares)/pixels-mean*mean)
		n.Mean[c], n.Std[c] = mean/255, math.Sqrt(variance)/255
	}
	return n
}

// table returns the normalised value of every byte, one table a channel.
func (n Normalisation) table(channels int) [][256]float32 {
	tables := make([][256]float32, channels)
	for c := range tables {
		mean, std := 0.0, 1.0
		if len(n.Mean) > 0 {
			mean = n.Mean[c]
		}
		if len(n.Std) > 0 && n.Std[c] > 0 {
			std = n.Std[c]
		}
		for p := range tables[c] {
			tables[c][p] = float32((float64(p)/255 - mean) / std)
		}
	}
	return tables
}
