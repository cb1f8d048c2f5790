package strategy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/search"
)

// Chosen is a strategy of the catalogue with the settings that were given to it, all of them valid.
type Chosen struct {
	Name   string
	Values Values
}

// Choose begins a choice: a strategy of the catalogue without any setting given. The error names the nearest name.
func Choose(name string) (Chosen, error) {
	m, ok := method(name)
	if !ok {
		return Chosen{}, unknownStrategy(name)
	}
	return Chosen{Name: name, Values: Values{settings: m.Settings}}, nil
}

// Has reports whether the strategy has a setting of this name; the error says whose it is otherwise.
func (s Chosen) Has(setting string) error {
	m, _ := method(s.Name)
	if _, ok := m.setting(setting); !ok {
		return errors.New(m.foreign(setting))
	}
	return nil
}

// With returns the choice with one more setting given, as it is written in a study file. The error says what is wrong with it.
func (s Chosen) With(setting, value string) (Chosen, error) {
	m, _ := method(s.Name)
	if fault := m.settingFault(setting, value); fault != "" {
		return s, errors.New(fault)
	}
	if s.Values.Given(setting) {
		return s, errors.New(setting + " is given twice")
	}
	s.Values.given = append(slices.Clip(s.Values.given), assignment{setting, value})
	return s, nil
}

// Check says whether the settings agree with each other: at which setting they do not, and why.
func (s Chosen) Check() (setting string, err error) {
	m, _ := method(s.Name)
	setting, fault := m.disagreement(s.Values)
	if fault == "" {
		return "", nil
	}
	return setting, errors.New(fault)
}

// String returns what Parse reads: "evolution" or "evolution:population=50,sample=10".
func (s Chosen) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	for i, a := range s.Values.given {
		b.WriteByte(":,"[min(i, 1)])
		b.WriteString(a.name + "=" + a.text)
	}
	return b.String()
}

// New makes the strategy. It may be made any number of times; each is independent of the others.
func (s Chosen) New(p search.Problem) (search.Strategy, error) {
	m, ok := method(s.Name)
	if !ok {
		return nil, unknownStrategy(s.Name)
	}
	opened, err := m.open(p, s.Values)
	if err != nil || !s.Values.Given(restartSetting.Name) || s.Values.Int(restartSetting.Name) == 0 {
		return opened, err
	}
	return search.NewRestarts(p, opened, s.Values.Int(restartSetting.Name))
}

func unknownStrategy(name string) error {
	return fmt.Errorf("strategy %q is unknown; the nearest is %q", name, nearest.Word(name, Names()))
}

// Parse reads a strategy as it is written on a command line: a name of the catalogue and, after a colon, its
// settings: "evolution:population=50,sample=10". An unknown name, an unknown setting and a value out of range are errors
// that name the nearest valid one.
func Parse(text string) (Chosen, error) {
	name, rest, settings := strings.Cut(text, ":")
	s, err := Choose(name)
	if err != nil {
		return Chosen{}, err
	}
	parts := strings.Split(rest, ",")
	if !settings {
		parts = nil
	}
	for _, part := range parts {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return Chosen{}, fmt.Errorf("strategy %q: setting %q has no value: write SETTING=VALUE", text, part)
		}
		if s, err = s.With(key, value); err != nil {
			return Chosen{}, fmt.Errorf("strategy %q: %w", text, err)
		}
	}
	if _, err := s.Check(); err != nil {
		return Chosen{}, fmt.Errorf("strategy %q: %w", text, err)
	}
	return s, nil
}

// ParseList reads a list of strategies with commas between them, "random,evolution:population=50,sample=10,local":
// a part with an equals sign and no colon is one more setting of the strategy before it.
func ParseList(text string) ([]Chosen, error) {
	var texts []string
	for _, part := range strings.Split(text, ",") {
		if last := len(texts) - 1; last >= 0 && strings.Contains(part, "=") && !strings.Contains(part, ":") {
			texts[last] += "," + part
		} else {
			texts = append(texts, part)
		}
	}
	out := make([]Chosen, len(texts))
	for i, t := range texts {
		if t == "" {
			return nil, fmt.Errorf("%q: a name is missing beside a comma", text)
		}
		s, err := Parse(t)
		if err != nil {
			return nil, err
		}
		for _, before := range out[:i] {
			if before.String() == s.String() {
				return nil, fmt.Errorf("strategy %q is listed twice", s)
			}
		}
		out[i] = s
	}
	return out, nil
}

// settingFault says what is wrong with one setting; empty means nothing.
func (m Method) settingFault(name, value string) string {
	if s, ok := m.setting(name); ok {
		return s.fault(value)
	}
	return m.foreign(name)
}

// foreign says why a setting is none of the method's: it is another strategy's, or nobody's.
func (m Method) foreign(name string) string {
	var owners []string
	for _, other := range catalogue {
		if _, ok := other.setting(name); ok {
			owners = append(owners, other.Name)
		}
	}
	if len(owners) > 0 {
		return fmt.Sprintf("%s belongs to %s, and the strategy is %s", name, strings.Join(owners, ", "), m.Name)
	}
	own := make([]string, len(m.Settings))
	for i, s := range m.Settings {
		own[i] = s.Name
	}
	if len(own) == 0 {
		return fmt.Sprintf("unknown setting %q: %s has none", name, m.Name)
	}
	return fmt.Sprintf("unknown setting %q of %s; %s", name, m.Name, nearest.Advice(name, own))
}

func (m Method) disagreement(v Values) (setting, fault string) {
	if m.agree == nil {
		return "", ""
	}
	return m.agree(v)
}
