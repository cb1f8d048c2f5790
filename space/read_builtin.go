package space

import (
	"math"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// builtIn is a built-in space as space files know it.
type builtIn struct {
	name string
	keys []string
	read func(name string) (*Space, error)
}

// BuiltIns returns the names of the built-in spaces, sorted.
func BuiltIns() []string {
	return []string{"chain", "darts", "efficientnet-stages", "enas-macro", "mobile", "nb-macro", "nb201", "ofa-mbv3", "resnet"}
}

// builtIns returns the built-in spaces with what reads their options from r.
func (r *reader) builtIns() []builtIn {
	common := func(keys ...string) []string { return append([]string{"use", "name", "input", "classes"}, keys...) }
	return []builtIn{
		{"chain", common("stem", "stem_stride", "stages", "operations", "define", "connect", "width", "dropout"), r.chain},
		{"darts", common("channels", "cells", "nodes", "stem"), r.darts},
		{"efficientnet-stages", common("stem", "stem_stride", "stages", "op", "kernel", "expand", "se", "act", "width", "dropout"), r.efficientNet},
		{"enas-macro", common("channels", "layers", "dropout"), r.enas},
		{"mobile", common("stem", "stem_stride", "stages", "kernel", "expand", "se", "act", "gate", "decide", "width", "dropout"), r.mobile},
		{"nb-macro", common("channels", "layers", "width"), r.nbMacro},
		{"nb201", common("channels", "cells"), r.nb201},
		{"ofa-mbv3", common("multiplier", "depth", "kernel", "expand", "dropout"), r.ofa},
		{"resnet", common("stem", "stem_kernel", "stem_stride", "pool", "stages", "block", "ratio", "dropout"), r.resNet},
	}
}

// inputAndClasses reads what all built-in spaces have; zero values are defaults.
func (r *reader) inputAndClasses() (network.Shape, int) {
	return r.shape(r.get("input")), r.given("classes")
}

// given reads a top-level number that must not be 0 where it is given, because 0 stands for the default.
func (r *reader) given(key string) int { return positive(r.get(key)) }

func positive(v strict.Value) int {
	if !v.Given() {
		return 0
	}
	return int(v.Int(1, 1, maxChoice))
}

func (r *reader) share(key string) float64 { return r.get(key).Float(0, 0, maxDropout) }

func (r *reader) nb201(name string) (*Space, error) {
	o := NB201Options{Name: name, Channels: r.given("channels"), Cells: r.given("cells")}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return NB201(o) })
}

func (r *reader) nbMacro(name string) (*Space, error) {
	o := NBMacroOptions{Name: name, Channels: r.given("channels"), Width: r.given("width")}
	o.Input, o.Classes = r.inputAndClasses()
	if v := r.get("layers"); v.Given() {
		o.Layers = r.wholes(v, nil, "layers")
	}
	return r.make(func() (*Space, error) { return NBMacro(o) })
}

// make makes a space unless the text has a mistake already.
func (r *reader) make(space func() (*Space, error)) (*Space, error) {
	if r.told() != nil {
		return nil, nil
	}
	return space()
}

func (r *reader) chain(name string) (*Space, error) {
	o := ChainOptions{Name: name, Stem: r.given("stem"), StemStride: r.given("stem_stride"), Dropout: r.share("dropout")}
	o.Input, o.Classes = r.inputAndClasses()
	if v := r.get("width"); v.Given() {
		o.Width = whole(v)
	}
	o.Connect = Connect(r.get("connect").Word("", string(Sequential), string(SkipConnected), string(DenseConnected)))
	if v := r.get("stages"); v.Given() {
		o.Stages = []ChainStage{}
		for i, e := range v.List() {
			at := indexed("stages", i)
			r.mark(nil, at, e)
			m := e.Map("layers", "width", "stride")
			o.Stages = append(o.Stages, ChainStage{
				Layers: r.stageWhole(m.Need("layers"), at+".layers"),
				Width:  r.stageWhole(m.Need("width"), at+".width"),
				Stride: r.stride(m, at),
			})
		}
	}
	if v := r.get("operations"); v.Given() {
		o.Operations = append([]Option{}, r.options(v, nil, "operations")...)
	}
	return r.make(func() (*Space, error) { return Chain(o) })
}

func (r *reader) stageWhole(v strict.Value, at string) int {
	r.mark(nil, at, v)
	return whole(v)
}

func (r *reader) stride(m strict.Map, at string) int {
	v := m.Get("stride")
	if !v.Given() {
		return 0
	}
	r.mark(nil, at+".stride", v)
	return positive(v)
}

func (r *reader) mobile(name string) (*Space, error) {
	o := MobileOptions{
		Name: name, Stem: r.given("stem"), StemStride: r.given("stem_stride"),
		Kernel: r.wholeList(r.get("kernel"), "kernel"), Expand: r.realList(r.get("expand"), "expand"),
		SE: r.realList(r.get("se"), "se"), Act: r.wordList(r.get("act"), "act"),
		Gate:    r.get("gate").Word("", "sigmoid", "hsigmoid"),
		Dropout: r.share("dropout"),
	}
	o.Input, o.Classes = r.inputAndClasses()
	if v := r.get("width"); v.Given() {
		o.Width = whole(v)
	}
	if v := r.get("decide"); v.Given() {
		m := v.Map("kernel", "expand", "se", "act")
		level := func(key string) Level {
			return Level(m.Get(key).Word("", string(PerBlock), string(PerStage), string(PerNetwork)))
		}
		o.Decide = MobileLevels{Kernel: level("kernel"), Expand: level("expand"), SE: level("se"), Act: level("act")}
	}
	o.Stages = stagesOf(r, r.mobileStage)
	return r.make(func() (*Space, error) { return Mobile(o) })
}

func (r *reader) mobileStage(v strict.Value, at string) MobileStage {
	m := v.Map("width", "depth", "stride", "kernel", "expand", "se", "act")
	m.Need("width")
	return MobileStage{
		Width: r.wholeList(m.Get("width"), at+".width"), Depth: r.wholeList(m.Get("depth"), at+".depth"), Stride: r.stride(m, at),
		Kernel: r.wholeList(m.Get("kernel"), at+".kernel"), Expand: r.realList(m.Get("expand"), at+".expand"),
		SE: r.realList(m.Get("se"), at+".se"), Act: r.wordList(m.Get("act"), at+".act"),
	}
}

// listOf reads one value or a list of them, nil if it is not given.
func listOf[T any](r *reader, v strict.Value, at string, read func(strict.Value) T) []T {
	if !v.Given() {
		return nil
	}
	r.mark(nil, at, v)
	out := []T{}
	for i, e := range oneOrMany(v) {
		r.mark(nil, indexed(at, i), e)
		out = append(out, read(e))
	}
	return out
}

func (r *reader) wholeList(v strict.Value, at string) []int { return listOf(r, v, at, whole) }

func (r *reader) realList(v strict.Value, at string) []float64 {
	return listOf(r, v, at, func(e strict.Value) float64 {
		if !e.Given() {
			e.Fail("a number is missing here")
		}
		return e.Float(0, -math.MaxFloat32, math.MaxFloat32)
	})
}

func (r *reader) wordList(v strict.Value, at string) []string {
	return listOf(r, v, at, func(e strict.Value) string { return e.Text("") })
}
