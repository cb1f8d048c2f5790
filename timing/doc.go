// Package timing measures how long networks and their operators take on this machine, one sample at a time on one thread, with the
// engine's own inference: what a table of package device holds of other devices.
package timing
