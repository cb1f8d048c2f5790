package bench

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// description is a table file as it was read: what the columns of the CSV files mean.
type description struct {
	path       string
	doc        *strict.Doc
	name       string
	about      string
	file       strict.Value
	joins      []join
	space      *space.Space
	key        key
	objectives trial.Objectives
	metrics    []metric
	seconds    metric
}

// join is a further CSV file whose rows belong to those of the first with the same text in a column.
type join struct{ file, on strict.Value }

// metric says which columns a metric comes from.
type metric struct {
	name             string
	feedback, report []strict.Value // names of columns; without report the feedback is reported
	scale            float64        // every value is multiplied by it
}

// key says how a row names its architecture: by its text in one column, or decision by decision.
type key struct {
	column    strict.Value
	decisions []decisionKey
}

// decisionKey is the column of a decision, and the labels of the options that its values stand for, where they differ.
type decisionKey struct {
	name   string
	at     strict.Value // of the entry, for mistakes
	column strict.Value
	labels map[string]string
}

// Open reads the table that the description at path is of. The CSV files it names are looked for in folder, or beside the description
// if folder is empty. A mistake in the description is an error of one sentence with file, line and column; so is one in a CSV
// file.
func Open(path, folder string) (*Table, error) {
	text, err := files.Read(path, "table file")
	if err != nil {
		return nil, err
	}
	return Read(path, text, folder)
}

// SpaceOf returns the space of the table whose description is given, without reading its CSV files.
func SpaceOf(path string, text []byte) (*space.Space, error) {
	d, err := describe(path, text)
	if err != nil {
		return nil, err
	}
	return d.space, nil
}

// Read is Open for a description that is read already; path names it in errors, and CSV files are looked for beside it if folder is empty.
func Read(path string, text []byte, folder string) (*Table, error) {
	d, err := describe(path, text)
	if err != nil {
		return nil, err
	}
	if folder == "" {
		folder = filepath.Dir(path)
	}
	return d.load(folder)
}

// describe reads the text of a description. The first mistake is the error.
func describe(path string, text []byte) (*description, error) {
	doc := strict.Parse(path, text)
	m := doc.Root().Map("table", "name", "about", "file", "join", "space", "key", "objectives", "metrics", "seconds")
	if v := m.Need("table"); v.Int(Format, 1, math.MaxInt32) != Format {
		v.Fail("this table file has format %s, and this trellis reads format %d", v.Text(""), Format)
	}
	d := &description{path: path, doc: doc, about: m.Get("about").Text(""), file: m.Need("file")}
	if d.name = m.Need("name").Text(""); strings.ContainsAny(d.name, " /\\") {
		m.Get("name").Fail("name %q holds a space or a slash", d.name)
	}
	d.file.Text("")
	for _, item := range m.Get("join").List() {
		j := item.Map("file", "on")
		d.joins = append(d.joins, join{j.Need("file"), j.Need("on")})
	}
	d.metrics = readMetrics(m.Need("metrics"))
	d.objectives = readObjectives(m.Need("objectives"), d.metrics)
	if v := m.Get("seconds"); v.Given() {
		d.seconds = readMetric("seconds", v)
	}
	d.key = readKey(m.Need("key"))
	at := m.Need("space")
	if err := doc.Err(); err != nil {
		return nil, err
	}
	if err := d.openSpace(at); err != nil {
		return nil, err
	}
	return d, nil
}

func readMetrics(v strict.Value) (all []metric) {
	m := v.AnyMap()
	for _, name := range m.Keys() {
		all = append(all, readMetric(name, m.Get(name)))
	}
	return all
}

// readMetric reads `COLUMN`, or a mapping of feedback, report and scale.
func readMetric(name string, v strict.Value) metric {
	if !v.IsMap() {
		v.Text("")
		return metric{name: name, feedback: []strict.Value{v}, scale: 1}
	}
	m := v.Map("feedback", "report", "scale")
	return metric{
		name:     name,
		feedback: oneOrMore(m.Need("feedback")),
		report:   oneOrMore(m.Get("report")),
		scale:    m.Get("scale").Float(1, 1e-12, 1e12),
	}
}

// oneOrMore reads a word or a list of words.
func oneOrMore(v strict.Value) []strict.Value {
	if !v.Given() {
		return nil
	}
	if !v.IsList() {
		v.Text("")
		return []strict.Value{v}
	}
	all := v.List()
	if len(all) == 0 {
		v.Fail("the list is empty: name at least one column")
	}
	for _, item := range all {
		item.Text("")
	}
	return all
}

func readObjectives(v strict.Value, metrics []metric) (out trial.Objectives) {
	names := make([]string, len(metrics))
	for i, m := range metrics {
		names[i] = m.name
	}
	for _, item := range v.List() {
		m := item.Map("maximise", "minimise")
		if len(m.Keys()) != 1 {
			item.Fail("an objective is either `maximise: METRIC` or `minimise: METRIC`")
			return nil
		}
		direction := m.Keys()[0]
		at := m.Get(direction)
		o := trial.Objective{Metric: at.Word("", names...), Maximise: direction == "maximise"}
		if slices.ContainsFunc(out, func(before trial.Objective) bool { return before.Metric == o.Metric }) {
			at.Fail("%s is an objective twice", o.Metric)
		}
		out = append(out, o)
	}
	if v.Given() && len(out) == 0 {
		v.Fail("objectives is an empty list: name at least one, such as `- maximise: accuracy`")
	}
	return out
}

func readKey(v strict.Value) (k key) {
	if !v.IsMap() {
		v.Text("")
		k.column = v
		return k
	}
	decisions := v.Map("decisions").Need("decisions").AnyMap()
	for _, name := range decisions.Keys() {
		at := decisions.Get(name)
		d := decisionKey{name: name, at: decisions.KeyValue(name), column: at}
		if at.IsMap() {
			m := at.Map("column", "values")
			d.column = m.Need("column")
			values := m.Get("values").AnyMap()
			d.labels = map[string]string{}
			for _, raw := range values.Keys() {
				d.labels[raw] = values.Get(raw).Text("")
			}
		}
		d.column.Text("")
		k.decisions = append(k.decisions, d)
	}
	return k
}

// openSpace opens a built-in space by its name, a space file by its path from the description, or the space that is
// written in place.
func (d *description) openSpace(at strict.Value) (err error) {
	if at.IsMap() {
		d.space, err = space.Read(d.doc, at, d.name, nil)
		return err
	}
	name := at.Text("")
	if !slices.Contains(space.BuiltIns(), name) {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(d.path), path)
		}
		if _, e := os.Stat(path); e != nil {
			at.Fail("there is no built-in space %q and no file %s; %s", name, path, nearest.Advice(name, space.BuiltIns()))
			return d.doc.Err()
		}
		name = path
	}
	d.space, err = space.Open(name, nil)
	return err
}
