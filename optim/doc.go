// Package optim updates weights from gradients by small transforms that compose, and gives the schedules that drive
// them.
//
// A Transform rewrites gradients into updates; Chain runs several in order; an Optimizer subtracts what comes out from
// the weights. SGD, SGD with Nesterov momentum and AdamW are chains of the same few links. A Schedule is a function
// from the step to a number, and schedules compose the same way. (The shape follows optax by DeepMind.)
//
// Products are rounded by an explicit conversion before they are added, so that no platform fuses the two and the
// weights are the same bits everywhere.
package optim
