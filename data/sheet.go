package data

import (
	"image"
	"image/color"
	"image/draw"
)

// ContactSheet returns a picture for people: a row a class, with the first images of each side by side, and a gap of one
// pixel between them. Missing images leave the gap's colour.
func ContactSheet(v View, columns int) image.Image {
	s := v.Shape()
	lists := v.byClass()
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(s.W+1)+1, len(lists)*(s.H+1)+1))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{96}), image.Point{}, draw.Src)
	for row, list := range lists {
		for column, position := range list[:min(columns, len(list))] {
			pixels := v.set.Image(int(position))
			for y := range s.H {
				for x := range s.W {
					at := (y*s.W + x) * s.C
					sheet.Set(column*(s.W+1)+1+x, row*(s.H+1)+1+y, colourOf(pixels[at:at+s.C]))
				}
			}
		}
	}
	return sheet
}

func colourOf(pixel []uint8) color.Color {
	if len(pixel) < 3 {
		return color.Gray{pixel[0]}
	}
	return color.RGBA{pixel[0], pixel[1], pixel[2], 255}
}
