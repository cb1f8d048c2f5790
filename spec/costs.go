package spec

import (
	"context"
	"fmt"
	"strconv"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// priced is a lattice with the metrics of the cost files of a study.
type priced struct {
	lattice *lattice.Lattice
	files   []store.File
	units   map[string]string // of the metrics of cost files, by their names
	tables  []string          // those names, in the order of the files
	prices  []lattice.Price   // what the files say
}

// price reads the cost files and adds their metrics to a lattice. The objectives and limits are then known to be about costs that there are.
func (f *File) price(l *lattice.Lattice) (priced, error) {
	out := priced{lattice: l}
	for _, at := range f.costFiles {
		path := f.beside(at.Text(""))
		if err := f.doc.Err(); err != nil {
			return out, err
		}
		price, err := lattice.ReadPrice(path, l, func(path string) ([]byte, error) {
			file, err := f.read(path, "cost file")
			if path == f.beside(at.Text("")) {
				err = f.at(at, err)
			}
			if err == nil {
				out.files = attach(out.files, file)
			}
			return []byte(file.Text), err
		})
		if err != nil {
			return out, err
		}
		if out.lattice, err = out.lattice.Priced(price); err != nil {
			return out, f.at(at, err)
		}
		if out.units == nil {
			out.units = map[string]string{}
		}
		out.units[string(price.Metric)] = price.Unit
		out.tables = append(out.tables, string(price.Metric))
		out.prices = append(out.prices, price)
	}
	return out, f.check(out.tables)
}

// cost is a metric that the lattice knows of an architecture.
type cost struct {
	metric  lattice.Metric
	lattice *lattice.Lattice // that has the metric as one of its own
}

// of returns the cost of an architecture of the space, in its unit.
func (c cost) of(a space.Arch) float64 {
	n, err := c.lattice.Cost(a, c.metric)
	if err != nil {
		panic(fmt.Sprintf("spec: %v", err))
	}
	return valueOf(c.lattice, c.metric, n)
}

// valueOf returns so much of a metric in its unit: of a cost file's, which the lattice counts in bins, the nearest number to the decimal.
func valueOf(l *lattice.Lattice, m lattice.Metric, n int64) float64 {
	if m == lattice.Params || m == lattice.MACs {
		return float64(n)
	}
	x, err := strconv.ParseFloat(l.Decimal(m, n), 64)
	if err != nil {
		panic(fmt.Sprintf("spec: a cost of %d is no number: %v", n, err))
	}
	return x
}

// knowCosts finds what is to be known of every architecture beside params, MACs and memory: the metrics of cost files, and the depth and the
// counters that are objectives or limited.
func (p *Plan) knowCosts(tables []string) error {
	for _, name := range tables {
		p.costs = append(p.costs, cost{lattice.Metric(name), p.Lattice})
	}
	known := map[string]bool{}
	count := func(name string) error {
		if known[name] || name != string(lattice.Depth) && !counted(name) {
			return nil
		}
		known[name] = true
		l, err := p.Lattice.Counting(lattice.Metric(name))
		if err == nil {
			p.costs = append(p.costs, cost{lattice.Metric(name), l})
		}
		return err
	}
	for i, o := range p.Objectives {
		if err := count(o.Metric); err != nil {
			return p.at(p.wanted[i], err)
		}
	}
	for _, b := range p.Limits {
		if err := count(b.Metric); err != nil {
			return p.at(b.key, err)
		}
	}
	return nil
}

// exact returns the costs that the lattice knows of every architecture of the space.
func (p *Plan) exact() map[string]func(space.Arch) float64 {
	known := map[string]func(space.Arch) float64{
		trial.Params: cost{lattice.Params, p.Lattice}.of,
		trial.MACs:   cost{lattice.MACs, p.Lattice}.of,
	}
	for _, c := range p.costs {
		known[string(c.metric)] = c.of
	}
	return known
}

// with adds to metrics what the lattice knows of an architecture.
func (p *Plan) with(ms trial.Metrics, a space.Arch) trial.Metrics {
	for _, c := range p.costs {
		ms = ms.With(trial.Metric{Name: string(c.metric), Value: c.of(a)})
	}
	return ms
}

// costed is an evaluator whose results hold the costs that the lattice knows. Of a baseline, which is no path of the lattice, it knows none.
type costed struct {
	trial.Evaluator
	plan *Plan
}

// Unwrap implements trial.Wrapper.
func (e costed) Unwrap() trial.Evaluator { return e.Evaluator }

// Evaluate implements trial.Evaluator.
func (e costed) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.Evaluator.Evaluate(ctx, t, report)
	if err == nil && r.Status == trial.OK && t.Network == nil {
		r.Metrics = e.plan.with(r.Metrics, t.Arch)
	}
	return r, err
}

// RegionFor returns the architectures that a study may propose, for samples as a journal describes them: its space within its limits, with the
// metrics of its cost files. With chained the lattice is the chained one.
func (f *File) RegionFor(d store.Dataset, chained bool) (*lattice.Region, error) {
	shape, err := network.ParseShape(d.Input)
	if err != nil {
		return nil, fmt.Errorf("the journal's shape of a sample: %w", err)
	}
	s, _, err := f.openSpace(shape, len(d.Classes))
	if err != nil {
		return nil, err
	}
	l, err := lattice.Compile(s)
	if err != nil {
		return nil, f.at(f.space, err)
	}
	if chained {
		l = l.Chained()
	}
	p, err := f.price(l)
	if err != nil {
		return nil, err
	}
	return f.region(p.lattice)
}
