package space

import "strconv"

// path is the chain of scopes around a place of the tree; nil is the root. An element is a word, a number behind it if that is not 0.
// The text is put together only when somebody asks, because most derivations never do.
type path struct {
	outer  *path
	word   string
	number int
}

func (p *path) element() string {
	if p.number == 0 {
		return p.word
	}
	return p.word + strconv.Itoa(p.number)
}

// String returns the names of all scopes, the outermost first, joined by dots.
func (p *path) String() string { return p.join("") }

// join returns the full name of something called name in the scope.
func (p *path) join(name string) string {
	for ; p != nil; p = p.outer {
		if name == "" {
			name = p.element()
		} else {
			name = p.element() + "." + name
		}
	}
	return name
}

// The names that nodes give to decisions and scopes.
const (
	depthName    = "depth"
	copyWord     = "block"
	branchWord   = "branch"
	cellWord     = "cell"
	edgeToWord   = "node"
	edgeFromWord = "from"
	skipPrefix   = "from-"
)

// skipLabel is the label of option i of a binary decision of [Skips].
func skipLabel(i int) string { return strconv.Itoa(i) }
