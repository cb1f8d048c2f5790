package data

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// applied runs an augmentation on an image whose pixels are all different and not 0, and returns both.
func applied(a Augment, s Shape, r *rand.Rand) (src, dst []float32) {
	src, dst = make([]float32, s.Len()), make([]float32, s.Len())
	for i := range src {
		src[i], dst[i] = float32(i+1), -999
	}
	a.Apply(dst, src, Canvas{Shape: s, Black: []float32{-1, -2, -3}[:s.C]}, r)
	return src, dst
}

func shapes(rt *rapid.T) Shape {
	return Shape{rapid.IntRange(1, 9).Draw(rt, "h"), rapid.IntRange(1, 9).Draw(rt, "w"), rapid.SampledFrom([]int{1, 3}).Draw(rt, "c")}
}

func chance(rt *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0)) }

func TestACropIsTheImageShiftedWithBlackBesideIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, padding := shapes(rt), rapid.IntRange(0, 12).Draw(rt, "padding")
		src, dst := applied(Crop{Padding: padding}, s, chance(rt))
		if !slices.ContainsFunc(shifts(padding), func(shift [2]int) bool { return slices.Equal(dst, shifted(src, s, shift)) }) {
			rt.Fatalf("%v of %v is no shift by up to %d: %v", src, s, padding, dst)
		}
	})
}

func shifts(padding int) (all [][2]int) {
	for dy := -padding; dy <= padding; dy++ {
		for dx := -padding; dx <= padding; dx++ {
			all = append(all, [2]int{dy, dx})
		}
	}
	return all
}

// shifted is the plain definition, pixel by pixel.
func shifted(src []float32, s Shape, by [2]int) []float32 {
	dst := make([]float32, len(src))
	for y := range s.H {
		for x := range s.W {
			for c := range s.C {
				fromY, fromX := y+by[0], x+by[1]
				v := float32(-1 - c)
				if fromY >= 0 && fromY < s.H && fromX >= 0 && fromX < s.W {
					v = src[(fromY*s.W+fromX)*s.C+c]
				}
				dst[(y*s.W+x)*s.C+c] = v
			}
		}
	}
	return dst
}

func TestAReflectedCropShowsNothingButTheImage(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes(rt)
		src, dst := applied(Crop{Padding: 12, Reflect: true}, s, chance(rt))
		for i, v := range dst {
			if at := slices.Index(src, v); at < 0 || at%s.C != i%s.C {
				rt.Fatalf("value %d is %v, which is not of the image or of another channel", i, v)
			}
		}
	})
}

func TestReflectionDoesNotRepeatTheBorder(t *testing.T) {
	var got []int
	for i := -4; i < 8; i++ {
		got = append(got, mirror(i, 4))
	}
	if want := []int{2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("positions -4 to 7 of 4 pixels show %v; want %v", got, want)
	}
}

func TestAFlipMirrorsAboutHalfOfTheImages(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []Shape{{2, 3, 1}, {2, 3, 3}} {
		mirrored := 0
		for range 1000 {
			src, dst := applied(Flip{}, s, r)
			if slices.Equal(src, dst) {
				continue
			}
			mirrored++
			for y := range s.H {
				for x := range s.W {
					for c := range s.C {
						if dst[(y*s.W+x)*s.C+c] != src[(y*s.W+s.W-1-x)*s.C+c] {
							t.Fatalf("%v is not the mirror image of %v", dst, src)
						}
					}
				}
			}
		}
		if mirrored < 430 || mirrored > 570 { // beyond 4 standard deviations
			t.Errorf("%d of 1000 images were mirrored", mirrored)
		}
	}
}

func TestCutoutErasesOneSquareToTheMean(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, size := shapes(rt), rapid.IntRange(1, 12).Draw(rt, "size")
		src, dst := applied(Cutout{Size: size}, s, chance(rt))
		y0, y1, x0, x1, erased := s.H, -1, s.W, -1, 0
		for i, v := range dst {
			if v == src[i] {
				continue
			}
			if v != 0 {
				rt.Fatalf("value %d became %v; want 0", i, v)
			}
			y, x := i/s.C/s.W, i/s.C%s.W
			y0, y1, x0, x1 = min(y0, y), max(y1, y), min(x0, x), max(x1, x)
			erased++
		}
		if erased == 0 {
			rt.Fatal("nothing was erased")
		}
		if h, w := y1-y0+1, x1-x0+1; erased != h*w*s.C || h > size || w > size {
			rt.Fatalf("%d values were erased inside %dx%d pixels; want one square of %d or its part inside the image", erased, h, w, size)
		}
	})
}

func TestCutoutKeepsItsFullSizeInsideTheImage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	full := 0
	for range 300 {
		_, dst := applied(Cutout{Size: 4}, Shape{20, 20, 1}, r)
		erased := 0
		for _, v := range dst {
			if v == 0 {
				erased++
			}
		}
		if erased == 16 {
			full++
		}
	}
	if full < 180 || full > 250 { // (17/20)² of the centres leave the square inside: 217 of 300, standard deviation 7.8
		t.Errorf("%d of 300 squares were whole", full)
	}
}

func TestAugmentationsOfNoSizeChangeNothing(t *testing.T) {
	for _, a := range []Augment{Crop{}, Crop{Padding: -1}, Cutout{}} {
		if src, dst := applied(a, Shape{3, 3, 1}, rand.New(rand.NewPCG(1, 1))); !slices.Equal(src, dst) {
			t.Errorf("%v changed the image", a)
		}
	}
}

func TestAnAugmentationNamesItsSettings(t *testing.T) {
	for want, a := range map[string]Augment{"crop(padding=4)": Crop{Padding: 4}, "crop(padding=4,reflect)": Crop{4, true}, "flip": Flip{}, "cutout(size=8)": Cutout{8}} {
		if a.String() != want {
			t.Errorf("it calls itself %s; want %s", a, want)
		}
	}
}
