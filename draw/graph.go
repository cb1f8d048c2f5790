package draw

import (
	"bytes"
	"context"
	"fmt"
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
	var out bytes.Buffer
	err := render(ctx, g, d, func(gv *graphviz.Graphviz, laid *graphviz.Graph) error {
		return gv.Render(ctx, laid, graphviz.SVG, &out)
	})
	if err != nil {
		return nil, err
	}
	return element(out.Bytes())
}

// PNG draws a network at 144 dots an inch.
func PNG(ctx context.Context, g *network.Graph, d network.Drawing) ([]byte, error) {
	painter := &painter{DefaultRenderEngine: new(gvc.DefaultRenderEngine)}
	plugins, err := painter.plugins(ctx)
	if err != nil {
		return nil, err
	}
	err = render(ctx, g, d, func(gv *graphviz.Graphviz, laid *graphviz.Graph) error {
		return gv.Render(ctx, laid, graphviz.PNG, &bytes.Buffer{})
	}, plugins...)
	if err != nil {
		return nil, err
	}
	if painter.err != nil {
		return nil, painter.err
	}
	return painter.png, nil
}

// render lays a drawing out and hands it to out while Graphviz is locked.
func render(ctx context.Context, g *network.Graph, d network.Drawing, out func(*graphviz.Graphviz, *graphviz.Graph) error,
	plugins ...gvc.Plugin) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	graphvizLock.Lock()
	defer graphvizLock.Unlock()
	open := graphviz.New
	if len(plugins) > 0 {
		open = func(ctx context.Context) (*graphviz.Graphviz, error) { return graphviz.NewWithPlugins(ctx, plugins...) }
	}
	gv, err := open(ctx)
	if err != nil {
		return fmt.Errorf("starting graphviz: %w", err)
	}
	defer func() {
		if e := gv.Close(); err == nil {
			err = e
		}
	}()
	laid, err := graphviz.ParseBytes([]byte(d.DOT(g)))
	if err != nil {
		return fmt.Errorf("reading the graph: %w", err)
	}
	defer func() {
		if e := laid.Close(); err == nil {
			err = e
		}
	}()
	if err := out(gv, laid); err != nil {
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
		return nil, fmt.Errorf("graphviz gave no picture but %d bytes", len(svg))
	}
	return identifiers.ReplaceAll(svg[start:], nil), nil
}
