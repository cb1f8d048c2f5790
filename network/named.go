package network

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

var namedNetworks = []string{"lenet5", "mobilenetv2-small"}

// NamedNetworks returns the names of the hand-designed networks that Named builds.
func NamedNetworks() []string { return append([]string(nil), namedNetworks...) }

// Named builds a hand-designed network by name: "lenet5" or "mobilenetv2-small". The latter may carry a width
// multiplier after @, as "mobilenetv2-small@0.5".
func Named(name string, in Shape, classes int) (*Graph, error) {
	base, multiplier, hasWidth := strings.Cut(name, "@")
	switch {
	case base == "lenet5" && hasWidth:
		return nil, fmt.Errorf("network %q: lenet5 takes no width multiplier", name)
	case base == "lenet5":
		return LeNet5(in, classes)
	case base != "mobilenetv2-small":
		return nil, fmt.Errorf("unknown network %q; nearest is %q; there are %s",
			name, nearest.Word(base, namedNetworks), strings.Join(namedNetworks, ", "))
	}
	width := 1.0
	if hasWidth {
		var err error
		if width, err = strconv.ParseFloat(multiplier, 64); err != nil {
			return nil, fmt.Errorf("network %q: the width multiplier %q is no number", name, multiplier)
		}
	}
	return MobileNetV2Small(in, classes, width)
}
