package network

import (
	"strconv"
	"strings"
)

// opText collects the attributes of an operator's text form.
type opText struct{ b strings.Builder }

func (t *opText) attribute(text string) {
	if t.b.Len() > 0 {
		t.b.WriteByte(',')
	}
	t.b.WriteString(text)
}

func (t *opText) number(name string, v int) { t.attribute(name + "=" + strconv.Itoa(v)) }

func (t *opText) numberUnless(name string, v, unless int) {
	if v != unless {
		t.number(name, v)
	}
}

func (t *opText) real(name string, v float32) {
	t.attribute(name + "=" + strconv.FormatFloat(float64(v), 'g', -1, 32))
}

func (t *opText) flag(name string, on bool) {
	if on {
		t.attribute(name)
	}
}

func (t *opText) of(kind string) string {
	if t.b.Len() == 0 {
		return kind
	}
	return kind + "(" + t.b.String() + ")"
}
