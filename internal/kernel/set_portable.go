//go:build !amd64 || noasm

package kernel

// available returns the sets this build can run, best first.
func available() []*set { return []*set{portable()} }
