package space

import "github.com/trellis-nas/trellis/internal/strict"

func (r *reader) ofa(name string) (*Space, error) {
	o := OFAOptions{
		Name: name, Dropout: r.share("dropout"), Multiplier: r.get("multiplier").Float(0, 0.1, 8),
		Depth: r.wholeList(r.get("depth"), "depth"), Kernel: r.wholeList(r.get("kernel"), "kernel"), Expand: r.realList(r.get("expand"), "expand"),
	}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return OFA(o) })
}

func (r *reader) darts(name string) (*Space, error) {
	o := DARTSOptions{Name: name, Channels: r.given("channels"), Cells: r.given("cells"), Nodes: r.given("nodes"), Stem: r.given("stem")}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return DARTS(o) })
}

func (r *reader) enas(name string) (*Space, error) {
	o := ENASOptions{Name: name, Channels: r.given("channels"), Layers: r.given("layers"), Dropout: r.share("dropout")}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return ENASMacro(o) })
}

func (r *reader) resNet(name string) (*Space, error) {
	o := ResNetOptions{
		Name: name, Stem: r.given("stem"), StemKernel: r.given("stem_kernel"), StemStride: r.given("stem_stride"), Pool: r.get("pool").Bool(false),
		Block: r.wordList(r.get("block"), "block"), Ratio: r.get("ratio").Float(0, 1.0/64, 1), Dropout: r.share("dropout"),
	}
	o.Input, o.Classes = r.inputAndClasses()
	o.Stages = stagesOf(r, func(v strict.Value, at string) ResNetStage {
		m := v.Map("width", "depth", "stride", "block")
		m.Need("width")
		return ResNetStage{
			Width: r.wholeList(m.Get("width"), at+".width"), Depth: r.wholeList(m.Get("depth"), at+".depth"), Stride: r.stride(m, at),
			Block: r.wordList(m.Get("block"), at+".block"),
		}
	})
	return r.make(func() (*Space, error) { return ResNet(o) })
}

func (r *reader) efficientNet(name string) (*Space, error) {
	o := EfficientNetOptions{
		Name: name, Stem: r.given("stem"), StemStride: r.given("stem_stride"), Op: r.wordList(r.get("op"), "op"),
		Kernel: r.wholeList(r.get("kernel"), "kernel"), Expand: r.realList(r.get("expand"), "expand"), SE: r.realList(r.get("se"), "se"),
		Act: r.get("act").Word("", actWords...), Dropout: r.share("dropout"),
	}
	o.Input, o.Classes = r.inputAndClasses()
	if v := r.get("width"); v.Given() {
		o.Width = whole(v)
	}
	o.Stages = stagesOf(r, func(v strict.Value, at string) EfficientNetStage {
		m := v.Map("width", "depth", "stride", "op", "kernel", "expand", "se")
		m.Need("width")
		return EfficientNetStage{
			Width: r.wholeList(m.Get("width"), at+".width"), Depth: r.wholeList(m.Get("depth"), at+".depth"), Stride: r.stride(m, at),
			Op: r.wordList(m.Get("op"), at+".op"), Kernel: r.wholeList(m.Get("kernel"), at+".kernel"),
			Expand: r.realList(m.Get("expand"), at+".expand"), SE: r.realList(m.Get("se"), at+".se"),
		}
	})
	return r.make(func() (*Space, error) { return EfficientNetStages(o) })
}

// stagesOf reads the list of stages, nil if it is not given.
func stagesOf[S any](r *reader, read func(v strict.Value, at string) S) []S {
	v := r.get("stages")
	if !v.Given() {
		return nil
	}
	stages := []S{}
	for i, e := range v.List() {
		at := indexed("stages", i)
		r.mark(nil, at, e)
		stages = append(stages, read(e, at))
	}
	return stages
}
