package data

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// canvas is a square grey picture that shapes are painted on. Grey levels are integers of 1/256 of a step, so that the
// result is the same on every processor.
type canvas struct {
	size   int
	level  []int32
	z      *vector.Rasterizer
	mask   *image.Alpha
	window image.Rectangle
}

func newCanvas(size int) *canvas {
	window := image.Rect(0, 0, size, size)
	return &canvas{size: size, level: make([]int32, size*size), z: vector.NewRasterizer(size, size), mask: image.NewAlpha(window), window: window}
}

// ground fills the canvas with a level that rises by the slopes from one side to the other, level 0…255 in its middle.
func (c *canvas) ground(level, slopeX, slopeY int) {
	for y := range c.size {
		for x := range c.size {
			across := slopeX*(2*x-c.size) + slopeY*(2*y-c.size)
			c.level[y*c.size+x] = int32(level*256 + across*128/c.size)
		}
	}
}

// paint fills the polygons, given in pixels, with a grey level; opacity 256 covers what was there.
func (c *canvas) paint(shape outline, level, opacity int) {
	c.z.Reset(c.size, c.size)
	c.z.DrawOp = draw.Src
	for _, ring := range shape {
		for i, p := range ring {
			// In steps of 1/64 pixel the rasteriser's arithmetic is exact.
			x, y := float32(math.Round(p.x*64)/64), float32(math.Round(p.y*64)/64)
			if i == 0 {
				c.z.MoveTo(x, y)
			} else {
				c.z.LineTo(x, y)
			}
		}
		c.z.ClosePath()
	}
	c.z.Draw(c.mask, c.window, image.Opaque, image.Point{})
	for i, cover := range c.mask.Pix {
		if cover != 0 {
			c.level[i] += (int32(level)*256 - c.level[i]) * int32(cover) / 255 * int32(opacity) / 256
		}
	}
}

// develop adds noise of the given standard deviation in grey levels and writes the pixels.
func (c *canvas) develop(dst []uint8, sigma int, r *rand.Rand) {
	var bits uint64
	for i, level := range c.level {
		if i%2 == 0 {
			bits = r.Uint64()
		}
		// Four bytes summed are close to normal (Irwin–Hall): mean 510, standard deviation 147.8.
		sum := int32(bits&255 + bits>>8&255 + bits>>16&255 + bits>>24&255)
		bits >>= 32
		level += (sum - 510) * int32(sigma) * 256 / 148
		dst[i] = uint8(max(0, min(255, (level+128)>>8)))
	}
}
