//go:build !linux && !darwin

package peer

import "os"

// residentPeak returns 0: this system does not say.
func residentPeak() float64 { return 0 }

func peakOf(*os.ProcessState) float64 { return 0 }
