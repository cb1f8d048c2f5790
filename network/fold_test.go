package network

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// boxLabels folds a network and lists its boxes as "before|work|after".
func boxLabels(g *Graph) string {
	var lines []string
	for _, b := range g.fold() {
		before, work, after := b.label(g)
		lines = append(lines, strings.Trim(before+"|"+work+"|"+after, "|"))
	}
	return strings.Join(lines, "; ")
}

func TestChainsFoldAsAPersonReadsThem(t *testing.T) {
	for want, build := range map[string]func(*Builder, Ref) Ref{
		"input; 3×3 conv 8|BN, ReLU6; 3×3 depthwise, stride 2|BN": func(b *Builder, x Ref) Ref {
			x = b.convNormAct(Conv{Out: 8, Kernel: 3}, x)
			return b.Add(BatchNorm{}, b.Add(Depthwise{Kernel: 3, Stride: 2}, x))
		},
		"input; ReLU|3×3 conv 4|BN; ReLU|1×1 conv 4|BN": func(b *Builder, x Ref) Ref {
			for _, k := range []int{3, 1} {
				x = b.Add(BatchNorm{}, b.Add(Conv{Out: 4, Kernel: k}, b.Add(Activation{ReLU}, x)))
			}
			return x
		},
		"input; 1×1 conv 4; add|ReLU": func(b *Builder, x Ref) Ref {
			return b.Add(Activation{ReLU}, b.Add(Add{}, x, b.Add(Pointwise(4), x)))
		},
		"input; identity; add; ReLU|1×1 conv 4": func(b *Builder, x Ref) Ref {
			sum := b.Add(Add{}, x, b.Add(Identity{}, x))
			return b.Add(Pointwise(4), b.Add(Activation{ReLU}, sum))
		},
		"input; 5×5 depthwise|BN, h-swish; squeeze-excite 2|h-sigmoid; 1×1 conv 8": func(b *Builder, x Ref) Ref {
			x = b.Add(Activation{HSwish}, b.Add(BatchNorm{}, b.Add(Depthwise{Kernel: 5}, x)))
			return b.Add(Pointwise(8), b.SqueezeExcite(x, 2, HSigmoid))
		},
		"input; global avg pool|dropout 0.2; dense 10": func(b *Builder, x Ref) Ref {
			return b.Add(Dense{Out: 10}, b.Add(Dropout{0.2}, b.Add(GlobalAvgPool{}, x)))
		},
		"input; 1×1 conv 8, no padding|BN; ReLU": func(b *Builder, x Ref) Ref { // a scope ends within the chain
			restore := b.Scope("stem")
			x = b.Add(BatchNorm{}, b.Add(Conv{Out: 8, Kernel: 1, Valid: true}, x))
			restore()
			return b.Add(Activation{ReLU}, x)
		},
		"input; global avg pool; 1×1 conv 4|sigmoid; ×": func(b *Builder, x Ref) Ref { // a gate of another build is no squeeze-excite
			s := b.Add(Activation{Sigmoid}, b.Add(Pointwise(4), b.Add(GlobalAvgPool{}, x)))
			return b.Add(Multiply{}, x, s)
		},
	} {
		b := NewBuilder(Shape{8, 8, 4})
		g, err := b.Build(build(b, b.Input()))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Replace(boxLabels(g), "multiply", "×", 1); got != want {
			t.Errorf("the boxes are\n%s; want\n%s", got, want)
		}
	}
}

func TestEveryNodeIsInExactlyOneBoxAndBoxesFollowTheirInputs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		w := dotWriter{g: g, boxes: g.fold()}
		w.connect()
		seen := make([]int, len(g.Nodes))
		for i, b := range w.boxes {
			for _, id := range b.nodes {
				seen[id]++
			}
			for _, s := range w.from[i] {
				if s >= i {
					t.Fatalf("box %d takes box %d, for\n%v", i, s, g)
				}
			}
		}
		for id, n := range seen {
			if n != 1 {
				t.Fatalf("node %d is in %d boxes, for\n%v", id, n, g)
			}
		}
		column := Drawing{Columns: rapid.IntRange(0, 4).Draw(t, "columns")}.columns(w.boxes, w.from)
		sources := map[int]int{}
		for i := range column {
			if i > 0 && column[i] != column[i-1] && column[i] != column[i-1]+1 {
				t.Fatalf("columns are %v, for\n%v", column, g)
			}
			for _, s := range w.from[i] {
				if first, ok := sources[column[i]]; column[s] != column[i] && ok && first != s {
					t.Fatalf("boxes %d and %d both lead to column %d, for\n%v", first, s, column[i], g)
				} else if column[s] != column[i] {
					sources[column[i]] = s
				}
			}
		}
	})
}

func TestALongChainIsCutIntoColumnsOfLikeHeight(t *testing.T) {
	b := NewBuilder(Shape{8, 8, 4})
	x := b.Input()
	for i := range 40 {
		restore := b.Scope(fmt.Sprintf("stage%d", i/10+1))
		x = b.Add(Pointwise(4), x)
		restore()
	}
	g, err := b.Build(x)
	if err != nil {
		t.Fatal(err)
	}
	w := dotWriter{g: g, boxes: g.fold()}
	w.connect()
	for want, heights := range map[int][]int{0: {14, 13, 14}, 2: {21, 20}, 4: {11, 10, 10, 10}} {
		column := Drawing{Columns: want}.columns(w.boxes, w.from)
		got := make([]int, column[len(column)-1]+1)
		for _, c := range column {
			got[c]++
		}
		if fmt.Sprint(got) != fmt.Sprint(heights) {
			t.Errorf("asked for %d columns, the heights are %v; want %v", want, got, heights)
		}
	}
}
