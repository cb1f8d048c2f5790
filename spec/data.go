package spec

import (
	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

func readData(v strict.Value) Data {
	kinds := make([]string, 0, 8)
	for _, e := range data.List() {
		kinds = append(kinds, string(e.Kind))
	}
	keys := []string{"kind", "path", "train", "validation", "coarse", "height", "width", "channels",
		"classes", "size", "test", "distortion", "clutter", "noise", "seed"}
	if v.Given() && !v.IsMap() && !v.IsList() {
		word := v.Text("")
		v.Fail("data is %q, want a mapping such as {kind: %s}", word, nearest.Word(word, kinds))
	}
	m := v.Map(keys...)
	d := Data{Kind: data.Kind(m.Need("kind").Word("", kinds...)), at: v}
	only := func(kind data.Kind, names ...string) {
		for _, name := range names {
			if d.Kind != kind && d.Kind != "" && m.Get(name).Given() {
				m.KeyValue(name).Fail("%s belongs to data of kind %s, and this is %s", name, kind, d.Kind)
			}
		}
	}
	only(data.Glyphs, "classes", "size", "test", "distortion", "clutter", "noise", "seed")
	only(data.CIFAR100, "coarse")
	only(data.Folder, "height", "width", "channels")
	if d.Kind == data.Glyphs {
		if m.Get("path").Given() {
			m.KeyValue("path").Fail("glyphs are made on the spot and have no path")
		}
		d.Options = data.Options{Kind: d.Kind, Glyphs: readGlyphs(m)}
		return d
	}
	d.folder = m.Get("path")
	d.Path = d.folder.Text("")
	d.Train = int(m.Get("train").Int(0, 1, 1<<31-1))
	d.Validation = int(m.Get("validation").Int(0, 1, 1<<31-1))
	d.Options = data.Options{
		Kind:   d.Kind,
		Coarse: m.Get("coarse").Bool(false),
		Resize: data.Shape{
			H: int(m.Get("height").Int(0, 1, 1024)),
			W: int(m.Get("width").Int(0, 1, 1024)),
			C: int(m.Get("channels").Int(0, 1, 3)),
		},
	}
	return d
}

func readGlyphs(m strict.Map) data.GlyphOptions {
	level := func(key string) data.Level {
		return data.Level(m.Get(key).Word("", string(data.None), string(data.Low), string(data.Medium), string(data.High)))
	}
	const most = 1_000_000
	return data.GlyphOptions{
		Classes: data.GlyphClasses(m.Get("classes").Word("", string(data.Digits), string(data.Letters),
			string(data.Alphanumeric), string(data.Mixed))),
		Size:       int(m.Get("size").Int(0, 16, 64)),
		Train:      int(m.Get("train").Int(0, 1, most)),
		Validation: int(m.Get("validation").Int(0, 1, most)),
		Test:       int(m.Get("test").Int(0, 1, most)),
		Distortion: level("distortion"),
		Clutter:    level("clutter"),
		Noise:      level("noise"),
		Seed:       uint64(m.Get("seed").Int(0, 0, 1<<62)),
	}
}
