package strict_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/strict"
)

func TestAWellFormedFileIsReadByType(t *testing.T) {
	d := strict.Parse("a.yaml", []byte("name: shirts\nmacs: 10M\nlist: [1, 2]\nrate: 5e-4\ntime: 20m\non: true\nnothing:\nsizes:\n  a: 1.5k\n"))
	m := d.Root().Map("name", "macs", "list", "rate", "time", "on", "nothing", "sizes", "absent")
	if got := m.Need("name").Text(""); got != "shirts" {
		t.Errorf("name is %q", got)
	}
	if got := m.Get("macs").Int(0, 1, 1e12); got != 10_000_000 {
		t.Errorf("macs is %d", got)
	}
	if l := m.Get("list").List(); len(l) != 2 || l[1].Int(0, 0, 9) != 2 {
		t.Errorf("list is %v", l)
	}
	if got := m.Get("rate").Float(0, 0, 1); got != 5e-4 {
		t.Errorf("rate is %v", got)
	}
	if got := m.Get("time").Duration(0); got != 20*time.Minute {
		t.Errorf("time is %v", got)
	}
	if !m.Get("on").Bool(false) || m.Get("nothing").Given() || m.Get("absent").Given() {
		t.Error("presence is wrong")
	}
	if got := m.Get("sizes").Map("a").Get("a").Int(0, 0, 1e6); got != 1500 {
		t.Errorf("sizes.a is %d", got)
	}
	if got := m.Get("absent").Int(42, 0, 50); got != 42 {
		t.Errorf("absent key reads %d, want its default", got)
	}
	if err := d.Err(); err != nil {
		t.Error(err)
	}
}

func TestEachMistakeIsOneSentenceWithItsPlace(t *testing.T) {
	read := func(text string) error {
		d := strict.Parse("a.yaml", []byte(text))
		m := d.Root().Map("name", "epochs", "schedule", "flags", "patience", "rate")
		m.Need("name").Text("")
		m.Get("epochs").Int(0, 1, 1000)
		m.Get("schedule").Word("", "constant", "cosine", "one-cycle")
		for _, f := range m.Get("flags").List() {
			f.Bool(false)
		}
		m.Get("patience").Duration(0)
		m.Get("rate").Float(0, 0, 1)
		return d.Err()
	}
	for _, c := range []struct{ text, want string }{
		{"", `a.yaml:1:1: the file is empty`},
		{"# only a remark\n", `a.yaml:1:1: the file is empty`},
		{"epochs: 3\n", `a.yaml:1:1: "name" is missing`},
		{"name: x\nepoch: 3\n", `a.yaml:2:1: unknown key "epoch"; the nearest is "epochs" (of name, epochs, schedule, flags, patience, rate)`},
		{"name: x\nname: y\n", `a.yaml:2:1: key "name" is given twice; it stands in line 1 already`},
		{"name: x\nepochs: three\n", `a.yaml:2:9: epochs is "three", want a whole number`},
		{"name: x\nepochs: 2.5\n", `a.yaml:2:9: epochs is "2.5", want a whole number`},
		{"name: x\nepochs: 0\n", `a.yaml:2:9: epochs is 0, want at least 1`},
		{"name: x\nepochs: 2k\n", `a.yaml:2:9: epochs is 2k, want at most 1000`},
		{"name: x\nepochs: 99999999999999999999\n", `a.yaml:2:9: epochs is 99999999999999999999, want at most 1000`},
		{"name: x\nepochs: 9G9\n", `a.yaml:2:9: epochs is "9G9", want a whole number`},
		{"name: x\n\tepochs: 3\n", `a.yaml:2:1: this is not YAML: a tab stands here; lines are indented by spaces`},
		{"name: x\nepochs: [3]\n", `a.yaml:2:9: epochs is a list, want a whole number`},
		{"name: x\nschedule: one_cycle\n", `a.yaml:2:11: schedule "one_cycle" is unknown; the nearest is "one-cycle" (of constant, cosine, one-cycle)`},
		{"name: x\nflags: yes\n", `a.yaml:2:8: flags is "yes", want a list, such as [yes]`},
		{"name: x\nflags: [true, 1]\n", `a.yaml:2:15: flags is "1", want true or false`},
		{"name: x\npatience: 3\n", `a.yaml:2:11: patience is "3", want a time such as 90s, 20m or 1h30m`},
		{"name: x\npatience: 999999999h\n", `a.yaml:2:11: patience is 999999999h, want at most 2562047 hours`},
		{"name: x\npatience: [3s]\n", `a.yaml:2:11: patience is a list, want a time such as 90s, 20m or 1h30m`},
		{"name: x\nrate: {a: 1}\n", `a.yaml:2:7: rate is a mapping, want a number`},
		{"name: x\npatience: -3s\n", `a.yaml:2:11: patience is -3s, want more than 0s`},
		{"name: x\nrate: .nan\n", `a.yaml:2:7: rate is ".nan", want a number`},
		{"name: {a: 1}\n", `a.yaml:1:7: name is a mapping, want a word`},
		{"name: &a x\nrate: *a\n", `a.yaml:1:7: anchors, aliases and merge keys are not part of this format: write the value out`},
		{"name: !!str x\n", `a.yaml:1:7: tags are not part of this format`},
		{"- name\n", `a.yaml:1:1: the value is a list, want a mapping`},
		{"name: x\n---\nname: y\n", `a.yaml:3:1: the file holds 2 documents, want 1`},
		{"name: 'x\n", `a.yaml:1:7: this is not YAML: could not find end character of single-quoted text`},
	} {
		err := read(c.text)
		if err == nil {
			t.Errorf("%q is accepted, want %s", c.text, c.want)
		} else if err.Error() != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, err, c.want)
		}
	}
}

func FuzzReading(f *testing.F) {
	f.Add("name: x\nepochs: [1, {a: b}]\n")
	f.Add("a: &b\n  c: *b\n<<: {d: e}\n")
	f.Add("? [complex]\n: key\n")
	f.Fuzz(func(t *testing.T, text string) {
		d := strict.Parse("f.yaml", []byte(text))
		var visit func(v strict.Value, depth int)
		visit = func(v strict.Value, depth int) {
			switch {
			case v.IsMap():
				m := v.AnyMap()
				for _, k := range m.Keys() {
					visit(m.Get(k), depth+1)
				}
			case v.IsList():
				for _, e := range v.List() {
					visit(e, depth+1)
				}
			default:
				v.Int(0, 0, 1<<40)
			}
		}
		visit(d.Root(), 0)
		if err := d.Err(); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("the error spreads over lines: %q", err)
		}
	})
}
