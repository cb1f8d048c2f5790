//go:build amd64 && !noasm

package kernel

import "github.com/klauspost/cpuid/v2"

//go:generate go run ./asm

// available returns the sets this machine can run, best first.
func available() []*set {
	var sets []*set
	if cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL, cpuid.FMA3, cpuid.BMI2) {
		sets = append(sets, &set{name: "avx512", tileNN: tileNNavx512, tileTN: tileTNavx512, tileDW: tileDWavx512, tileDG: tileDGavx512, tileDS: tileDSavx512, vec: &vecavx512, cell: &cellavx512, row: &rowavx512, winograd: &winogradavx512, spin: spinavx512})
	}
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3, cpuid.BMI2) {
		sets = append(sets, &set{name: "avx2", tileNN: tileNNavx2, tileTN: tileTNavx2, tileDW: tileDWavx2, tileDG: tileDGavx2, tileDS: tileDSavx2, vec: &vecavx2, cell: &cellavx2, row: &rowavx2, winograd: &winogradavx2, spin: spinavx2})
	}
	return append(sets, portable())
}
