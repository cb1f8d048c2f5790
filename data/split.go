package data

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
)

// SplitOptions says how a Dataset is divided. The zero value is a good one.
type SplitOptions struct {
	Seed            uint64  // decides which images go where
	Validation      float64 // share of the training part to validate on, in (0, 1); 0 reads as 0.1; must be 0 when the dataset ships its own
	Test            float64 // share to test on, in (0, 1), likewise
	ValidationCount int     // so many images to validate on, instead of a share; 0 means the share decides
	TrainLimit      int     // train on at most so many images, class by class in proportion; 0 means all
	ValidationLimit int     // validate on at most so many, likewise
}

// Training is all that a search and its training may see: images to train on and images to choose by.
type Training struct{ Train, Validation View }

// Hash returns the SHA-256, in hexadecimal, of what is trained and validated on: shape, classes, labels and pixels in
// their order. Two trainings with the same hash train the same networks.
func (t Training) Hash() string {
	h := sha256.New()
	for _, v := range []View{t.Train, t.Validation} {
		fmt.Fprintf(h, "%v %q %d\n", v.Shape(), v.Classes(), v.Len())
		for i := range v.Len() {
			var label [2]byte
			binary.LittleEndian.PutUint16(label[:], uint16(v.Label(i)))
			h.Write(label[:])
			h.Write(v.Image(i))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Normalisation returns mean and standard deviation of the training images, the only ones that may decide them.
func (t Training) Normalisation() Normalisation { return t.Train.Stats() }

// Splits is a divided Dataset. Its Training goes to the search; its Test stays sealed until the finalists are chosen.
type Splits struct {
	Training
	Test *Sealed
}

const defaultShare = 0.1

// Split divides the dataset. A test or validation part that the makers published stays what it is; what is missing is
// taken from the training part, the test first, each class in proportion (stratified), chosen by the seed. Limits are applied
// last and so never move an image from one part to another. It is an error when a part would be empty.
func (d *Dataset) Split(o SplitOptions) (Splits, error) {
	if o.TrainLimit < 0 || o.ValidationLimit < 0 {
		return Splits{}, fmt.Errorf("a limit of %d images is impossible: want 1 or more, or 0 for all", min(o.TrainLimit, o.ValidationLimit))
	}
	rest := d.train.View()
	test, rest, err := d.part("test", d.test, o.Test, rest, o.Seed)
	if err != nil {
		return Splits{}, err
	}
	if o.ValidationCount != 0 {
		switch {
		case o.Validation != 0:
			return Splits{}, fmt.Errorf("the validation part was asked for twice, as a share of %v and as %d images: give one of them", o.Validation, o.ValidationCount)
		case d.validation != nil:
			return Splits{}, fmt.Errorf("%d images to validate on were asked for, but this dataset ships a validation part of its own (%d images): leave the number out", o.ValidationCount, d.validation.Len())
		case o.ValidationCount < 0 || o.ValidationCount >= rest.Len():
			return Splits{}, fmt.Errorf("%d images to validate on are impossible: there are %d to train and validate on", o.ValidationCount, rest.Len())
		}
		o.Validation = float64(o.ValidationCount) / float64(rest.Len())
	}
	validation, rest, err := d.part("validation", d.validation, o.Validation, rest, o.Seed)
	if err != nil {
		return Splits{}, err
	}
	return Splits{
		Training: Training{Train: limit(rest, o.TrainLimit, o.Seed, "train limit"), Validation: limit(validation, o.ValidationLimit, o.Seed, "validation limit")},
		Test:     &Sealed{view: test},
	}, nil
}

// part returns the published set, or the share taken from rest, and what remains of rest.
func (d *Dataset) part(name string, published *Set, share float64, rest View, seed uint64) (View, View, error) {
	if published != nil {
		if share != 0 {
			return View{}, View{}, fmt.Errorf("a %s share of %v was asked for, but this dataset ships a %s part of its own (%d images): leave the share out", name, share, name, published.Len())
		}
		return published.View(), rest, nil
	}
	if share == 0 {
		share = defaultShare
	}
	if !(share > 0 && share < 1) {
		return View{}, View{}, fmt.Errorf("a %s share of %v is impossible: want more than 0 and less than 1", name, share)
	}
	n := int(math.Round(share * float64(rest.Len())))
	if n == 0 || n == rest.Len() {
		return View{}, View{}, fmt.Errorf("a %s share of %v takes %d of %d images and leaves a part empty", name, share, n, rest.Len())
	}
	taken, left := stratify(rest, n, seed, name)
	return taken, left, nil
}

// Draw returns n images of the view, of each class its proportional share, drawn by the seed; all of them if there are no more.
func (v View) Draw(n int, seed uint64) View { return limit(v, n, seed, "share") }

func limit(v View, n int, seed uint64, name string) View {
	if n == 0 || n >= v.Len() {
		return v
	}
	taken, _ := stratify(v, n, seed, name)
	return taken
}

// stratify takes n images of v, of each class its proportional share (largest remainders), drawn by the stream
// (seed, name, class). Both results are in the order of the Set.
func stratify(v View, n int, seed uint64, name string) (taken, left View) {
	lists := v.byClass()
	quotas := proportional(lists, n, v.Len())
	takenIndex, leftIndex := make([]int32, 0, n), make([]int32, 0, v.Len()-n)
	for class, list := range lists {
		r := stream.New(seed, name, uint64(class))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		takenIndex = append(takenIndex, list[:quotas[class]]...)
		leftIndex = append(leftIndex, list[quotas[class]:]...)
	}
	slices.Sort(takenIndex)
	slices.Sort(leftIndex)
	return View{v.set, takenIndex}, View{v.set, leftIndex}
}

// proportional shares n out over the lists by the method of largest remainders (Hamilton); ties go to the lower class.
func proportional(lists [][]int32, n, total int) []int {
	quotas, order, given := make([]int, len(lists)), make([]int, len(lists)), 0
	for class, list := range lists {
		order[class] = class
		quotas[class] = len(list) * n / total
		given += quotas[class]
	}
	remainder := func(class int) int { return len(lists[class]) * n % total }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainder(b), remainder(a)) })
	for _, class := range order[:n-given] {
		quotas[class]++
	}
	return quotas
}
