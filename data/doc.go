// Package data holds labelled images and hands them to training: loading, splitting, augmenting, batching.
//
// The way through it is short. Open reads a Dataset, from files (IDX, CIFAR binary, image folders) or made on the spot
// (glyphs). Dataset.Split divides it by seed into Splits: a Training, which is all that a search ever sees, and a Sealed
// test set, which opens once. NewBatches turns a View into float32 minibatches in NHWC order, the same ones for the same
// (seed, epoch) on every machine and for every thread count.
//
// Images are kept as bytes, one per pixel and channel, so 60,000 images of 28x28 take 47 MB; they become float32 only
// inside a batch. Nothing here may be changed after it was made: a Set, a View and a Dataset are safe for concurrent use.
//
// A broken file is an error of one sentence that names the file, the place in it, what was found and what was wanted.
package data
