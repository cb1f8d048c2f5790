package network

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryNetworkReadsBackFromItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		if err := g.Validate(); err != nil {
			t.Fatalf("%v, for\n%v", err, g)
		}
		back, err := Parse(g.Text())
		if err != nil {
			t.Fatalf("%v, for\n%v", err, g)
		}
		if back.Text() != g.Text() || back.Output != g.Output || len(back.Nodes) != len(g.Nodes) {
			t.Fatalf("this\n%v reads back as\n%v", g, back)
		}
		for i := range g.Nodes {
			a, b := g.Nodes[i], back.Nodes[i]
			if a.ID != b.ID || a.Op != b.Op || a.Shape != b.Shape || a.Scope != b.Scope ||
				len(a.Inputs)+len(b.Inputs) > 0 && !reflect.DeepEqual(a.Inputs, b.Inputs) {
				t.Fatalf("node %+v reads back as %+v", a, b)
			}
		}
	})
}

func TestEveryOperatorReadsBackFromItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		op := randomOp(t)
		if _, err := op.Infer([]Shape{{9, 9, 60}}); err != nil {
			t.Skip(err)
		}
		if back, err := ParseOp(op.String()); err != nil || back != op.normal() {
			t.Fatalf("%v reads back as %v, %v", op, back, err)
		}
	})
}

func TestBrokenTextsAreRefusedWithTheirLine(t *testing.T) {
	const head = "%0 = input : 8x8x1\n"
	for text, want := range map[string]string{
		"":                                                      `the text ends without a line "output %N"`,
		head:                                                    `the text ends without a line "output %N"`,
		head + "output %0\noutput %0\n":                         `line 3: "output %0" follows the output line, which must be the last`,
		head + "output %1\n":                                    "line 2: the output is node 1, but there are nodes 0 to 0 only",
		head + "output 0\n":                                     `line 2: "0" is no node; write %0, %1 and so on`,
		head + "output %00\n":                                   `line 2: "%00" is no node; write %0, %1 and so on`,
		"output %0\n":                                           `line 1: "output %0" is no node; write "%3 = conv(out=16,kernel=3) %2 : 14x14x16"`,
		"%0 = relu : 8x8x1\n":                                   `line 1: the first node must be the input, as "%0 = input : 28x28x1"`,
		"%0 = input : 8x8x0\n":                                  "line 1: shape 8x8x0 has a dimension below 1",
		head + "%1 = relu %0 : 8x8\n":                           `line 2: "8x8" is no shape; write height x width x channels, as 28x28x1`,
		head + "%1 = relu %0\n":                                 `line 2: node %1 has no shape; write ": 14x14x16" after its inputs`,
		head + "%2 = relu %0 : 8x8x1\n":                         "line 2: node %2 stands where %1 is due",
		head + "%1 = relu %1 : 8x8x1\n":                         "line 2: node 1 (activation): input %1 is no earlier node",
		head + "%1 = relu %0 : 8x8x2\n":                         "line 2: node 1 (activation): shape is written 8x8x2, inferred 8x8x1",
		head + "%1 = rellu %0 : 8x8x1\n":                        `line 2: unknown operator "rellu"; nearest is "relu"`,
		head + "%1 = input %0 : 8x8x1\n":                        "line 2: node 1 (input): only node 0 is an input",
		head + "%1 = relu(6) %0 : 8x8x1\n":                      `line 2: relu takes no attributes, but has "6"`,
		head + "%1 = conv(out=4,kernel=3 %0 : 8x8x4\n":          `line 2: operator "conv(out=4,kernel=3" has no closing bracket`,
		head + "%1 = conv(out=4) %0 : 8x8x4\n":                  "line 2: conv: the attribute kernel is missing",
		head + "%1 = conv(out=4,kernel=x) %0 : 8x8x4\n":         "line 2: conv: kernel=x is no number from 1 to 2147483647",
		head + "%1 = conv(out=4,kernel=0) %0 : 8x8x4\n":         "line 2: conv: kernel=0 is no number from 1 to 2147483647",
		head + "%1 = conv(out=4,kernal=3) %0 : 8x8x4\n":         `line 2: conv has no attribute "kernal"; nearest is "kernel"`,
		head + "%1 = conv(out=4,kernel=3,strid=2) %0 : 8x8x4\n": `line 2: conv has no attribute "strid"; nearest is "stride"`,
		head + "%1 = conv(out=4,kernel=3,out=5) %0 : 8x8x4\n":   "line 2: conv has the attribute out twice",
		head + "%1 = conv(out=4,kernel=3,valid=1) %0 : 6x6x4\n": `line 2: conv: valid takes no value, but has "1"`,
		head + "%1 = dropout(rate=half) %0 : 8x8x1\n":           "line 2: dropout: rate=half is no number",
		head + "%1 = dropout(rate=NaN) %0 : 8x8x1\n":            "line 2: node 1 (dropout): rate is NaN; it must be at least 0 and below 1",
		head + "%1 = dropout %0 : 8x8x1\n":                      "line 2: dropout: the attribute rate is missing",
		head + "%1 = conv(out=4,kernel=2) %0 : 8x8x4 # stem\n":  `line 2: node 1 (conv, "stem"): kernel 2 is even, which same padding cannot centre on input 8x8x1; use 3 or valid padding`,
		head + "%1 = relu %0 : 8x8x1 # a\x01b\n":                `line 2: scope "a\x01b" holds unprintable characters or begins or ends with a space`,
	} {
		if g, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q gives %v and says\n%v; want\n%v", text, g, err, want)
		}
	}
}

