package process

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// MaxLine is the length of the longest line that either side may write, its end included.
const MaxLine = 16 << 20

// errTooLong is the error of a line over MaxLine.
var errTooLong = errors.New("too long")

// readLine returns the next line without its end. A last line without an end counts. Of a line that is too long it returns the beginning, with
// errTooLong.
func readLine(r *bufio.Reader, longest int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > longest:
			return line[:min(len(line), 1<<10)], errTooLong
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case len(line) > 0 && errors.Is(err, io.EOF):
			return line, nil
		default:
			return nil, err
		}
	}
}

// encode returns a message as a line.
func encode(kind string, message any) ([]byte, error) {
	body, err := plainJSON(message)
	if err != nil {
		return nil, err
	}
	line := append([]byte(`{"type":"`), kind...)
	line = append(line, '"')
	if len(body) > len("{}") {
		line = append(line, ',')
		line = append(line, body[1:]...)
	} else {
		line = append(line, '}')
	}
	return append(line, '\n'), nil
}

// plainJSON is json.Marshal that writes <, > and & as they are, as people expect of a protocol.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// fromProgram are the messages that a program may write, by their types.
func fromProgram(kind string) (any, bool) {
	switch kind {
	case typeHello:
		return &Capabilities{}, true
	case typeProgress:
		return &Progress{Trial: noTrial}, true
	case typeResult:
		return &Answer{Trial: noTrial}, true
	case typeTested:
		return &TestAnswer{Trial: noTrial}, true
	case typeHeartbeat:
		return &heartbeat{}, true
	case typeError:
		return &errorMessage{}, true
	}
	return nil, false
}

// noTrial is the trial of a message that names none.
const noTrial = -1

// toProgram are the messages that Trellis writes, by their types.
func toProgram(kind string) (any, bool) {
	switch kind {
	case typeHello:
		return &Hello{}, true
	case typeTrial:
		return &Assignment{}, true
	case typeCancel:
		return &Cancel{}, true
	case typeTest:
		return &TestRequest{}, true
	case typeBye:
		return &bye{}, true
	}
	return nil, false
}

type bye struct{}

// parse reads a line that a program printed. The message is nil for a blank line. The error is the rest of a sentence that
// begins with the program: "printed …".
func parse(line []byte) (any, error) {
	return parseOf(line, fromProgram, []string{typeError, typeHeartbeat, typeHello, typeProgress, typeResult, typeTested})
}

func parseOf(line []byte, message func(string) (any, bool), kinds []string) (any, error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return nil, nil
	}
	if line[0] != '{' {
		return nil, fmt.Errorf("printed %s, which is no message: standard output is for the protocol alone, everything else belongs on standard error", quoted(line))
	}
	if !json.Valid(line) {
		line = withWords(line)
	}
	var head struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("printed %s, which is no message: %s", quoted(line), jsonFault(err))
	}
	if head.Type == nil {
		return nil, fmt.Errorf("printed the message %s, which has no type", quoted(line))
	}
	m, ok := message(*head.Type)
	if !ok {
		return nil, fmt.Errorf("printed a message of the unknown type %s; %s", quoted([]byte(*head.Type)), nearest.Advice(*head.Type, kinds))
	}
	if err := json.Unmarshal(line, m); err != nil {
		return nil, fmt.Errorf("printed the message %s, which is wrong: %s", quoted(line), jsonFault(err))
	}
	if complaint := incomplete(m); complaint != "" {
		return nil, fmt.Errorf("printed the message %s, which %s", quoted(line), complaint)
	}
	return m, nil
}

// incomplete says what a message lacks.
func incomplete(message any) string {
	switch m := message.(type) {
	case *Progress:
		if m.Trial < 0 {
			return "names no trial"
		}
		if m.Amount < 0 {
			return "has a negative amount"
		}
	case *Answer:
		if m.Trial < 0 {
			return "names no trial"
		}
		if m.Spent.MACs < 0 || m.Spent.Amount < 0 || m.Spent.CPUSeconds < 0 || m.Spent.GPUSeconds < 0 {
			return "says that less than nothing was spent"
		}
	case *TestAnswer:
		if m.Trial < 0 {
			return "names no trial"
		}
	}
	return ""
}

// jsonFault says what is wrong with a text, in words of JSON and not of Go.
func jsonFault(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s cannot be a %s", e.Field, e.Value)
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("%s (at byte %d)", e.Error(), e.Offset)
	}
	return err.Error()
}

// withWords puts quotation marks around NaN, Infinity and -Infinity outside of strings. They are no JSON, but Python's
// json writes them.
func withWords(line []byte) []byte {
	var out []byte
	inside := false
	for i := 0; i < len(line); {
		if inside && line[i] == '\\' && i+1 < len(line) {
			out = append(out, line[i], line[i+1])
			i += 2
			continue
		}
		if line[i] == '"' {
			inside = !inside
		}
		if word := bareWord(line[i:]); word != "" && !inside {
			out = append(append(append(out, '"'), word...), '"')
			i += len(word)
			continue
		}
		out = append(out, line[i])
		i++
	}
	return out
}

func bareWord(text []byte) string {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return word
		}
	}
	return ""
}

// quoted returns the beginning of a text that a program printed, between quotation marks.
func quoted(text []byte) string {
	const longest = 80
	short, more := string(text), ""
	if len(short) > longest {
		end := longest
		for end > 0 && !utf8.RuneStart(short[end]) {
			end--
		}
		short, more = short[:end], "…"
	}
	if strconv.CanBackquote(short) && strings.Contains(short, `"`) {
		return "`" + short + more + "`"
	}
	return strconv.Quote(short + more)
}
