package network

import (
	"fmt"
	"strconv"
	"strings"
)

var actLabels = [...]string{"ReLU", "ReLU6", "h-swish", "SiLU", "sigmoid", "h-sigmoid", "tanh", "GELU"}

// opLabel names an operator as a person would in a drawing.
func opLabel(op Op) string {
	switch op := op.(type) {
	case Conv:
		l := fmt.Sprintf("%d×%d conv %d", op.Kernel, op.Kernel, op.Out)
		if op.Groups > 1 {
			l += fmt.Sprintf(", %d groups", op.Groups)
		}
		return l + windowLabel(op.Stride, op.Dilation, op.Valid)
	case Depthwise:
		return fmt.Sprintf("%d×%d depthwise", op.Kernel, op.Kernel) + windowLabel(op.Stride, op.Dilation, op.Valid)
	case MaxPool:
		return fmt.Sprintf("%d×%d max pool", op.Kernel, op.Kernel) + windowLabel(op.Stride, 1, false)
	case AvgPool:
		return fmt.Sprintf("%d×%d avg pool", op.Kernel, op.Kernel) + windowLabel(op.Stride, 1, false)
	case Conv1d:
		l := fmt.Sprintf("%d conv1d %d", op.Kernel, op.Out)
		if op.Groups > 1 {
			l += fmt.Sprintf(", %d groups", op.Groups)
		}
		return l + windowLabel(op.Stride, op.Dilation, op.Valid) + causalLabel(op.Causal)
	case Depthwise1d:
		return fmt.Sprintf("%d depthwise1d", op.Kernel) + windowLabel(op.Stride, op.Dilation, op.Valid) + causalLabel(op.Causal)
	case GlobalAvgPool:
		return "global avg pool"
	case LayerNorm:
		return "LN"
	case RMSNorm:
		return "RMS norm"
	case GLU:
		return "GLU, " + actLabels[op.Gate]
	case Embedding:
		return fmt.Sprintf("embedding %d of %s", op.Out, countLabel(int64(op.Vocab)))
	case Attention:
		l := fmt.Sprintf("attention, %d heads", op.Heads)
		if op.Cross {
			l = "cross-" + l
		}
		return l + causalLabel(op.Causal)
	case Slice:
		return fmt.Sprintf("channels %d to %d", op.From, op.From+op.Size-1)
	case Mean:
		return meanLabel(op)
	case BatchNorm:
		return "BN"
	case Activation:
		return actLabels[op.Func]
	case Dense:
		return fmt.Sprintf("dense %d", op.Out)
	case LSTM:
		return fmt.Sprintf("LSTM %d", op.Hidden) + lastLabel(op.Last)
	case GRU:
		return fmt.Sprintf("GRU %d", op.Hidden) + lastLabel(op.Last)
	case Dropout:
		return "dropout " + strconv.FormatFloat(float64(op.Rate), 'g', -1, 32)
	case Zero:
		return "zero" + windowLabel(op.Stride, 1, false)
	}
	return op.Kind()
}

func lastLabel(last bool) string {
	if last {
		return ", last state"
	}
	return ""
}

func windowLabel(stride, dilation int, valid bool) string {
	l := ""
	if stride > 1 {
		l += fmt.Sprintf(", stride %d", stride)
	}
	if dilation > 1 {
		l += fmt.Sprintf(", dilation %d", dilation)
	}
	if valid {
		l += ", no padding"
	}
	return l
}

func causalLabel(causal bool) string {
	if causal {
		return ", causal"
	}
	return ""
}

func meanLabel(m Mean) string {
	var axes []string
	for _, a := range []struct {
		set  bool
		name string
	}{{m.Height, "height"}, {m.Width, "width"}, {m.Channels, "channels"}} {
		if a.set {
			axes = append(axes, a.name)
		}
	}
	return "mean over " + strings.Join(axes, ", ")
}

// shapeLabel writes a shape with multiplication signs, a vector by its length alone.
func shapeLabel(s Shape) string {
	if s.IsVector() {
		return strconv.Itoa(s.C)
	}
	return strings.ReplaceAll(s.String(), "x", "×")
}

// countLabel writes a count in three digits, as 950, 61.7k or 10.2M.
func countLabel(n int64) string {
	v, unit := float64(n), ""
	for _, u := range []string{"k", "M", "G", "T"} {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, u
	}
	if unit == "" {
		return strconv.FormatInt(n, 10)
	}
	return strconv.FormatFloat(v, 'g', 3, 64) + unit
}
