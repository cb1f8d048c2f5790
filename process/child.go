package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// child is a program that runs. One goroutine at a time talks with it.
type child struct {
	cmd   *exec.Cmd
	stdin *os.File
	log   *logbook

	in     chan any      // what it says, heartbeats aside; closed when it has said everything
	beats  chan struct{} // holds one while it has shown a sign of life that nobody has seen
	quit   chan struct{} // closed when nobody listens any more
	ended  chan struct{} // closed when it has ended and its pipes are closed
	hangUp func()        // closes quit, once

	killed bool // by us, so that how it ended says nothing
	tested bool // it has seen the test split
}

// rubbish is what a child says that is no message: the rest of a sentence.
type rubbish struct{ sentence string }

// drain is how long the pipes of a program that has ended are read on, in case that something it started holds them open.
const drain = time.Second

// start starts the program.
func start(path string, c *Config) (*child, error) {
	var pipes [3][2]*os.File // stdin, stdout, stderr: reader and writer
	closeAll := func() {
		for _, p := range pipes {
			for _, end := range p {
				if end != nil {
					end.Close()
				}
			}
		}
	}
	for i := range pipes {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll()
			return nil, err
		}
		pipes[i] = [2]*os.File{r, w}
	}
	cmd := exec.Command(path, c.Command[1:]...)
	cmd.Args[0] = c.Command[0]
	cmd.Dir = c.Dir
	// Python's output to a pipe is not written line by line otherwise, and a program that forgets to flush seems to hang.
	cmd.Env = append(append([]string{"PYTHONUNBUFFERED=1"}, os.Environ()...), c.Env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = pipes[0][0], pipes[1][1], pipes[2][1]
	separate(cmd)
	if err := cmd.Start(); err != nil {
		closeAll()
		return nil, err
	}
	for _, theirs := range []*os.File{pipes[0][0], pipes[1][1], pipes[2][1]} {
		theirs.Close()
	}
	k := &child{
		cmd: cmd, stdin: pipes[0][1], log: &logbook{},
		in: make(chan any), beats: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	k.hangUp = sync.OnceFunc(func() { close(k.quit) })
	go k.attend(pipes[1][0], pipes[2][0])
	return k, nil
}

// attend reads what the program says and writes until it has ended.
func (k *child) attend(stdout, stderr *os.File) {
	defer close(k.ended)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(k.in)
		k.listen(stdout)
	})
	reading.Go(func() { _, _ = io.Copy(k.log, stderr) })
	_ = k.cmd.Wait()
	killGroup(k.cmd.Process)
	for _, pipe := range []*os.File{stdout, stderr} {
		_ = pipe.SetReadDeadline(time.Now().Add(drain))
	}
	reading.Wait()
	k.log.close()
	k.stdin.Close()
	stdout.Close()
	stderr.Close()
}

// listen passes on what the program says.
func (k *child) listen(stdout io.Reader) {
	r := bufio.NewReaderSize(stdout, 64<<10)
	for {
		line, err := readLine(r, MaxLine)
		var m any
		switch {
		case errors.Is(err, errTooLong):
			m = rubbish{fmt.Sprintf("printed a line of more than %d MiB, which begins with %s", MaxLine>>20, quoted(line))}
		case err != nil:
			return
		default:
			m, err = parse(line)
			if err != nil {
				m = rubbish{err.Error()}
			}
		}
		switch m.(type) {
		case nil, *heartbeat:
			select {
			case k.beats <- struct{}{}:
			default:
			}
			continue
		}
		select {
		case k.in <- m:
		case <-k.quit:
			_, _ = io.Copy(io.Discard, r) // it must not wait for us while it ends
			return
		}
		if _, bad := m.(rubbish); bad {
			k.hangUp()
		}
	}
}

// errDeaf is the error of a program that does not read its input.
var errDeaf = errors.New("does not read its standard input")

// say writes a message to the program. The error is errDeaf if it does not read within a time, and another one if it is gone.
func (k *child) say(kind string, message any, within time.Duration) error {
	line, err := encode(kind, message)
	if err != nil {
		return err
	}
	_ = k.stdin.SetWriteDeadline(time.Now().Add(within))
	_, err = k.stdin.Write(line)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errDeaf
	}
	return err
}

// alive reports whether the program can be given something to do.
func (k *child) alive() bool {
	select {
	case <-k.ended:
		return false
	case <-k.quit:
		return false
	default:
		return true
	}
}

// kill ends the program and what it started, and returns when they are gone.
func (k *child) kill() {
	k.hangUp()
	select {
	case <-k.ended: // its number may be another process's by now
		return
	default:
	}
	k.killed = true
	killGroup(k.cmd.Process)
	<-k.ended
}

// retire tells the program to end, and kills it when its time for that is over.
func (k *child) retire(grace time.Duration) {
	if k.alive() && k.say(typeBye, bye{}, grace) == nil {
		k.hangUp()
		k.stdin.Close()
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-k.ended:
		case <-timer.C:
		}
	}
	k.kill()
}

// fate waits for a program that has closed its standard output to end, and says how it did: "was killed by SIGKILL". One that does not end by
// itself is killed.
func (k *child) fate(ctx context.Context, grace time.Duration) string {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-k.ended:
	case <-ctx.Done():
		k.kill()
	case <-timer.C:
		k.kill()
	}
	state := k.cmd.ProcessState
	if k.killed {
		return "closed its standard output without an answer"
	}
	if name, ok := signalOf(state); ok {
		if name == "SIGKILL" {
			return "was killed by SIGKILL, as systems do when memory runs out,"
		}
		return "was killed by " + name
	}
	return fmt.Sprintf("ended with exit code %d", state.ExitCode())
}
