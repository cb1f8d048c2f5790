// Package strict reads YAML the way a careful clerk does: every key must be known, every value of its type and in its
// range, and what is wrong is said once, in one sentence, with file, line, column, the value found and the nearest
// valid one.
//
// A Doc keeps the first mistake in the order of the text's reading; all later reads are harmless and return zero values,
// so a reader is written straight down without a check after each line and asks Err at its end.
package strict

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Error is a mistake in a file, at a place. Line and Column count from 1.
type Error struct {
	File         string
	Line, Column int
	Message      string // a sentence in lower case
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Doc is one YAML text being read.
type Doc struct {
	file string
	root ast.Node
	err  error
}

// Parse reads the text of one YAML document. file is the name used in errors. An empty text, several documents, broken
// YAML and a key given twice are errors, reported by Err and by every later read.
func Parse(file string, text []byte) *Doc {
	d := &Doc{file: file}
	f, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey()) // AnyMap reports these, in our words
	if err != nil {
		d.err = syntaxError(file, err)
		return d
	}
	var bodies []ast.Node
	for _, doc := range f.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		d.err = &Error{file, 1, 1, "the file is empty"}
	case 1:
		d.root = bodies[0]
		ast.Walk(plain{d}, d.root)
	default:
		d.fail(bodies[1], "the file holds %d documents, want 1", len(bodies))
	}
	return d
}

// plain walks a document and reports what this format has no use for: YAML's references and types of its own.
type plain struct{ doc *Doc }

func (p plain) Visit(n ast.Node) ast.Visitor {
	switch n.Type() {
	case ast.AnchorType, ast.AliasType, ast.MergeKeyType:
		p.doc.fail(n, "anchors, aliases and merge keys are not part of this format: write the value out")
		return nil
	case ast.TagType:
		p.doc.fail(n, "tags are not part of this format")
		return nil
	}
	return p
}

// syntaxError turns the YAML library's own error, which draws the source over several lines, into one line.
func syntaxError(file string, err error) error {
	var located yaml.Error
	if errors.As(err, &located) {
		line, column := 1, 1
		if t := located.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
		message := oneLine(located.GetMessage())
		if strings.Contains(message, "'\t'") {
			message = "a tab stands here; lines are indented by spaces"
		}
		return &Error{file, line, column, "this is not YAML: " + message}
	}
	return &Error{file, 1, 1, "this is not YAML: " + oneLine(err.Error())}
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// Err returns the first mistake, or nil.
func (d *Doc) Err() error { return d.err }

// Root returns the whole document as a value.
func (d *Doc) Root() Value { return Value{doc: d, node: d.root} }

func (d *Doc) fail(at ast.Node, format string, args ...any) {
	if d.err != nil {
		return
	}
	line, column := position(at)
	d.err = &Error{d.file, line, column, fmt.Sprintf(format, args...)}
}

// position is where a node begins. A mapping's own token is its first colon, so its first key is asked instead.
func position(n ast.Node) (line, column int) {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return position(n.Values[0])
		}
	case *ast.MappingValueNode:
		return position(n.Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1, 1
	}
	p := n.GetToken().Position
	return p.Line, p.Column
}
