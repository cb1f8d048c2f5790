package spec

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/store"
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
	f.spaceText, f.kept, f.known, f.begun = started.SpaceFile, started.Files, started.Known, true
	return f, nil
}

var studyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// Parse reads the text of a study file. path names it in errors, and what the file refers to (its data, its space) is
// looked for relative to path's folder. The first mistake is the error.
func Parse(path string, text []byte) (*File, error) {
	doc := strict.Parse(path, text)
	m := doc.Root().Map("trellis", "name", "seed", "data", "space", "costs", "objectives", "limits", "room", "constraints", "strategy",
		"warm", "evaluation", "budget", "parallel", "finalists", "baselines", "price")
	f := &File{Text: string(text), path: path, doc: doc}
	if v := m.Need("trellis"); v.Int(Format, 1, math.MaxInt32) != Format {
		v.Fail("this study file has format %s, and this trellis reads format %d", v.Text(""), Format)
	}
	name := m.Need("name")
	if f.Name = name.Text(""); name.Given() && !studyName.MatchString(f.Name) {
		name.Fail("name %q must be 1 to 64 letters, digits, - and _, and begin with a letter or digit", f.Name)
	}
	f.Seed = uint64(m.Get("seed").Int(1, 0, math.MaxInt64))
	f.Data = readData(m.Need("data"))
	f.space = m.Need("space")
	f.costFiles = m.Get("costs").List()
	f.Objectives, f.wanted, f.Targets = readObjectives(m.Get("objectives"))
	limits := readLimits(m.Get("limits"))
	f.Room = readRoom(m.Get("room"))
	f.Limits, f.Constraints = readConstraints(m.Get("constraints"))
	f.Limits = append(f.Limits, limits...)
	f.Strategy = readStrategy(m.Get("strategy"))
	f.warm = m.Get("warm").Map("from").Get("from").List()
	f.training = [2]strict.Value{m.Get("evaluation"), m.Get("finalists")}
	f.Evaluation = readEvaluation(m.Get("evaluation"))
	f.Budget = readBudget(m.Need("budget"))
	f.Window = int(m.Get("parallel").Int(2, 1, 1024))
	f.Finalists = readFinalists(m.Get("finalists"), m.Get("evaluation"), f.Evaluation)
	f.Baselines = readBaselines(m.Get("baselines"))
	f.Price = readPrice(m.Get("price"))
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

func readBudget(v strict.Value) Budget {
	m := v.Map("trials", "epochs", "macs", "wall_time")
	b := Budget{
		Trials: int(m.Get("trials").Int(0, 1, 10_000_000)),
		Epochs: m.Get("epochs").Int(0, 1, math.MaxInt64),
		MACs:   m.Get("macs").Int(0, 1, math.MaxInt64),
		Wall:   m.Get("wall_time").Duration(0),
	}
	if v.Given() && b == (Budget{}) {
		v.Fail("the budget has no limit: give at least one of trials, epochs, macs, wall_time")
	}
	return b
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

func readPrice(v strict.Value) trial.Price {
	m := v.Map("cpu_hour", "gpu_hour", "currency")
	return trial.Price{
		CPUHour:  m.Get("cpu_hour").Float(0, 0, 1e9),
		GPUHour:  m.Get("gpu_hour").Float(0, 0, 1e9),
		Currency: m.Get("currency").Text(""),
	}
}
