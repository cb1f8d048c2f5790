package process

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/trellis-nas/trellis/trial"
)

// maxLog is the size of the largest log of a trial; what a program writes beyond it is dropped.
const maxLog = 16 << 20

// maxTail is how much of the end is kept for error messages.
const maxTail = 2 << 10

// logbook takes what a program writes to its standard error: into the log of the trial that it has, and the end of it into memory.
type logbook struct {
	mu    sync.Mutex
	begun bool   // a trial had its turn
	path  string // of its log; empty: there is none
	file  *os.File
	size  int
	early []byte // what was written before there was a log
	tail  []byte
	err   error // of the log; logs never fail a trial
}

// logPath returns the path of a trial's log within the folder of the study.
func logPath(t trial.ID) string { return path.Join("logs", fmt.Sprintf("trial-%d.log", t)) }

// turn begins the log of a trial at a path, or goes on with it in a further attempt.
func (l *logbook) turn(path string, attempt int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closeFile()
	l.begun, l.path, l.size, l.tail, l.err = true, path, 0, nil, nil
	if path == "" {
		l.early = nil
		return
	}
	if attempt == 1 {
		l.err = os.Remove(path)
		if os.IsNotExist(l.err) {
			l.err = nil
		}
	} else {
		l.early = fmt.Appendf(nil, "--- attempt %d ---\n%s", attempt, l.early)
	}
	early := l.early
	l.early = nil
	l.append(early)
}

// Write implements io.Writer and never fails: a full disk must not stop a program in the middle of a sentence.
func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, b...)
	if over := len(l.tail) - maxTail; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	if !l.begun {
		l.early = append(l.early, b[:min(len(b), max(0, maxLog-len(l.early)))]...)
		return len(b), nil
	}
	l.append(b)
	return len(b), nil
}

// append writes to the log, which is made with the first byte. The lock is held.
func (l *logbook) append(b []byte) {
	b = b[:min(len(b), max(0, maxLog-l.size))]
	if len(b) == 0 || l.err != nil || l.path == "" {
		return
	}
	if l.file == nil {
		l.file, l.err = os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if l.err != nil {
			return
		}
	}
	n, err := l.file.Write(b)
	l.size, l.err = l.size+n, err
}

func (l *logbook) closeFile() {
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}

// close ends the log.
func (l *logbook) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closeFile()
}

// lastLines is the end of an error message: what was written last, or nothing.
func (l *logbook) lastLines() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	const most = 3
	lines := strings.Split(string(bytes.TrimSpace(l.tail)), "\n")
	lines = lines[max(0, len(lines)-most):]
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	text := strings.Join(lines, " / ")
	if text == "" {
		return ""
	}
	return "; it last wrote " + quotedEnd(text)
}

// quotedEnd quotes the end of a text.
func quotedEnd(text string) string {
	const longest = 300
	if runes := []rune(text); len(runes) > longest {
		text = "…" + string(runes[len(runes)-longest:])
	}
	return fmt.Sprintf("%q", text)
}
