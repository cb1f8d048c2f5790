package spec

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// Open reads the study file at path. A file that cannot be read is an error that names it.
func Open(path string) (*File, error) {
	text, err := files.Read(path, "study file")
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// Reopen reads the study file that a journal began with. path is where the file was; it names it in errors, and the data
// is looked for relative to it, as in Parse. A space file that the study refers to is the one in the journal, whatever has
// become of the file since.
func Reopen(path string, started store.StudyStarted) (*File, error) {
	f, err := Parse(path, []byte(started.Study))
	if err != nil {
		return nil, err
	}
	f.spaceText, f.kept, f.prior, f.begun = started.SpaceFile, started.Files, started.Prior, true
	return f, nil
}

var studyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// Parse reads the text of a study file. path names it in errors, and what the file refers to (its data, its space) is
// looked for relative to path's folder. The first mistake is the error.
func Parse(path string, text []byte) (*File, error) {
	doc := strict.Parse(path, text)
	m := doc.Root().Map("trellis", "name", "seed", "data", "space", "costs", "objectives", "limits", "memory_limit", "constraints", "strategy",
		"fidelity", "stages", "warm_start", "evaluation", "budget", "parallel", "finalists", "baselines", "rates")
	f := &File{Text: string(text), path: path, doc: doc}
	if v := m.Need("trellis"); v.Int(Format, 1, math.MaxInt32) != Format {
		v.Fail("this study file has format %s, and this trellis reads format %d", v.Text(""), Format)
	}
	name := m.Need("name")
	if f.Name = name.Text(""); name.Given() && !studyName.MatchString(f.Name) {
		name.Fail("name %q must be 1 to 64 letters, digits, - and _, and begin with a letter or digit", f.Name)
	}
	f.Seed = uint64(m.Get("seed").Int(1, 0, math.MaxInt64))
	f.evaluation, f.finalists = m.Get("evaluation"), m.Get("finalists")
	f.readEvaluation(f.evaluation)
	if err := doc.Err(); err != nil && f.Evaluation == nil {
		return nil, err
	}
	switch at := m.Get("data"); {
	case f.needsData:
		f.Data = readData(m.Need("data"))
	case at.Given():
		m.KeyValue("data").Fail("data is for evaluation of kind %s; evaluation of kind %s brings its own", train.Kind, f.Evaluation.Kind())
	}
	f.space = m.Get("space")
	if f.Evaluation.Kind() != bench.Kind {
		f.space = m.Need("space")
	} else if f.space.Given() {
		m.KeyValue("space").Fail("the space is that of the table; leave it out")
	}
	f.costFiles = m.Get("costs").List()
	f.readObjectives(m.Get("objectives"))
	limits := readLimits(m.Get("limits"))
	f.MemoryLimit = readMemoryLimit(m.Get("memory_limit"))
	f.readConstraints(m.Get("constraints"))
	f.Limits = append(f.Limits, limits...)
	f.readStages(m)
	f.warm = m.Get("warm_start").Map("from").Get("from").List()
	f.Window = int(m.Get("parallel").Int(2, 1, 1024))
	f.readFinalists(f.finalists)
	f.Baselines = readBaselines(m.Get("baselines"))
	if len(f.Baselines) > 0 && f.Evaluation.Kind() == bench.Kind {
		m.KeyValue("baselines").Fail("a table knows the networks of its space only, so there are no baselines")
	}
	f.Rates = readRates(m.Get("rates"))
	if len(f.costFiles) == 0 { // otherwise the cost files say which metrics there are
		if err := f.check(nil); err != nil {
			return nil, err
		}
	}
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// check reports objectives and limits on costs that there are not; tables are the metrics of cost files.
func (f *File) check(tables []string) error {
	if err := f.doc.Err(); err != nil {
		return err
	}
	if err := f.checkObjectives(tables); err != nil {
		return err
	}
	return f.checkLimits(tables)
}

func (f *File) readFinalists(v strict.Value) {
	m := v.Map(append([]string{"count", "choose", "repeats"}, f.Evaluation.keys()...)...)
	f.Finalists = Finalists{
		Count:      int(m.Get("count").Int(3, 0, 1000)),
		Spread:     m.Get("choose").Word("best", "best", "spread") == "spread",
		Repeats:    int(m.Get("repeats").Int(1, 1, 100)),
		Evaluation: f.Evaluation.longer(f, m),
	}
}

func readBaselines(v strict.Value) []Baseline {
	var out []Baseline
	for _, item := range v.List() {
		b := Baseline{Name: item.Text(""), at: item}
		name, _, _ := strings.Cut(b.Name, "@") // "mobilenetv2-small@0.25" has a quarter of the width; Plan checks the number
		if known := network.NamedNetworks(); !slices.Contains(known, name) {
			item.Fail("baseline %q is unknown; %s", b.Name, nearest.Advice(name, known))
		}
		for _, before := range out {
			if before.Name == b.Name {
				item.Fail("baseline %q is listed twice", b.Name)
			}
		}
		out = append(out, b)
	}
	return out
}

func readRates(v strict.Value) trial.Rates {
	m := v.Map("cpu_hour", "gpu_hour", "currency")
	return trial.Rates{
		CPUHour:  m.Get("cpu_hour").Float(0, 0, 1e9),
		GPUHour:  m.Get("gpu_hour").Float(0, 0, 1e9),
		Currency: m.Get("currency").Text(""),
	}
}
