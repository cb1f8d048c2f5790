package data

import (
	"fmt"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// typeface is one of the Go fonts (Bigelow and Holmes, 2016).
type typeface struct {
	name string
	ttf  []byte
}

// The typefaces are those of two families, Go (sans serif) and Go Mono (narrow, with slab serifs), each light and bold,
// upright and slanted. Training gets one diagonal of that square, light upright and bold slanted; of the other one,
// validation and test get a corner each in each family. So nobody has seen the outlines of a held-out typeface before,
// and validation, being as far from training as the test is, foretells it.
//
// Families are not held out whole: where training knows only letters without serifs, a T with slabs is rightly read as an
// I. Go Medium and Go Smallcaps are not used, because they lie so close to the faces beside them (about half the
// distance between light and bold) that holding those out would be for show.

func trainFaces() []typeface {
	return []typeface{{"Go Regular", goregular.TTF}, {"Go Bold Italic", gobolditalic.TTF}, {"Go Mono", gomono.TTF}, {"Go Mono Bold Italic", gomonobolditalic.TTF}}
}

func validationFaces() []typeface {
	return []typeface{{"Go Bold", gobold.TTF}, {"Go Mono Italic", gomonoitalic.TTF}}
}

func testFaces() []typeface {
	return []typeface{{"Go Italic", goitalic.TTF}, {"Go Mono Bold", gomonobold.TTF}}
}

// alphabet is the outlines of one typeface, by label.
type alphabet []outline

// readAlphabets takes the characters out of each typeface.
func readAlphabets(faces []typeface, characters []rune) ([]alphabet, error) {
	alphabets := make([]alphabet, len(faces))
	for i, face := range faces {
		f, err := sfnt.Parse(face.ttf)
		if err == nil {
			alphabets[i], err = readAlphabet(f, characters)
		}
		if err != nil {
			return nil, fmt.Errorf("typeface %s: %w", face.name, err)
		}
	}
	return alphabets, nil
}

func readAlphabet(f *sfnt.Font, characters []rune) (alphabet, error) {
	var buffer sfnt.Buffer
	capital, err := height(f, &buffer, 'H')
	if err != nil {
		return nil, err
	}
	letters := make(alphabet, len(characters))
	for i, character := range characters {
		if letters[i], err = readOutline(f, &buffer, character, capital); err != nil {
			return nil, err
		}
	}
	return letters, nil
}
