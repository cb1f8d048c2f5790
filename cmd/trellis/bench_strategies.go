package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/spec"
)

func newBenchStrategies(t *terminal) *cobra.Command {
	type setting struct {
		Name    string `json:"name"`
		Default string `json:"default,omitempty"`
		Range   string `json:"range"`
		Doc     string `json:"doc"`
	}
	type strategy struct {
		Name     string    `json:"name"`
		Doc      string    `json:"doc"`
		Settings []setting `json:"settings"`
	}
	return &cobra.Command{
		Use:   "strategies",
		Short: "List the strategies and their settings",
		Long: `Strategies lists what may stand under strategy in a study file and after --strategies: names, settings, their defaults and
what they may be.`,
		Example: `  trellis bench strategies
  trellis bench strategies --json`,
		Args: takes(),
		RunE: func(*cobra.Command, []string) error {
			var all []strategy
			for _, m := range spec.Strategies() {
				s := strategy{Name: m.Name, Doc: m.Doc, Settings: []setting{}}
				for _, x := range m.Settings {
					s.Settings = append(s.Settings, setting{x.Name, x.Default, x.Range(), x.Doc})
				}
				all = append(all, s)
			}
			return t.print(all, func(w io.Writer) error {
				l := list{gap: " "}
				for _, s := range all {
					l.text(s.Doc, s.Name)
					for _, x := range s.Settings {
						may := x.Range
						if x.Default != "" {
							may += "; default " + x.Default
						}
						l.text(fmt.Sprintf("%s (%s)", x.Doc, may), "  "+x.Name)
					}
				}
				return l.write(w)
			})
		},
	}
}
