package data

import (
	"fmt"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/gofont/gosmallcaps"
	"golang.org/x/image/font/gofont/gosmallcapsitalic"
	"golang.org/x/image/font/sfnt"
)

// typeface is one of the Go fonts (Bigelow and Holmes, 2016).
type typeface struct {
	name      string
	ttf       []byte
	smallCaps bool // capitals are taken from its small capitals: its large ones are those of Go Regular
}

// The Go fonts are three families: Go (sans serif), Go Smallcaps, and Go Mono (narrow, with slab serifs). Each part gets
// whole typefaces of its own. Of a family that is held out, a part gets a weight and slant that no training face of that
// family has, so its outlines are drawings that training never saw. Families cannot be held out whole: where only sans
// serifs were trained on, a T with slabs is rightly read as an I. Go Medium and Go Medium Italic are not used: they lie so
// close to the weights beside them that a held-out face would be one in name only.

func trainFaces() []typeface {
	return []typeface{
		{"Go Regular", goregular.TTF, false},
		{"Go Bold Italic", gobolditalic.TTF, false},
		{"Go Smallcaps", gosmallcaps.TTF, true},
		{"Go Smallcaps Italic", gosmallcapsitalic.TTF, true},
		{"Go Mono", gomono.TTF, false},
		{"Go Mono Bold Italic", gomonobolditalic.TTF, false},
	}
}

// validationFaces and testFaces are alike on purpose, a sans serif and a slab serif, a bold and a slanted one each, so that
// validation foretells the test.
func validationFaces() []typeface {
	return []typeface{{"Go Bold", gobold.TTF, false}, {"Go Mono Italic", gomonoitalic.TTF, false}}
}

func testFaces() []typeface {
	return []typeface{{"Go Italic", goitalic.TTF, false}, {"Go Mono Bold", gomonobold.TTF, false}}
}

// alphabet is the outlines of one typeface, by label; nil for a character that it does not have.
type alphabet []outline

// readAlphabets takes the characters out of each typeface.
func readAlphabets(faces []typeface, characters []rune) ([]alphabet, error) {
	alphabets := make([]alphabet, len(faces))
	for i, face := range faces {
		f, err := sfnt.Parse(face.ttf)
		if err == nil {
			alphabets[i], err = readAlphabet(f, face.smallCaps, characters)
		}
		if err != nil {
			return nil, fmt.Errorf("typeface %s: %w", face.name, err)
		}
	}
	return alphabets, nil
}

func readAlphabet(f *sfnt.Font, smallCaps bool, characters []rune) (alphabet, error) {
	var buffer sfnt.Buffer
	letters := make(alphabet, len(characters))
	for i, character := range characters {
		source, tall := character, 'H'
		if smallCaps && unicode.IsLower(character) {
			continue
		}
		if smallCaps && unicode.IsUpper(character) {
			source, tall = unicode.ToLower(character), 'h'
		}
		capital, err := height(f, &buffer, tall)
		if err != nil {
			return nil, err
		}
		if letters[i], err = readOutline(f, &buffer, source, capital); err != nil {
			return nil, err
		}
	}
	return letters, nil
}
