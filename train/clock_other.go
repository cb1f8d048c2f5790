//go:build !linux

package train

import "time"

// threadTime reports that the time of a single thread is not known here.
func threadTime() (time.Duration, bool) { return 0, false }
