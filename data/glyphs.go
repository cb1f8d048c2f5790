package data

import "github.com/trellis-nas/trellis/internal/stream"

// openGlyphs renders the three parts, each with typefaces of its own: who has only seen the training part meets the
// shapes of the other two for the first time.
func openGlyphs(o GlyphOptions) (*Dataset, error) {
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	train, err := renderGlyphs(o, "train", o.Train, trainFaces())
	if err != nil {
		return nil, err
	}
	validation, err := renderGlyphs(o, "validation", o.Validation, validationFaces())
	if err != nil {
		return nil, err
	}
	test, err := renderGlyphs(o, "test", o.Test, testFaces())
	if err != nil {
		return nil, err
	}
	return newDataset(Glyphs, train, validation, test)
}

// renderGlyphs draws n images, the classes in turn. Image i depends on (seed, part, i) and the other settings alone, so a
// smaller part is the beginning of a larger one.
func renderGlyphs(o GlyphOptions, part string, n int, faces []typeface) (*Set, error) {
	characters := o.Classes.characters()
	alphabets, err := readAlphabets(faces, characters)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(characters))
	for i, character := range characters {
		names[i] = string(character)
	}
	shape := Shape{o.Size, o.Size, 1}
	pixels, labels := make([]uint8, n*shape.Len()), make([]uint16, n)
	s := &scene{o: o, alphabets: alphabets, canvas: newCanvas(o.Size)}
	for i := range n {
		r := stream.New(o.Seed, "glyphs "+part, uint64(i))
		label := i % len(characters)
		s.draw(pixels[i*shape.Len():(i+1)*shape.Len()], r.IntN(len(faces)), label, r)
		labels[i] = uint16(label)
	}
	return NewSet(shape, names, pixels, labels)
}
