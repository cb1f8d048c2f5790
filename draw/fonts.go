package draw

import (
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
)

const boldWeight = xfont.WeightBold

// fonts returns a fresh set of the fonts that are part of the program.
func fonts() *font.Cache { return font.NewCache(liberation.Collection()) }
