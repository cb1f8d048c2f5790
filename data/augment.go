package data

import "math/rand/v2"

// Canvas is what an Augment needs to know of the images it changes.
type Canvas struct {
	Shape Shape
	Black []float32 // the value of a black pixel after normalisation, by channel; 0 is the mean of the training images
}

// Augment makes a training image from another. Several are applied one after another.
type Augment interface {
	// Apply reads src and writes all of dst; both hold one normalised image of canvas.Shape in HWC order and never
	// overlap. All chance comes from r, which belongs to this image in this epoch.
	Apply(dst, src []float32, canvas Canvas, r *rand.Rand)

	// String returns the name with all settings, for journals: "crop(padding=4)".
	String() string
}

var (
	_ Augment = Crop{}
	_ Augment = Flip{}
	_ Augment = Cutout{}
)
