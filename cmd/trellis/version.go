package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/terminal"
)

// release is the version of the source tree; a build from a tagged module says its tag instead.
const release = "0.1.0"

type versionInfo struct {
	Trellis string `json:"trellis"`
	Go      string `json:"go"`
	System  string `json:"system"`
	Kernels string `json:"kernels"` // the instruction set that training uses here
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return release
}

func newVersion(t *terminal.Terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the instruction set that training uses on this machine",
		Example: `  trellis version
  trellis version --json`,
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, args []string) error {
			v := versionInfo{version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, kernel.Name()}
			return t.Print(v, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "trellis %s (%s, %s, kernels %s)\n", v.Trellis, v.Go, v.System, v.Kernels)
				return err
			})
		},
	}
}
