package spec

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/search"
)

// Strategy is a strategy of the catalogue with the settings that were given to it, all of them valid.
type Strategy struct {
	Name   string
	Values Values
	at     strict.Value
}

// String returns what ParseStrategy reads: "evolution" or "evolution:population=50,sample=10".
func (s Strategy) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	for i, a := range s.Values.given {
		b.WriteByte(":,"[min(i, 1)])
		b.WriteString(a.name + "=" + a.text)
	}
	return b.String()
}

// New makes the strategy. It may be made any number of times; each is independent of the others.
func (s Strategy) New(p search.Problem) (search.Strategy, error) {
	m, ok := method(s.Name)
	if !ok {
		return nil, unknownStrategy(s.Name)
	}
	opened, err := m.open(p, s.Values)
	if err != nil || !s.Values.Given(burstSetting.Name) || s.Values.Int(burstSetting.Name) == 0 {
		return opened, err
	}
	return search.NewVigilant(p, opened, s.Values.Int(burstSetting.Name))
}

func unknownStrategy(name string) error {
	return fmt.Errorf("strategy %q is unknown; the nearest is %q", name, nearest.Word(name, StrategyNames()))
}

// ParseStrategy reads a strategy as it is written on a command line: a name of the catalogue and, after a colon, its
// settings: "evolution:population=50,sample=10". An unknown name, an unknown setting and a value out of range are errors
// that name the nearest valid one.
func ParseStrategy(text string) (Strategy, error) {
	name, rest, settings := strings.Cut(text, ":")
	m, ok := method(name)
	if !ok {
		return Strategy{}, unknownStrategy(name)
	}
	s := Strategy{Name: name, Values: Values{settings: m.Settings}}
	parts := strings.Split(rest, ",")
	if !settings {
		parts = nil
	}
	for _, part := range parts {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return Strategy{}, fmt.Errorf("strategy %q: setting %q has no value: write SETTING=VALUE", text, part)
		}
		fault := m.settingFault(key, value)
		if fault == "" && s.Values.Given(key) {
			fault = key + " is given twice"
		}
		if fault != "" {
			return Strategy{}, fmt.Errorf("strategy %q: %s", text, fault)
		}
		s.Values.given = append(s.Values.given, assignment{key, value})
	}
	if _, fault := m.disagreement(s.Values); fault != "" {
		return Strategy{}, fmt.Errorf("strategy %q: %s", text, fault)
	}
	return s, nil
}

// ParseStrategies reads a list of strategies with commas between them, "random,evolution:population=50,sample=10,local":
// a part with an equals sign and no colon is one more setting of the strategy before it.
func ParseStrategies(text string) ([]Strategy, error) {
	var texts []string
	for _, part := range strings.Split(text, ",") {
		if last := len(texts) - 1; last >= 0 && strings.Contains(part, "=") && !strings.Contains(part, ":") {
			texts[last] += "," + part
		} else {
			texts = append(texts, part)
		}
	}
	out := make([]Strategy, len(texts))
	for i, t := range texts {
		if t == "" {
			return nil, fmt.Errorf("%q: a name is missing beside a comma", text)
		}
		s, err := ParseStrategy(t)
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

// readStrategy reads the strategy of a study file: a name, or a mapping of the name and settings.
func readStrategy(v strict.Value) Strategy {
	name := v
	var keys strict.Map
	if v.IsMap() {
		keys = v.AnyMap()
		name = keys.Get("name")
	}
	s := Strategy{Name: name.Text(DefaultStrategy), at: v}
	m, ok := method(s.Name)
	if !ok {
		name.Fail("%s", unknownStrategy(s.Name))
	}
	s.Values.settings = m.Settings
	for _, key := range keys.Keys() {
		if key == "name" {
			continue
		}
		if _, ok := m.setting(key); !ok {
			keys.KeyValue(key).Fail("%s", m.foreign(key))
			return s
		}
		at := keys.Get(key)
		if !at.Given() {
			continue
		}
		text := at.Text("")
		if fault := m.settingFault(key, text); fault != "" {
			at.Fail("%s", fault)
			return s
		}
		s.Values.given = append(s.Values.given, assignment{key, text})
	}
	if setting, fault := m.disagreement(s.Values); fault != "" {
		at := keys.Get(setting)
		if !at.Given() {
			at = name
		}
		at.Fail("%s", fault)
	}
	return s
}
