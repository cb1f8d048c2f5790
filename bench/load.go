package bench

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
)

// load reads the CSV files of a description. Rows of the same architecture become one: their values are averaged, column by
// column. Rows that lack a value of an objective are left out.
func (d *description) load(folder string) (*Table, error) {
	s, err := readSheet(d.file, folder)
	if err != nil {
		return nil, err
	}
	for _, j := range d.joins {
		other, err := readSheet(j.file, folder)
		if err != nil {
			return nil, err
		}
		if s, err = s.joined(other, j.on); err != nil {
			return nil, err
		}
	}
	archs, err := d.key.archs(s, d.space)
	if err != nil {
		return nil, err
	}
	t := &Table{name: d.name, about: d.about, space: d.space, objectives: d.objectives, index: map[space.Arch]int{}}
	same := make([][]int, 0, len(archs)) // rows of the sheet by row of the table
	for i, a := range archs {
		at, known := t.index[a]
		if !known {
			at = len(same)
			t.index[a] = at
			same = append(same, nil)
			t.rows = append(t.rows, row{arch: a})
		}
		same[at] = append(same[at], i)
	}
	for _, m := range d.metrics {
		t.metrics = append(t.metrics, m.name)
		feedback, report, err := m.values(s, same)
		if err != nil {
			return nil, err
		}
		for i := range t.rows {
			t.rows[i].feedback = append(t.rows[i].feedback, feedback[i])
			t.rows[i].report = append(t.rows[i].report, report[i])
		}
	}
	if d.seconds.name != "" {
		_, seconds, err := d.seconds.values(s, same)
		if err != nil {
			return nil, err
		}
		for i := range t.rows {
			t.rows[i].seconds = seconds[i]
		}
	}
	return t, t.leaveOut(s.path)
}

// leaveOut drops the rows that lack an objective.
func (t *Table) leaveOut(path string) error {
	all := t.rows
	t.rows = nil
	t.index = map[space.Arch]int{}
	for _, r := range all {
		complete := true
		for _, o := range t.objectives {
			complete = complete && len(r.feedback[slices.Index(t.metrics, o.Metric)]) > 0
		}
		if !complete {
			t.left++
			continue
		}
		t.index[r.arch] = len(t.rows)
		t.rows = append(t.rows, r)
	}
	if len(t.rows) == 0 {
		return fmt.Errorf("%s: no row has a value of every objective (%s)", path, t.objectives)
	}
	return nil
}

// values returns the observations and the reported value of a metric for the groups of rows of a sheet. A group that lacks an
// observation or a reported value has no observations.
func (m metric) values(s sheet, groups [][]int) (feedback [][]float64, report []float64, err error) {
	observed, err := m.columns(s, m.feedback)
	if err != nil {
		return nil, nil, err
	}
	reported := observed
	if m.report != nil {
		if reported, err = m.columns(s, m.report); err != nil {
			return nil, nil, err
		}
	}
	feedback, report = make([][]float64, len(groups)), make([]float64, len(groups))
	for g, rows := range groups {
		all, err := m.averages(s, rows, observed)
		if err != nil {
			return nil, nil, err
		}
		shown, err := m.averages(s, rows, reported)
		if err != nil {
			return nil, nil, err
		}
		if len(all) == len(observed) && len(shown) == len(reported) {
			feedback[g], report[g] = all, mean(shown)
		}
	}
	return feedback, report, nil
}

func (m metric) columns(s sheet, names []strict.Value) ([]int, error) {
	out := make([]int, len(names))
	for i, at := range names {
		var err error
		if out[i], err = s.column(at); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// averages returns, for each of the columns, the mean over those of the rows that have a value; columns without one are left out.
func (m metric) averages(s sheet, rows, columns []int) (out []float64, err error) {
	for _, c := range columns {
		var have []float64
		for _, r := range rows {
			x, ok, err := s.number(r, c)
			if err != nil {
				return nil, err
			}
			if ok {
				have = append(have, x*m.scale)
			}
		}
		if len(have) > 0 {
			out = append(out, mean(have))
		}
	}
	return out, nil
}

// archs reads the architecture of every row.
func (k key) archs(s sheet, sp *space.Space) ([]space.Arch, error) {
	out := make([]space.Arch, len(s.rows))
	if k.decisions != nil {
		return out, k.derive(s, sp, out)
	}
	c, err := s.column(k.column)
	if err != nil {
		return nil, err
	}
	for i, r := range s.rows {
		if out[i], err = sp.Parse(r[c]); err != nil {
			return nil, fmt.Errorf("%s:%d: column %s: %w", s.path, s.lines[i], s.columns[c], err)
		}
	}
	return out, nil
}

// derive reads architectures decision by decision.
func (k key) derive(s sheet, sp *space.Space, out []space.Arch) error {
	columns := make([]int, len(k.decisions))
	names := make([]string, len(k.decisions))
	used := make([]bool, len(k.decisions))
	for i, d := range k.decisions {
		var err error
		if columns[i], err = s.column(d.column); err != nil {
			return err
		}
		names[i] = d.name
	}
	for i, fields := range s.rows {
		var fault error
		a, err := sp.Derive(func(met space.Decision) int {
			at := slices.Index(names, met.Name)
			if at < 0 {
				if fault == nil {
					fault = fmt.Errorf("the space decides %s, which has no column under key.decisions; %s", met.Name, nearest.Advice(met.Name, names))
				}
				return 0
			}
			used[at] = true
			text := fields[columns[at]]
			if label, ok := k.decisions[at].labels[text]; ok {
				text = label
			}
			option := slices.Index(met.Options, text)
			if option < 0 && fault == nil {
				fault = fmt.Errorf("column %s is %q, which is no option of decision %s; %s", s.columns[columns[at]], text, met.Name, nearest.Advice(text, met.Options))
			}
			return max(0, option)
		})
		if fault != nil {
			err = fault
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", s.path, s.lines[i], err)
		}
		out[i] = a
	}
	for i, u := range used {
		if !u {
			k.decisions[i].at.Fail("no architecture of space %s meets a decision %s", sp.Name(), names[i])
			return k.decisions[i].at.Err()
		}
	}
	return nil
}
