package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/strategy"
)

// listed is an entry of a catalogue as the command prints it.
type listed struct {
	Name     string          `json:"name"`
	Doc      string          `json:"doc"`
	Settings []listedSetting `json:"settings"`
}

type listedSetting struct {
	Name    string `json:"name"`
	Default string `json:"default,omitempty"`
	Range   string `json:"range"`
	Doc     string `json:"doc"`
}

func newStrategies(t *terminal.Terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "strategies",
		Short: "List the strategies, schedulers and stopping rules, with their settings",
		Long: `Strategies lists what decides which networks a search tries, with settings, defaults and ranges: the strategies, which a study file names
under strategy and bench search under --strategies; the schedulers, which it names under fidelity.scheduler and which spend little on most
networks; and the rules under fidelity.stop that end a trial early.`,
		Example: `  trellis strategies
  trellis strategies --json`,
		Args: terminal.Takes(),
		RunE: func(*cobra.Command, []string) error {
			all := struct {
				Strategies []listed `json:"strategies"`
				Schedulers []listed `json:"schedulers"`
				Rules      []listed `json:"rules"`
			}{strategies(), schedulers(), rules()}
			return t.Print(all, func(w io.Writer) error {
				for i, group := range []struct {
					title string
					all   []listed
				}{{"Strategies", all.Strategies}, {"Schedulers (fidelity.scheduler)", all.Schedulers}, {"Stopping rules (fidelity.stop)", all.Rules}} {
					if i > 0 {
						fmt.Fprintln(w)
					}
					fmt.Fprintf(w, "%s\n\n", group.title)
					if err := writeListed(w, group.all); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func writeListed(w io.Writer, all []listed) error {
	l := layout.List{Gap: " "}
	for _, s := range all {
		l.Text(s.Doc, s.Name)
		for _, x := range s.Settings {
			may := x.Range
			if x.Default != "" {
				may += "; default " + x.Default
			}
			l.Text(fmt.Sprintf("%s (%s)", x.Doc, may), "  "+x.Name)
		}
	}
	return l.Write(w, terminal.Width(w))
}

func strategies() (all []listed) {
	for _, m := range strategy.Catalogue() {
		s := listed{Name: m.Name, Doc: m.Doc, Settings: []listedSetting{}}
		for _, x := range m.Settings {
			s.Settings = append(s.Settings, listedSetting{x.Name, x.Default, x.Range(), x.Doc})
		}
		all = append(all, s)
	}
	return all
}

func schedulers() (all []listed) {
	for _, m := range multifidelity.Schedulers() {
		all = append(all, listed{m.Name, m.Doc, numbers(append(multifidelity.Shared(), m.Settings...))})
	}
	return all
}

func rules() (all []listed) {
	for _, m := range multifidelity.Rules() {
		all = append(all, listed{m.Name, m.Doc, numbers(m.Settings)})
	}
	return all
}

func numbers(settings []multifidelity.Setting) []listedSetting {
	out := []listedSetting{}
	for _, x := range settings {
		out = append(out, listedSetting{x.Name, x.Default, fmt.Sprintf("%v to %.10g", x.Least, x.Most), x.Doc})
	}
	return out
}
