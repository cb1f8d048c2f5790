package spec

import (
	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/store"
)

// priced is a lattice with the metrics of the cost files of a study.
type priced struct {
	lattice *lattice.Lattice
	files   []store.File
	tables  []string      // the names of the metrics, in the order of the files
	prices  []score.Costs // what the files say
}

// price reads the cost files and adds their metrics to a lattice. The objectives and limits are then known to be about costs that there are.
func (f *File) price(l *lattice.Lattice) (priced, error) {
	out := priced{lattice: l}
	for _, at := range f.costFiles {
		path := f.beside(at.Text(""))
		if err := f.doc.Err(); err != nil {
			return out, err
		}
		price, err := score.ReadCosts(path, l, func(path string) ([]byte, error) {
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
		if out.lattice, err = out.lattice.WithCosts(price.CostModel); err != nil {
			return out, f.at(at, err)
		}
		out.tables = append(out.tables, string(price.Metric))
		out.prices = append(out.prices, price)
	}
	return out, f.check(out.tables)
}

// knowCosts finds what is to be known of every architecture beside params, MACs and memory: the metrics of cost files, and the depth and the
// counters that are objectives or limited.
func (p *Plan) knowCosts(tables []string) error {
	names := append([]string{}, tables...)
	for i, o := range p.Objectives {
		names = append(names, o.Metric)
		if _, err := trellis.CostsOf(p.Lattice, names); err != nil {
			return p.at(p.wanted[i], err)
		}
	}
	for _, b := range p.Limits {
		names = append(names, b.Metric)
		if _, err := trellis.CostsOf(p.Lattice, names); err != nil {
			return p.at(b.key, err)
		}
	}
	var err error
	p.Costs, err = trellis.CostsOf(p.Lattice, names)
	return err
}

// RegionFor returns the architectures that a study may propose, for samples as a journal describes them: its space within its limits, with the
// metrics of its cost files. With chained the lattice is the chained one.
func (f *File) RegionFor(d store.Dataset, chained bool) (*lattice.CountedRegion, error) {
	shape, err := inputOf(d)
	if err != nil {
		return nil, err
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
		l = l.WithPrevious()
	}
	p, err := f.price(l)
	if err != nil {
		return nil, err
	}
	return f.region(p.lattice)
}
