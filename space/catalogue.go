package space

// BuiltIn is a built-in space as a user meets it: by name in a space file or on the command line.
type BuiltIn struct {
	Name    string
	Help    string // what it is, in a line
	Options []BuiltInOption
	read    func(r *reader, name string) (*Space, error)
}

// BuiltInOption is an option of a built-in space: a key of a space file. What it may be is checked by the same data.
type BuiltInOption struct {
	Name    string
	Kind    string // as "whole number", "number", "word", "true or false", "list of whole numbers"
	Default string // as it is written or, where it depends on others, in words; empty for none
	Range   string // as "1 to 4096" or "sequential, skip or dense"; empty where it is not a matter of a few words
	Help    string // what it is, in a line
	Fields  []BuiltInOption
}

// Catalogue returns the built-in spaces, sorted by name.
func Catalogue() []BuiltIn {
	return []BuiltIn{
		builtIn("stages of layers, each with one of the same operations, connected in sequence, by free skips or densely", (*ChainOptions).schema, Chain),
		builtIn("DARTS: a normal and a reduction cell, decided once and stacked (Liu et al. 2019)", (*DARTSOptions).schema, DARTS),
		builtIn("stages of equal blocks with free operation, width and depth, as MnasNet and EfficientNet (Tan & Le 2019)", (*EfficientNetOptions).schema, EfficientNetStages),
		builtIn("the macro space of ENAS: layers with free operations and skips (Pham et al. 2018)", (*ENASOptions).schema, ENASMacro),
		builtIn("stages of inverted residuals, each block with a free kernel, expansion and more, as MobileNetV3", (*MobileOptions).schema, Mobile),
		builtIn("NAS-Bench-Macro: eight layers with three operations (Su et al. 2021)", (*NBMacroOptions).schema, NBMacro),
		builtIn("NAS-Bench-201: a cell of six edges with five operations (Dong & Yang 2020)", (*NB201Options).schema, NB201),
		builtIn("Once-for-All with the blocks of MobileNetV3 (Cai et al. 2020)", (*OFAOptions).schema, OFA),
		builtIn("residual networks with free kind of block, width and depth of each stage (He et al. 2016)", (*ResNetOptions).schema, ResNet),
	}
}

// BuiltIns returns the names of the built-in spaces, sorted.
func BuiltIns() []string {
	var names []string
	for _, b := range Catalogue() {
		names = append(names, b.Name)
	}
	return names
}

// builtIn returns the entry of a built-in space, whose options are the fields of O.
func builtIn[O any](help string, schemaOf func(*O) schema, build func(O) (*Space, error)) BuiltIn {
	var zero O
	s := schemaOf(&zero)
	return BuiltIn{
		Name: s.defaultName, Help: help, Options: s.described(),
		read: func(r *reader, name string) (*Space, error) {
			var o O
			s := schemaOf(&o)
			*s.name = name
			s.read(r)
			return r.make(func() (*Space, error) { return build(o) })
		},
	}
}

// keys returns the keys that a space file with the built-in space may have.
func (b BuiltIn) keys() []string {
	keys := []string{"use"}
	for _, o := range b.Options {
		keys = append(keys, o.Name)
	}
	return keys
}

// fieldKeys returns the keys of the mappings that an option is, or is a list of.
func fieldKeys(fields []BuiltInOption) []string {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.Name)
	}
	return keys
}