func TestAttributesMayStandInAnyOrder(t *testing.T) {
	op, err := ParseOp("conv(bias,kernel=3,stride=2,out=8)")
	if want := (Conv{Out: 8, Kernel: 3, Stride: 2, Dilation: 1, Groups: 1, Bias: true}); err != nil || op != want {
		t.Errorf("it reads as %v, %v; want %v", op, err, want)
	}
}

func FuzzParseGraph(f *testing.F) {
	for _, seed := range []string{
		"%1 = conv(out=4,kernel=3,stride=2) %0 : 2x2x4\n%2 = relu6 %1 : 2x2x4\noutput %2\n",
		"%1 = depthwise(kernel=3,valid,bias) %0 : 2x2x2\n%2 = flatten %1 : 1x1x8\n%3 = dense(out=3) %2 : 1x1x3\noutput %3\n",
		"%1 = globalavgpool %0 : 1x1x2\n%2 = multiply %0 %1 : 4x4x2 # head\noutput %2\n",
		"%1 = maxpool(kernel=3) %0 : 4x4x2\n%2 = concat %0 %1 : 4x4x4\n%3 = zero(stride=2) %2 : 2x2x4\noutput %3\n",
	} {
		f.Add("%0 = input : 4x4x2\n" + seed)
	}
	f.Add("%0 = input : 4x4x2\n%1 = dropout(rate=0.25) %0 : 4x4x2 # a b\n%2 = multiply %0 %1 : 4x4x2\noutput %1\n")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := Parse(text)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error without words")
			}
			return
		}
		if err := g.Validate(); err != nil {
			t.Fatalf("a network that was read is invalid: %v", err)
		}
		if c := g.Cost(); c.Params < 0 || c.MACs < 0 || g.PeakMemory() < 0 {
			t.Fatalf("a network costs %+v and %d bytes", c, g.PeakMemory())
		}
		again, err := Parse(g.Text())
		if err != nil || again.Text() != g.Text() {
			t.Fatalf("this\n%v reads back as\n%v, %v", g, again, err)
		}
		if _, err := ParseOp(g.Nodes[g.Output].Op.String()); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(g.DOT(), "}\n") {
			t.Fatal("the Graphviz source does not end")
		}
	})
}
