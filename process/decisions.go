package process

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/trellis-nas/trellis/space"
)

// Decision is a decision of an architecture and the label of the option it takes.
type Decision struct {
	Name   string
	Option string
}

// Decisions are those of one architecture, in the order in which they are met: in JSON an object.
type Decisions []Decision

// decisionsOf returns the decisions of an architecture, which must be of the space.
func decisionsOf(s *space.Space, a space.Arch) Decisions {
	var out Decisions
	for _, d := range s.Decisions(a) {
		out = append(out, Decision{d.Name, d.Options[d.Chosen]})
	}
	return out
}

// Option returns the option that a decision takes, and whether the architecture meets the decision at all.
func (ds Decisions) Option(name string) (string, bool) {
	for _, d := range ds {
		if d.Name == name {
			return d.Option, true
		}
	}
	return "", false
}

// MarshalJSON writes an object in the order of the decisions.
func (ds Decisions) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, d := range ds {
		if i > 0 {
			b = append(b, ',')
		}
		for _, word := range []string{d.Name, d.Option} {
			text, err := plainJSON(word)
			if err != nil {
				return nil, err
			}
			b = append(append(b, text...), ':')
		}
		b = b[:len(b)-1]
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads an object of strings in its order.
func (ds *Decisions) UnmarshalJSON(b []byte) error {
	*ds = nil
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("decisions are an object, not %s", quoted(b))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var option string
		if err := d.Decode(&option); err != nil {
			return fmt.Errorf("decision %q: %w", name, err)
		}
		*ds = append(*ds, Decision{fmt.Sprint(name), option})
	}
	return nil
}
