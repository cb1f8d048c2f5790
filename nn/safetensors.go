package nn

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/tensor"
)

// The safetensors format, as far as this package writes it:
//
//	8 bytes        N, the length of the header, little endian
//	N bytes        the header, a JSON object that begins with '{' and may be padded at its end with spaces:
//	               {"__metadata__": {"key": "text", …},
//	                "name": {"dtype": "F32", "shape": [3, 3, 16, 16], "data_offsets": [begin, end]}, …}
//	the rest       the tensors, little endian, row-major; offsets count from the first byte after the header,
//	               and the tensors cover the rest without holes or overlaps
//
// Everything is float32 here; other dtypes are refused by name.

// maxHeader is the limit that the reference implementation sets to the header.
const maxHeader = 100_000_000

const metadataKey = "__metadata__"

// WriteSafetensors writes tensors in the given order, with metadata (which may be nil) in the order of its keys. The
// same tensors give the same bytes.
func WriteSafetensors(w io.Writer, tensors []tensor.Named, metadata map[string]string) error {
	var header bytes.Buffer
	header.WriteByte('{')
	field := func(name string, value any) error {
		k, err := json.Marshal(name)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if header.Len() > 1 {
			header.WriteByte(',')
		}
		header.Write(k)
		header.WriteByte(':')
		header.Write(v)
		return nil
	}
	if len(metadata) > 0 { // encoding/json writes a map in the order of its keys
		if err := field(metadataKey, metadata); err != nil {
			return fmt.Errorf("safetensors: metadata: %w", err)
		}
	}
	seen := map[string]bool{}
	at := int64(0)
	for _, t := range tensors {
		if t.Name == metadataKey || seen[t.Name] {
			return fmt.Errorf("safetensors: the name %q is taken", t.Name)
		}
		seen[t.Name] = true
		e := entry{"F32", t.Shape().Dims(), [2]int64{at, at + 4*int64(len(t.Data()))}}
		if e.Shape == nil {
			e.Shape = []int{}
		}
		if err := field(t.Name, e); err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", t.Name, err)
		}
		at = e.Offsets[1]
	}
	header.WriteByte('}')
	for header.Len()%8 != 0 {
		header.WriteByte(' ')
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(header.Len())); err != nil {
		return err
	}
	if _, err := w.Write(header.Bytes()); err != nil {
		return err
	}
	var buf []byte
	for _, t := range tensors {
		buf = slices.Grow(buf[:0], 4*len(t.Data()))
		for _, v := range t.Data() {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

type entry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// ReadSafetensors reads a whole file. It is strict: holes, overlaps, surplus bytes, duplicate names, unknown fields,
// ranks above tensor.MaxRank and dtypes other than F32 are errors that say where. It never allocates more than the input has.
func ReadSafetensors(r io.Reader) (tensors []tensor.Named, metadata map[string]string, err error) {
	tensors, metadata, err = readSafetensors(r)
	if err != nil {
		return nil, nil, fmt.Errorf("safetensors: %w", err)
	}
	return tensors, metadata, nil
}

func readSafetensors(r io.Reader) ([]tensor.Named, map[string]string, error) {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, nil, fmt.Errorf("the length of the header cannot be read: %w", err)
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n > maxHeader {
		return nil, nil, fmt.Errorf("the header claims %d bytes; at most %d are allowed", n, maxHeader)
	}
	header, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return nil, nil, err
	}
	if uint64(len(header)) < n {
		return nil, nil, fmt.Errorf("the header claims %d bytes and %d are there", n, len(header))
	}
	names, entries, metadata, err := parseHeader(header)
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	total, err := checkLayout(names, entries)
	if err != nil {
		return nil, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, total+1))
	if err != nil {
		return nil, nil, err
	}
	if int64(len(data)) < total {
		return nil, nil, fmt.Errorf("the tensors need %d bytes and %d are there", total, len(data))
	}
	if int64(len(data)) > total {
		return nil, nil, fmt.Errorf("there are bytes after the %d of the tensors", total)
	}
	tensors := make([]tensor.Named, len(names))
	for i, name := range names {
		e := entries[i]
		t := tensor.New(tensor.Of(e.Shape...))
		raw := data[e.Offsets[0]:e.Offsets[1]]
		for k := range t.Data() {
			t.Data()[k] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:]))
		}
		tensors[i] = tensor.Named{Name: name, Tensor: t}
	}
	return tensors, metadata, nil
}

// parseHeader reads the JSON object member by member, because encoding/json alone would let a repeated name win silently.
func parseHeader(header []byte) (names []string, entries []entry, metadata map[string]string, err error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, nil, errors.New("it does not begin with '{'")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	d.DisallowUnknownFields()
	if _, err := d.Token(); err != nil {
		return nil, nil, nil, err
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, nil, err
		}
		name := key.(string) // an object's keys are strings or Token fails
		if seen[name] {
			return nil, nil, nil, fmt.Errorf("the name %q is there twice", name)
		}
		seen[name] = true
		if name == metadataKey {
			if err := d.Decode(&metadata); err != nil {
				return nil, nil, nil, fmt.Errorf("metadata: %w", err)
			}
			continue
		}
		var e entry
		if err := d.Decode(&e); err != nil {
			return nil, nil, nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		names, entries = append(names, name), append(entries, e)
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, nil, err
	}
	if rest := bytes.TrimRight(header[d.InputOffset():], " "); len(rest) > 0 {
		return nil, nil, nil, fmt.Errorf("%d bytes follow the object", len(rest))
	}
	return names, entries, metadata, nil
}

// checkLayout returns the length of the data, having checked that the tensors cover it exactly.
func checkLayout(names []string, entries []entry) (int64, error) {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		for k := range 2 {
			if x, y := entries[a].Offsets[k], entries[b].Offsets[k]; x != y {
				return int(min(max(x-y, -1), 1))
			}
		}
		return 0
	})
	at := int64(0)
	for _, i := range order {
		e := entries[i]
		size, err := e.bytes()
		if err != nil {
			return 0, fmt.Errorf("tensor %q: %w", names[i], err)
		}
		if e.Offsets[0] != at {
			return 0, fmt.Errorf("tensor %q begins at byte %d; the one before it ends at %d", names[i], e.Offsets[0], at)
		}
		if e.Offsets[1] < at || e.Offsets[1]-at != size {
			return 0, fmt.Errorf("tensor %q of shape %v needs %d bytes and has offsets %d to %d",
				names[i], e.Shape, size, e.Offsets[0], e.Offsets[1])
		}
		at = e.Offsets[1]
	}
	return at, nil
}

func (e entry) bytes() (int64, error) {
	if e.DType != "F32" {
		return 0, fmt.Errorf("dtype %q is not supported; only F32 is", e.DType)
	}
	if len(e.Shape) > tensor.MaxRank {
		return 0, fmt.Errorf("shape %v has more than %d dimensions", e.Shape, tensor.MaxRank)
	}
	n := int64(4)
	for _, d := range e.Shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative extent", e.Shape)
		}
		if d > 0 && n > math.MaxInt64/4/int64(d) {
			return 0, fmt.Errorf("shape %v is too large", e.Shape)
		}
		n *= int64(d)
	}
	return n, nil
}
