//go:build linux || darwin

package peer

import (
	"os"
	"runtime"
	"syscall"
)

// residentPeak returns the largest resident memory of this process so far in MiB.
func residentPeak() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return mebibytes(int64(r.Maxrss))
}

// peakOf returns the largest resident memory that a process which has ended had, in MiB.
func peakOf(p *os.ProcessState) float64 {
	if r, ok := p.SysUsage().(*syscall.Rusage); ok {
		return mebibytes(int64(r.Maxrss))
	}
	return 0
}

// mebibytes converts the unit of getrusage: KiB on Linux, bytes on macOS.
func mebibytes(maxrss int64) float64 {
	if runtime.GOOS == "darwin" {
		return float64(maxrss) / (1 << 20)
	}
	return float64(maxrss) / (1 << 10)
}
