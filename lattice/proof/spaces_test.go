package proof_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/space"
)

func must(t testing.TB, s *space.Space, err error) *space.Space {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func nb201(t testing.TB) *space.Space { return drawn.Built(t, space.NB201, space.NB201Options{}) }

func nbMacro(t testing.TB) *space.Space { return drawn.Built(t, space.NBMacro, space.NBMacroOptions{}) }

func ofa(t testing.TB, o space.OFAOptions) *space.Space { return drawn.Built(t, space.OFA, o) }

func darts(t testing.TB, o space.DARTSOptions) *space.Space { return drawn.Built(t, space.DARTS, o) }

func enas(t testing.TB, o space.ENASOptions) *space.Space { return drawn.Built(t, space.ENASMacro, o) }

func resNet(t testing.TB, o space.ResNetOptions) *space.Space { return drawn.Built(t, space.ResNet, o) }

func efficientNet(t testing.TB, o space.EfficientNetOptions) *space.Space {
	return drawn.Built(t, space.EfficientNetStages, o)
}
