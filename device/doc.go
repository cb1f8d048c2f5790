// Package device holds what operators cost on a device: tables by operator and shape, as people measure them, with milliseconds for "an
// inverted residual of kernel 5 and 144 channels from 56x56x24 to 28x28x40". A table is read from YAML or from a published CSV file whose
// columns have names of their own, and finds the row of a [space.Operator], or says which are missing.
package device
