// Package nn owns the trained state of a network: parameters and buffers by name, how they begin, and how they are
// written to a file and read back.
package nn
