package space

func (r *reader) ofa(name string) (*Space, error) {
	o := OFAOptions{
		Name: name, Dropout: r.share("dropout"), Multiplier: r.get("multiplier").Float(0, 0.1, 8),
		Depth: r.wholeList(r.get("depth"), "depth"), Kernel: r.wholeList(r.get("kernel"), "kernel"), Expand: r.realList(r.get("expand"), "expand"),
	}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return OFA(o) })
}

func (r *reader) darts(name string) (*Space, error) {
	o := DARTSOptions{Name: name, Channels: r.given("channels"), Cells: r.given("cells"), Nodes: r.given("nodes"), Stem: r.given("stem")}
	o.Input, o.Classes = r.inputAndClasses()
	return r.make(func() (*Space, error) { return DARTS(o) })
}
