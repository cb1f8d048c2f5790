package space

import "fmt"

// The names that nodes give to their decisions and scopes.
const depthName = "depth"

func copyName(i int) string        { return fmt.Sprintf("block%d", i+1) }
func branchName(i int) string      { return fmt.Sprintf("branch%d", i+1) }
func edgeName(to, from int) string { return fmt.Sprintf("node%d.from%d", to, from) }
func skipName(from string) string  { return "from-" + from }
func skipLabel(i int) string       { return [2]string{"0", "1"}[i] }
