package space_test

import (
	"testing"

	"github.com/trellis-nas/trellis/space"
)

// The cells that were found by DARTS (second order) and by PC-DARTS (Xu et al. 2020) on CIFAR-10, in networks of 20 cells and 36 channels. The
// authors' programs print 3.349342 and 3.634678 million params.
func TestTheNetworksThatWereFoundInTheSpaceOfDARTSHaveTheirPublishedSizes(t *testing.T) {
	s := made(t)(space.DARTS(space.DARTSOptions{Cells: 20, Channels: 36}))
	for text, params := range map[string]int64{
		"normal 0,1:sep_conv_3x3+sep_conv_3x3 0,1:sep_conv_3x3+sep_conv_3x3 0,1:skip_connect+sep_conv_3x3 0,2:skip_connect+dil_conv_3x3 " +
			"reduce 0,1:max_pool_3x3+max_pool_3x3 1,2:max_pool_3x3+skip_connect 0,2:max_pool_3x3+skip_connect 1,2:max_pool_3x3+skip_connect": 3_349_342,
		"normal 0,1:skip_connect+sep_conv_3x3 0,1:sep_conv_3x3+dil_conv_3x3 0,1:sep_conv_5x5+sep_conv_3x3 0,1:avg_pool_3x3+dil_conv_3x3 " +
			"reduce 0,1:max_pool_3x3+sep_conv_5x5 1,2:sep_conv_5x5+sep_conv_5x5 0,3:sep_conv_3x3+sep_conv_3x3 1,2:sep_conv_3x3+sep_conv_3x3": 3_634_678,
	} {
		a, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if back := s.Format(a); back != text {
			t.Errorf("%s is written %s", text, back)
		}
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Validate(); err != nil {
			t.Error(err)
		}
		if g.Params() != params {
			t.Errorf("%s has %d params, published are %d", text, g.Params(), params)
		}
	}
}
