package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

func TestInitialValuesDependOnSeedAndNameAndNotOnTheOrder(t *testing.T) {
	values := func(seed uint64, names ...string) map[string]float32 {
		s := nn.NewStore(seed)
		first := map[string]float32{}
		for _, n := range names {
			first[n] = s.Param(n, tensor.Of(4), nn.He(9), true).Value.Data()[0]
		}
		return first
	}
	a, b, c := values(1, "x", "y"), values(1, "y", "z", "x"), values(2, "x")
	if a["x"] != b["x"] || a["y"] != b["y"] {
		t.Errorf("in another order the values changed from %v to %v", a, b)
	}
	if a["x"] == a["y"] || a["x"] == c["x"] {
		t.Errorf("values of another name or seed are equal: %v, %v", a, c)
	}
}

func TestInitialValuesHaveTheDocumentedSpread(t *testing.T) {
	for _, c := range []struct {
		name     string
		init     nn.Init
		variance float64
	}{
		{"He with fan 18", nn.He(18), 2. / 18},
		{"Glorot with fans 10 and 14", nn.Glorot(10, 14), 2. / 24},
		{"fill", nn.Fill(0), 0},
	} {
		v := nn.NewStore(3).Param("w", tensor.Of(20000), c.init, true).Value.Data()
		var sum, square float64
		for _, x := range v {
			sum += float64(x)
			square += float64(x) * float64(x)
		}
		mean, variance := sum/20000, square/20000
		if math.Abs(mean) > 0.01 || math.Abs(variance-c.variance) > 0.05*c.variance {
			t.Errorf("%s: mean %.4f and variance %.4f; want 0 and %.4f", c.name, mean, variance, c.variance)
		}
	}
}

func TestRestoringWantsExactlyTheSameTensors(t *testing.T) {
	s := nn.NewStore(1)
	s.Param("w", tensor.Of(2), nn.Fill(1), true)
	s.Buffer("m", tensor.Of(3), 2)
	named := func(name string, dims ...int) tensor.Named {
		return tensor.Named{Name: name, Tensor: tensor.New(tensor.Of(dims...))}
	}
	for _, c := range []struct {
		from []tensor.Named
		want string
	}{
		{[]tensor.Named{named("w", 2)}, `tensor "m" of shape 3 is missing`},
		{[]tensor.Named{named("w", 2), named("m", 3, 1)}, `tensor "m" has shape 3x1; the network needs 3`},
		{[]tensor.Named{named("w", 2), named("m", 3), named("z", 1)}, `tensor "z" is not of this network`},
		{[]tensor.Named{named("w", 2), named("w", 2), named("m", 3)}, `tensor "w" is there twice`},
	} {
		if err := s.Restore(c.from); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("restoring gave %v; want %s", err, c.want)
		}
	}
	if w := s.Params()[0].Value.Data(); w[0] != 1 {
		t.Errorf("a refused restore changed the weights to %v", w)
	}
	saved := s.Snapshot()
	s.Params()[0].Value.Data()[1] = 7
	if err := s.Restore(saved); err != nil || s.Params()[0].Value.Data()[1] != 1 {
		t.Errorf("restoring a snapshot gave %v and weights %v", err, s.Params()[0].Value.Data())
	}
	if s.Count() != 2 {
		t.Errorf("the store counts %d trained numbers; want 2", s.Count())
	}
}
