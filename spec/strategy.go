package spec

import (
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/strategy"
)

// Strategy is the strategy of a stage, as a study file chooses it.
type Strategy struct {
	strategy.Chosen
	at strict.Value
}

// readStrategy reads the strategy of a study file: a name, or a mapping of the name and settings.
func readStrategy(v strict.Value) Strategy {
	name := v
	var keys strict.Map
	if v.IsMap() {
		keys = v.AnyMap()
		name = keys.Get("name")
	}
	chosen, err := strategy.Choose(name.Text(strategy.Default))
	if err != nil {
		name.Fail("%v", err)
		return Strategy{at: v}
	}
	for _, key := range keys.Keys() {
		if key == "name" {
			continue
		}
		if err := chosen.Has(key); err != nil {
			keys.KeyValue(key).Fail("%v", err)
			break
		}
		at := keys.Get(key)
		if !at.Given() {
			continue
		}
		if chosen, err = chosen.With(key, at.Text("")); err != nil {
			at.Fail("%v", err)
			break
		}
	}
	if setting, err := chosen.Check(); err != nil {
		at := keys.Get(setting)
		if !at.Given() {
			at = name
		}
		at.Fail("%v", err)
	}
	return Strategy{chosen, v}
}
