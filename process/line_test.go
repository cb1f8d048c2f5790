package process

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestWhatIsNotFiniteReadsHoweverItIsWritten(t *testing.T) {
	m, err := parse([]byte(`{"type":"progress","trial":1,"note":"NaN, Infinity \" NaN","metrics":{"a":NaN,"b":-Infinity,"c":"inf","d":null,"e":1e400,"f":Infinity,"g":"NaN","h":0.25}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := m.(*Progress).Metrics
	wanted := Figures{"a": math.NaN(), "b": math.Inf(-1), "c": math.Inf(1), "d": math.NaN(), "e": math.Inf(1), "f": math.Inf(1), "g": math.NaN(), "h": 0.25}
	for name, want := range wanted {
		if x := got[name]; x != want && !(math.IsNaN(x) && math.IsNaN(want)) {
			t.Errorf("%s is %v, want %v", name, x, want)
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("the metrics are %v", got)
	}
}

func TestABlankLineIsNoMessage(t *testing.T) {
	for _, line := range []string{"", " ", "\r", "\t "} {
		if m, err := parse([]byte(line)); m != nil || err != nil {
			t.Errorf("%q reads as %v, %v", line, m, err)
		}
	}
}

func TestLinesAreReadOneByOneUpToTheirLimit(t *testing.T) {
	r := bufio.NewReaderSize(strings.NewReader("one\n\n"+strings.Repeat("x", 99)+"\nlast"), 16)
	for _, want := range []string{"one", "", strings.Repeat("x", 99), "last"} {
		if line, err := readLine(r, 100); string(line) != want || err != nil {
			t.Errorf("%q, %v; want %q", line, err, want)
		}
	}
	if _, err := readLine(r, 100); !errors.Is(err, io.EOF) {
		t.Errorf("the error is %v", err)
	}
	line, err := readLine(bufio.NewReaderSize(strings.NewReader(strings.Repeat("y", 101)), 16), 100)
	if !errors.Is(err, errTooLong) || !strings.HasPrefix(string(line), "yyy") {
		t.Errorf("%q, %v", line, err)
	}
}

func TestQuotedTextIsCutBetweenLetters(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"short", `"short"`},
		{`a "word"`, "`a \"word\"`"},
		{"\x1b[31m", `"\x1b[31m"`},
		{"\xff", `"\xff"`},
		{strings.Repeat("é", 60), `"` + strings.Repeat("é", 40) + `…"`},
		{"x" + strings.Repeat("é", 60), `"x` + strings.Repeat("é", 39) + `…"`},
	} {
		if got := quoted([]byte(c.text)); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// FuzzParse feeds lines to both parsers: no line breaks them, an error is one line, and a message reads back as it was.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		`{"type":"hello","protocol":1,"resource":{"name":"epochs","full":9},"metrics":[{"name":"accuracy","direction":"maximise"}]}`,
		`{"type":"progress","trial":3,"amount":2,"share":0.5,"metrics":{"loss":NaN,"accuracy":0.5},"spent":{"macs":12}}`,
		`{"type":"result","trial":3,"status":"ok","metrics":{"a":"Infinity"},"artifacts":[{"name":"w","kind":"weights","path":"w.bin"}]}`,
		`{"type":"tested","trial":0,"metrics":{},"detail":[1]}`, `{"type":"heartbeat"}`, `{"type":"error","message":"x"}`,
		`{"type":"trial","trial":1,"stage":"search","decisions":{"a":"b","c":"d"},"fidelity":{"amount":1,"data":1,"resolution":1,"width":1},"seed":"18446744073709551615"}`,
		`{"type":"cancel","trial":1}`, `{"type":"bye"}`, "", "Epoch 1", `{"type":1}`, `{`, `{"type":"result"}`, `{"type":"trial","decisions":[]}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, side := range []func(string) (any, bool){fromProgram, toProgram} {
			m, err := parseOf(line, side, []string{"x"})
			if err != nil {
				if strings.ContainsAny(err.Error(), "\n\r") && !bytes.ContainsAny(line, "\n\r") {
					t.Errorf("the error has several lines: %q", err)
				}
				continue
			}
			if m == nil {
				continue
			}
			kind := typeOf(m)
			if _, known := side(kind); !known {
				continue
			}
			again, err := encode(kind, m)
			if err != nil {
				t.Fatalf("%+v cannot be written: %v", m, err)
			}
			back, err := parseOf(again, side, nil)
			if err != nil {
				t.Fatalf("%q does not read back: %v", again, err)
			}
			third, err := encode(kind, back)
			if err != nil || !bytes.Equal(again, third) {
				t.Fatalf("%q reads back as %q, %v", again, third, err)
			}
		}
	})
}

func TestDecisionsKeepTheirOrder(t *testing.T) {
	ds := Decisions{{"z", "3<4"}, {"a", "x"}}
	text, err := plainJSON(ds)
	if err != nil || string(text) != `{"z":"3<4","a":"x"}` {
		t.Errorf("%s, %v", text, err)
	}
	var back Decisions
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, ds) {
		t.Errorf("%v, %v", back, err)
	}
	if option, ok := back.Option("z"); option != "3<4" || !ok {
		t.Errorf("z is %q, %v", option, ok)
	}
	if _, ok := back.Option("b"); ok {
		t.Error("there is a decision b")
	}
}
