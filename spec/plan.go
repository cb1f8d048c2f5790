package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
)

// Plan is a study that could begin: its data is open, its space compiled, its limits met by something.
type Plan struct {
	*File
	Splits        data.Splits // zero where the evaluation brings its own data
	Classes       []string
	Space         *space.Space
	SpaceFile     string // its text, where the study file refers to a space file
	Dataset       store.Dataset
	Lattice       *lattice.Lattice
	Region        *lattice.CountedRegion // what meets the limits
	Networks      []study.Network        // the baselines
	Files         []store.File           // the texts of the other files that the study refers to
	Prior         []store.PriorStudy
	Prices        []score.Costs   // what the cost files say, in their order
	Scalarization []search.Target // what the targets of the objectives are, in the units of their metrics
	Costs         trellis.Costs   // beside params, MACs and memory

	settings map[string][]settingFile
	closers  []io.Closer
}

// settingFile is a file that a setting of a strategy names.
type settingFile struct{ setting, path, text string }

// Plan opens the data and compiles the space, and so finds every mistake that can be found before work begins. folder,
// where it is not empty, replaces the path of the data in the file. Nothing is written.
func (f *File) Plan(folder string) (*Plan, error) {
	p := &Plan{File: f, settings: map[string][]settingFile{}}
	if f.needsData {
		if err := p.open(folder); err != nil {
			return nil, err
		}
	}
	task, err := f.Evaluation.open(p, folder)
	if err != nil {
		return nil, err
	}
	if _, err := f.Finalists.Evaluation.open(p, folder); err != nil {
		return nil, err
	}
	if p.Space, p.SpaceFile, err = f.openSpace(task.input, len(task.classes)); err != nil {
		return nil, err
	}
	compiled, err := lattice.Compile(p.Space)
	if err != nil {
		return nil, f.at(f.space, err)
	}
	costs, err := f.price(compiled)
	if err != nil {
		return nil, err
	}
	p.Lattice, p.Prices = costs.lattice, costs.prices
	for _, file := range costs.files {
		p.Files = attach(p.Files, file)
	}
	if f.needsData {
		p.Dataset = store.Dataset{
			Hash: p.Splits.Training.Hash(), Input: task.input.String(), Classes: p.Classes,
			Train: p.Splits.Train.Len(), Validation: p.Splits.Validation.Len(), Test: p.Splits.Test.Len(),
		}
	}
	if p.Scalarization, err = f.targets(p.Lattice); err != nil {
		return nil, err
	}
	if err := p.knowCosts(costs.tables); err != nil {
		return nil, err
	}
	if p.Region, err = f.region(p.Lattice); err != nil {
		return nil, err
	}
	if len(task.classes) > 0 {
		if err := p.classify(task.input); err != nil {
			return nil, f.at(f.space, err)
		}
	}
	if err := p.learnFrom(); err != nil {
		return nil, err
	}
	for i := range f.Stages {
		if err := p.readSettings(&f.Stages[i]); err != nil {
			return nil, err
		}
	}
	if _, err := p.sources(); err != nil {
		return nil, err
	}
	for _, b := range f.Baselines {
		g, err := p.baseline(b)
		if err != nil {
			return nil, err
		}
		p.Networks = append(p.Networks, study.Network{Name: b.Name, Graph: g})
	}
	return p, nil
}

// baseline builds a hand-designed network for the samples of the study.
func (p *Plan) baseline(b Baseline) (*network.Graph, error) {
	g, err := p.Space.Network(p.first())
	if err != nil {
		return nil, p.at(p.space, err)
	}
	shape, classes := g.Input(), g.OutputShape().C
	named, err := network.Named(b.Name, shape, classes)
	if err != nil {
		return nil, p.at(b.at, fmt.Errorf("baseline %s cannot be built for %v and %d classes: %w", b.Name, shape, classes, err))
	}
	return named, nil
}

// first returns the first architecture within the limits.
func (p *Plan) first() space.Arch {
	a, err := p.Region.Unrank(new(big.Int))
	if err != nil {
		panic(fmt.Sprintf("spec: a region without a first architecture: %v", err))
	}
	return a
}

// classify reports a space whose networks do not end in the classes of the data. It looks at the first architecture and a
// few drawn ones, for a space has one end as a rule; a trial that still ends otherwise fails, and says so.
func (p *Plan) classify(in network.Shape) error {
	const drawn = 8
	random := stream.New(p.Seed, "classify")
	arch, err := p.Region.Unrank(new(big.Int))
	for range drawn {
		if err != nil {
			return err
		}
		g, err := p.Space.Network(arch)
		if err != nil {
			return err
		}
		if out, want := g.OutputShape(), (network.Shape{H: 1, W: 1, C: len(p.Classes)}); out != want {
			return fmt.Errorf("a network of this space gives %v for an image of %v, but %d classes need %v: end the body with a head",
				out, in, len(p.Classes), want)
		}
		arch = p.Region.Sample(random)
	}
	return nil
}

func (f *File) openData(folder string) (*data.Dataset, error) {
	if f.Data.Kind == data.Glyphs {
		if folder != "" {
			return nil, f.at(f.Data.at, fmt.Errorf("glyphs are made on the spot: a data folder (%s) was given beside them", folder))
		}
		set, err := data.Open(string(data.Glyphs), f.Data.Options)
		return set, f.at(f.Data.at, err) // there is no file of its own that the error could name
	}
	if folder == "" {
		if f.Data.Path == "" {
			return nil, f.at(f.Data.at, fmt.Errorf("data of kind %s needs a folder: give `path` here, or --data FOLDER", f.Data.Kind))
		}
		folder = f.beside(f.Data.Path)
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			return nil, f.at(f.Data.folder, fmt.Errorf("there is no data folder %s; --data FOLDER says where the data is", folder))
		}
	}
	set, err := data.Open(folder, f.Data.Options)
	if err != nil {
		if kind, e := data.Recognise(folder); e == nil && kind != f.Data.Kind && kind != data.Folder {
			err = fmt.Errorf("%w: the folder holds data of kind %s, and the study file says %s", err, kind, f.Data.Kind)
		}
	}
	return set, err
}

// open reads the data and splits it. The seed of the splits is the study's.
func (p *Plan) open(folder string) error {
	set, err := p.openData(folder)
	if err != nil {
		return err
	}
	p.Classes = set.Classes()
	o := data.SplitOptions{Seed: p.Seed, TrainLimit: p.Data.Train}
	if n := p.Data.Validation; n > 0 {
		o.ValidationCount = n
	}
	if p.Splits, err = set.Split(o); err != nil {
		return p.at(p.Data.at, err)
	}
	return nil
}
