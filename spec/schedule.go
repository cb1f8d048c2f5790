package spec

import (
	"math"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// Schedule is a scheduler or a stopping rule of the catalogue, with the settings that were given to it.
type Schedule struct {
	Name   string
	Values multifidelity.Values
	given  []string // as they are written, in the order of the catalogue
}

// String is as "asha:min=1,eta=3".
func (s Schedule) String() string {
	if len(s.given) == 0 {
		return s.Name
	}
	return s.Name + ":" + strings.Join(s.given, ",")
}

// readSchedule reads settings of a scheduler or a rule.
func readSchedule(m strict.Map, name string, settings []multifidelity.Setting) Schedule {
	out := Schedule{Name: name, Values: multifidelity.Values{}}
	for _, s := range settings {
		at := m.Get(s.Name)
		if !at.Given() {
			continue
		}
		if s.Whole {
			out.Values[s.Name] = float64(at.Int(0, int64(s.Least), int64(s.Most)))
		} else {
			out.Values[s.Name] = share(at, s.Name, s.Least, s.Most)
		}
		out.given = append(out.given, s.Name+"="+at.Text(""))
	}
	return out
}

// share reads a number above 0 of which least is the smallest, and no number that anybody would write.
func share(v strict.Value, name string, least, most float64) float64 {
	x := v.Float(least, math.Inf(-1), most)
	if x < least {
		v.Fail("%s is %v, want more than 0 and at most %v", name, x, most)
	}
	return x
}

// foreign reports a key that is a setting of other entries of a catalogue. owners are their names, and chosen what is in their place.
func foreign(m strict.Map, key, chosen string, owners []string) {
	m.KeyValue(key).Fail("%s belongs to %s, and %s", key, strings.Join(owners, ", "), chosen)
}

// has reports whether one of the settings has this name.
func has(settings []multifidelity.Setting, name string) bool {
	return slices.ContainsFunc(settings, func(s multifidelity.Setting) bool { return s.Name == name })
}

// opener makes a strategy for a problem.
type opener = func(search.Problem) (search.Strategy, error)

// over returns the scheduler over what inner makes, up to the full fidelity of its stage.
func (s Schedule) over(inner opener, full trial.Fidelity) opener {
	all := multifidelity.Schedulers()
	scheduler := all[slices.IndexFunc(all, func(x multifidelity.Scheduler) bool { return x.Name == s.Name })]
	return func(p search.Problem) (search.Strategy, error) {
		return scheduler.New(p, inner, multifidelity.Config{Full: full}, s.Values)
	}
}

// around returns the stopping rule around what inner makes.
func (s Schedule) around(inner opener) opener {
	all := multifidelity.Rules()
	rule := all[slices.IndexFunc(all, func(x multifidelity.Rule) bool { return x.Name == s.Name })]
	return func(p search.Problem) (search.Strategy, error) {
		made, err := inner(p)
		if err != nil {
			return nil, err
		}
		return rule.New(p, made, s.Values)
	}
}
