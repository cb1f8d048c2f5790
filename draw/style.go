package draw

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

const bold = xfont.WeightBold

// fonts returns a fresh set of the fonts that are part of the program.
func fonts() *font.Cache { return font.NewCache(liberation.Collection()) }

func sans(size vg.Length, weight xfont.Weight) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size}
}

// textStyle is left-aligned text on its baseline.
func textStyle(size vg.Length, c color.Color, weight xfont.Weight) text.Style {
	return text.Style{
		Color: c, Font: sans(size, weight), XAlign: text.XLeft, YAlign: text.YBottom,
		Handler: text.Plain{Fonts: fonts()},
	}
}

// restyled keeps the alignment and rotation of a style.
func restyled(s text.Style, size vg.Length, c color.Color) text.Style {
	t := textStyle(size, c, 0)
	t.XAlign, t.YAlign, t.Rotation = s.XAlign, s.YAlign, s.Rotation
	return t
}

var (
	textColor  = color.NRGBA{0x30, 0x30, 0x30, 0xff}
	faintColor = color.NRGBA{0x70, 0x70, 0x70, 0xff}
	axisColor  = color.NRGBA{0x80, 0x80, 0x80, 0xff}
	gridColor  = color.NRGBA{0xe6, 0xe6, 0xe6, 0xff}
	dotColor   = color.NRGBA{0x90, 0x90, 0x90, 0xb0}
)

// palette is that of Okabe & Ito (2008), which people of every colour vision can tell apart, without its yellow, which
// white paper swallows.
var palette = [...]color.NRGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermillion
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0x40, 0x40, 0x40, 0xff}, // near black
}

// hue returns the colour of a series, and its dashes: past the end of the palette the colours come again dashed.
func hue(i int) (color.NRGBA, []vg.Length) {
	patterns := [][]vg.Length{nil, {5, 3}, {1.5, 2.5}}
	return palette[i%len(palette)], patterns[i/len(palette)%len(patterns)]
}
