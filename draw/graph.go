package draw

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"sync"

	"github.com/goccy/go-graphviz"
	"github.com/goccy/go-graphviz/gvc"

	"github.com/trellis-nas/trellis/network"
)

// graphvizLock serialises the use of Graphviz, whose WebAssembly instance is one for the whole process.
var graphvizLock sync.Mutex

// SVG draws a network as one <svg> element, fit to stand in an HTML page or alone in a file. Boxes show their nodes as
// tooltips.
func SVG(ctx context.Context, g *network.Graph, d network.Drawing) ([]byte, error) {
	return SourceSVG(ctx, d.DOT(g))
}

// PNG draws a network at 144 dots an inch.
func PNG(ctx context.Context, g *network.Graph, d network.Drawing) ([]byte, error) {
	return SourcePNG(ctx, d.DOT(g))
}

// SourceSVG draws Graphviz source as SVG draws a network.
func SourceSVG(ctx context.Context, source string) ([]byte, error) {
	graphvizLock.Lock()
	defer graphvizLock.Unlock()
	plugins, err := gvc.DefaultPlugins(ctx)
	if err != nil {
		return nil, fmt.Errorf("starting graphviz: %w", err)
	}
	var out bytes.Buffer
	if err := render(ctx, source, plugins, graphviz.SVG, &out); err != nil {
		return nil, err
	}
	return element(out.Bytes())
}

// SourcePNG draws Graphviz source as PNG draws a network.
func SourcePNG(ctx context.Context, source string) ([]byte, error) {
	graphvizLock.Lock()
	defer graphvizLock.Unlock()
	p := newPainter()
	plugins, err := p.plugins(ctx)
	if err != nil {
		return nil, fmt.Errorf("starting graphviz: %w", err)
	}
	if err := render(ctx, source, plugins, graphviz.PNG, io.Discard); err != nil {
		return nil, err
	}
	return p.result()
}

// render lays Graphviz source out and writes it in a format of the plugins. The lock must be held.
func render(ctx context.Context, source string, plugins []gvc.Plugin, format graphviz.Format, out io.Writer) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	gv, err := graphviz.NewWithPlugins(ctx, plugins...)
	if err != nil {
		return fmt.Errorf("starting graphviz: %w", err)
	}
	defer func() { err = cmp.Or(err, gv.Close()) }()
	laid, err := graphviz.ParseBytes([]byte(source))
	if err != nil {
		return fmt.Errorf("reading the graph: %w", err)
	}
	defer func() { err = cmp.Or(err, laid.Close()) }()
	if err := gv.Render(ctx, laid, format, out); err != nil {
		return fmt.Errorf("laying the graph out: %w", err)
	}
	return nil
}

// identifiers of elements would clash where a page holds several drawings; nothing refers to them.
var identifiers = regexp.MustCompile(` id="[^"]*"`)

// element cuts the XML prologue off and the identifiers out.
func element(svg []byte) ([]byte, error) {
	start := bytes.Index(svg, []byte("<svg"))
	if start < 0 {
		return nil, fmt.Errorf("there is no <svg> element in %d bytes", len(svg))
	}
	return identifiers.ReplaceAll(svg[start:], nil), nil
}
