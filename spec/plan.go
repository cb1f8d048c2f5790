package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/train"
)

// Plan is a study that could begin: its data is open, its space compiled, its limits met by something.
type Plan struct {
	*File
	Splits    data.Splits
	Classes   []string
	Space     *space.Space
	SpaceHash string
	SpaceFile string // its text, where the study file refers to a space file
	Dataset   store.Dataset
	Lattice   *lattice.Lattice
	Region    *lattice.Region // what meets the limits
	Networks  []study.Baseline
	Files     []store.File      // the texts of the other files that the study refers to
	Units     map[string]string // of the metrics of its cost files
	Known     []store.Known     // what earlier studies found out
	Prices    []lattice.Price   // what the cost files say, in their order
	Goals     []search.Goal     // what the targets of the objectives are, in the units of their metrics

	costs    []cost        // beside params, MACs and memory
	settings []settingFile // of the strategy
}

// Plan opens the data and compiles the space, and so finds every mistake that can be found before work begins. folder,
// where it is not empty, replaces the path of the data in the file. Nothing is written.
func (f *File) Plan(folder string) (*Plan, error) {
	p := &Plan{File: f}
	if err := p.open(folder); err != nil {
		return nil, err
	}
	shape := network.Shape{H: p.Splits.Train.Shape().H, W: p.Splits.Train.Shape().W, C: p.Splits.Train.Shape().C}
	var err error
	if p.Space, p.SpaceFile, err = f.openSpace(shape, len(p.Classes)); err != nil {
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
	p.Lattice, p.Files, p.Units, p.Prices = costs.lattice, costs.files, costs.units, costs.prices
	p.SpaceHash = hashOf(p.Space)
	p.Dataset = store.Dataset{
		Hash: p.Splits.Training.Hash(), Input: shape.String(), Classes: p.Classes,
		Train: p.Splits.Train.Len(), Validation: p.Splits.Validation.Len(), Test: p.Splits.Test.Len(),
	}
	if p.Goals, err = f.goals(p.Lattice); err != nil {
		return nil, err
	}
	if err := p.knowCosts(costs.tables); err != nil {
		return nil, err
	}
	if p.Region, err = f.region(p.Lattice); err != nil {
		return nil, err
	}
	if err := p.classify(shape); err != nil {
		return nil, f.at(f.space, err)
	}
	if err := p.learnFrom(); err != nil {
		return nil, err
	}
	if err := p.readSettings(); err != nil {
		return nil, err
	}
	if _, err := p.strategy(); err != nil {
		return nil, f.at(f.Strategy.at, err)
	}
	for _, b := range f.Baselines {
		g, err := network.Named(b.Name, shape, len(p.Classes))
		if err != nil {
			return nil, f.at(b.at, fmt.Errorf("baseline %s cannot be built for %v and %d classes: %w", b.Name, shape, len(p.Classes), err))
		}
		p.Networks = append(p.Networks, study.Baseline{Name: b.Name, Network: g})
	}
	return p, nil
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
	for i, s := range []train.Settings{p.Evaluation, p.Finalists.Settings} {
		if err := fits(s.Defaulted(), p.Splits.Train); err != nil {
			at := p.training[i]
			if !at.Given() {
				at = p.Data.at
			}
			return p.at(at, err)
		}
	}
	return nil
}

// fits tells settings that the training samples cannot serve.
func fits(s train.Settings, v data.View) error {
	if s.Batch > v.Len() {
		return fmt.Errorf("a batch of %d is larger than the %d training samples", s.Batch, v.Len())
	}
	side := min(v.Shape().H, v.Shape().W)
	for _, a := range s.Augment {
		switch a := a.(type) {
		case data.Crop:
			if a.Padding >= side {
				return fmt.Errorf("crop is %d, want less than the %d pixels of an image", a.Padding, side)
			}
		case data.Cutout:
			if a.Size >= side {
				return fmt.Errorf("cutout is %d, want less than the %d pixels of an image", a.Size, side)
			}
		}
	}
	return nil
}

// Trainer returns the evaluator that trains the networks of the study on threads threads each. folder is the run folder,
// in which finalists and baselines leave their weights.
func (p *Plan) Trainer(threads int, folder string) (*train.Evaluator, error) {
	return train.New(train.Config{
		Data:     p.Splits.Training,
		Search:   p.Evaluation,
		Finalist: p.Finalists.Settings,
		Baseline: p.Finalists.Settings,
		Build:    p.build,
		Threads:  threads,
		Folder:   folder,
	})
}
