package spec

import (
	"strconv"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/train"
)

var evaluationKeys = []string{"epochs", "batch", "optimiser", "learning_rate", "momentum", "weight_decay", "schedule",
	"warmup", "label_smoothing", "clip_norm", "patience", "augment"}

func readEvaluation(v strict.Value) train.Settings {
	s := overlay(v.Map(evaluationKeys...), train.Settings{})
	check(v, s)
	return s
}

// overlay returns the settings with the keys that are given replaced. A different optimiser forgets the rate, momentum and
// decay that were written for the first one.
func overlay(m strict.Map, s train.Settings) train.Settings {
	if at := m.Get("optimiser"); at.Given() {
		o := train.Optimiser(at.Word("", string(train.SGD), string(train.AdamW)))
		if o != s.Defaulted().Optimiser {
			s.LearningRate, s.Momentum, s.WeightDecay = 0, train.Number{}, train.Number{}
		}
		s.Optimiser = o
	}
	if at := m.Get("schedule"); at.Given() {
		s.Schedule = train.Schedule(at.Word("", string(train.Constant), string(train.Cosine), string(train.OneCycle)))
	}
	whole := func(key string, least, most int64, to *int) {
		if at := m.Get(key); at.Given() {
			*to = int(at.Int(0, least, most))
		}
	}
	whole("epochs", 1, 10_000, &s.Epochs)
	whole("batch", 2, 4_096, &s.Batch)
	whole("patience", 0, 10_000, &s.Patience)
	number := func(key string, to *train.Number, most float64) {
		if at := m.Get(key); at.Given() {
			*to = train.Exactly(at.Float(0, 0, most))
		}
	}
	number("momentum", &s.Momentum, 1)
	number("weight_decay", &s.WeightDecay, 1)
	number("warmup", &s.Warmup, 1)
	real := func(key string, to *float64, most float64) {
		if at := m.Get(key); at.Given() {
			*to = at.Float(0, 0, most)
		}
	}
	real("learning_rate", &s.LearningRate, 1e6)
	if at := m.Get("learning_rate"); at.Given() && s.LearningRate == 0 {
		at.Fail("learning_rate is %s, want a number above 0", at.Text(""))
	}
	real("label_smoothing", &s.LabelSmoothing, 1)
	real("clip_norm", &s.ClipNorm, 1e9)
	if at := m.Get("augment"); at.Given() {
		s.Augment = readAugment(at)
	}
	return s
}

// check reports what only the settings as a whole can tell, such as a momentum for an optimiser that has none.
func check(v strict.Value, s train.Settings) {
	if err := s.Check(); err != nil {
		v.Fail("%v", err)
	}
}

// readAugment reads a list of `crop`, `flip`, `cutout`, each plain or with its size as `crop: 2`.
func readAugment(v strict.Value) []data.Augment {
	out := []data.Augment{}
	for _, item := range v.List() {
		name, size := item, strict.Value{}
		if item.IsMap() {
			m := item.Map("crop", "flip", "cutout")
			if len(m.Keys()) != 1 {
				item.Fail("each augmentation stands on a line of its own")
				return nil
			}
			name, size = m.KeyValue(m.Keys()[0]), m.Get(m.Keys()[0])
		}
		switch name.Word("", "crop", "flip", "cutout") {
		case "crop":
			out = append(out, data.Crop{Padding: int(size.Int(2, 1, 64))})
		case "flip":
			if size.Given() {
				size.Fail("flip takes no size")
			}
			out = append(out, data.Flip{})
		case "cutout":
			out = append(out, data.Cutout{Size: int(size.Int(8, 1, 256))})
		}
	}
	return out
}

func readFinalists(v, evaluation strict.Value, search train.Settings) Finalists {
	m := v.Map(append([]string{"count", "choose", "repeats"}, evaluationKeys...)...)
	f := Finalists{
		Count:    int(m.Get("count").Int(3, 0, 1000)),
		Spread:   m.Get("choose").Word("best", "best", "spread") == "spread",
		Repeats:  int(m.Get("repeats").Int(1, 1, 100)),
		Settings: overlay(m, search),
	}
	if !m.Get("epochs").Given() {
		f.Settings.Epochs = longer * search.Defaulted().Epochs
	}
	if at := v; at.Given() {
		check(at, f.Settings)
	} else {
		check(evaluation, f.Settings)
	}
	if most := search.Defaulted().Epochs; f.Settings.Epochs < most {
		m.Get("epochs").Fail("finalists train for %d epochs, fewer than the %s of the search", f.Settings.Epochs, strconv.Itoa(most))
	}
	return f
}

// longer is how much longer than a candidate a finalist is trained where the file does not say.
const longer = 4
