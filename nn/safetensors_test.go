package nn_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

func TestTensorsWrittenAreReadBackBitForBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.String().Filter(func(s string) bool { return s != "__metadata__" && strings.ToValidUTF8(s, "") == s }), rapid.ID[string]).Draw(t, "names")
		var want []tensor.Named
		for _, name := range names {
			shape := tensor.Of(rapid.SliceOfN(rapid.IntRange(0, 4), 0, 4).Draw(t, "shape")...)
			x := tensor.New(shape)
			for i := range x.Data() {
				x.Data()[i] = math.Float32frombits(rapid.Uint32().Draw(t, "bits"))
			}
			want = append(want, tensor.Named{Name: name, Tensor: x})
		}
		metadata := map[string]string{"step": "12", "ü": "\"quoted\""}
		var b bytes.Buffer
		if err := nn.WriteSafetensors(&b, want, metadata); err != nil {
			t.Fatal(err)
		}
		got, meta, err := nn.ReadSafetensors(&b)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) || len(meta) != 2 || meta["ü"] != metadata["ü"] {
			t.Fatalf("%d tensors and metadata %v came back; want %d and %v", len(got), meta, len(want), metadata)
		}
		for i := range want {
			if got[i].Name != want[i].Name || got[i].Shape() != want[i].Shape() {
				t.Fatalf("tensor %d is %q %v; want %q %v", i, got[i].Name, got[i].Shape(), want[i].Name, want[i].Shape())
			}
			for k, v := range want[i].Data() {
				if math.Float32bits(got[i].Data()[k]) != math.Float32bits(v) {
					t.Fatalf("number %d of %q is %v; want %v", k, got[i].Name, got[i].Data()[k], v)
				}
			}
		}
	})
}

// The bytes are those of the reference implementation's format description, written out by hand.
func TestTheBytesOfAFileAreFixed(t *testing.T) {
	var b bytes.Buffer
	x := tensor.View(tensor.Of(1, 2), []float32{1, -2})
	if err := nn.WriteSafetensors(&b, []tensor.Named{{Name: "ab", Tensor: x}}, nil); err != nil {
		t.Fatal(err)
	}
	want := "\x40\x00\x00\x00\x00\x00\x00\x00" + `{"ab":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}       ` + "\x00\x00\x80\x3f\x00\x00\x00\xc0"
	if b.String() != want {
		t.Errorf("the file is\n%q; want\n%q", b.String(), want)
	}
}

func TestABrokenFileIsRefusedWithWhatIsWrong(t *testing.T) {
	one := func(dtype, shape, offsets string) string {
		return `{"a":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	for _, c := range []struct {
		file []byte
		want string
	}{
		{nil, "safetensors: the length of the header cannot be read: EOF"},
		{[]byte("abc"), "safetensors: the length of the header cannot be read: unexpected EOF"},
		{binary.LittleEndian.AppendUint64(nil, 1<<60), "the header claims 1152921504606846976 bytes; at most 100000000 are allowed"},
		{binary.LittleEndian.AppendUint64(nil, 9), "the header claims 9 bytes and 0 are there"},
		{file("", 0), "header: it does not begin with '{'"},
		{file(" {}", 0), "header: it does not begin with '{'"},
		{file("{", 0), "header: EOF"},
		{file("{} x", 0), "header: 2 bytes follow the object"},
		{file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{}}`, 4), `header: the name "a" is there twice`},
		{file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}`, 4), `header: tensor "a": json: unknown field "x"`},
		{file(`{"__metadata__":{"a":1}}`, 0), "header: metadata: json: cannot unmarshal number"},
		{file(one("F16", "[2]", "[0,4]"), 4), `tensor "a": dtype "F16" is not supported; only F32 is`},
		{file(one("F32", "[1,1,1,1,1]", "[0,4]"), 4), `tensor "a": shape [1 1 1 1 1] has more than 4 dimensions`},
		{file(one("F32", "[-1]", "[0,4]"), 4), `tensor "a": shape [-1] has a negative extent`},
		{file(one("F32", "[4000000000,4000000000]", "[0,4]"), 4), `tensor "a": shape [4000000000 4000000000] is too large`},
		{file(one("F32", "[2]", "[0,4]"), 4), `tensor "a" of shape [2] needs 8 bytes and has offsets 0 to 4`},
		{file(one("F32", "[1]", "[4,8]"), 8), `tensor "a" begins at byte 4; the one before it ends at 0`},
		{file(one("F32", "[1]", "[0,4]"), 3), "the tensors need 4 bytes and 3 are there"},
		{file(one("F32", "[1]", "[0,4]"), 5), "there are bytes after the 4 of the tensors"},
	} {
		tensors, _, err := nn.ReadSafetensors(bytes.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || tensors != nil {
			t.Errorf("reading %q gave %v and error\n%v; want\n%s", c.file, tensors, err, c.want)
		}
	}
}

func TestTwoTensorsOfOneNameAreNotWritten(t *testing.T) {
	x := tensor.Named{Name: "a", Tensor: tensor.New(tensor.Of(1))}
	if err := nn.WriteSafetensors(new(bytes.Buffer), []tensor.Named{x, x}, nil); err == nil {
		t.Error("two tensors called a were written")
	}
}

// What reads without error must be written and read back to the same tensors.
func FuzzSafetensors(f *testing.F) {
	f.Add(file(`{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`, 12))
	f.Add(file(`{"__metadata__":{"k":"v"}}   `, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, meta, err := nn.ReadSafetensors(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := nn.WriteSafetensors(&b, tensors, meta); err != nil {
			t.Fatalf("%q was read and cannot be written: %v", data, err)
		}
		again, _, err := nn.ReadSafetensors(bytes.NewReader(b.Bytes()))
		if err != nil || len(again) != len(tensors) {
			t.Fatalf("%q was read and written, and then: %v", data, err)
		}
		for i := range tensors {
			if again[i].Name != tensors[i].Name || again[i].Shape() != tensors[i].Shape() {
				t.Fatalf("tensor %d changed from %q %v to %q %v", i, tensors[i].Name, tensors[i].Shape(), again[i].Name, again[i].Shape())
			}
		}
	})
}
