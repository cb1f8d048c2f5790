package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Program is a program in Go that evaluates trials; see Serve.
type Program struct {
	// Describe answers hello. Protocol and Tests are filled in. An error says why the program is of no use for the study.
	Describe func(Hello) (Capabilities, error)
	// Evaluate evaluates a trial. progress may be called as often as wanted, from one goroutine at a time, until Evaluate
	// returns. ctx ends when the trial is cancelled; Evaluate then returns soon, with whatever. A trial that goes wrong by itself is an Answer with
	// StatusFailed and a reason; an error says that evaluating is broken. An Answer without status is ok.
	Evaluate func(ctx context.Context, a Assignment, progress func(Progress)) (Answer, error)
	// Test measures a trained network on the test split; nil where that is impossible. ctx ends with the input.
	Test func(context.Context, TestRequest) (TestAnswer, error)
}

// Serve speaks the protocol for a program on its standard input and output, say, until a bye or the end of its input. While a trial is
// evaluated it writes heartbeats by itself. The error says what Trellis did wrong, or why the program is of no use for the study.
func Serve(in io.Reader, out io.Writer, p Program) error {
	s := &server{program: p, out: out, cancel: func() {}}
	return s.serve(in)
}

// server is one side of a conversation with Trellis.
type server struct {
	program   Program
	heartbeat time.Duration // between two of them
	cancel    func()        // the trial in work

	mu  sync.Mutex // of out
	out io.Writer
	err error // of out
}

func (s *server) serve(in io.Reader) error {
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := readLine(r, MaxLine)
		if errors.Is(err, io.EOF) {
			return s.failure()
		}
		if err != nil {
			return fmt.Errorf("a message of Trellis cannot be read: %w", err)
		}
		m, err := parseOf(line, toProgram, []string{typeBye, typeCancel, typeHello, typeTest, typeTrial})
		if err != nil {
			return fmt.Errorf("trellis %w", err)
		}
		switch m := m.(type) {
		case *Hello:
			if err := s.hello(*m); err != nil {
				return err
			}
		case *Assignment:
			working.Wait()
			s.cancel()
			var trial context.Context
			trial, s.cancel = context.WithCancel(ctx)
			working.Go(func() { s.trial(trial, *m) })
		case *Cancel:
			s.cancel() // of a trial that is over, nothing happens
		case *TestRequest:
			working.Wait()
			working.Go(func() { s.test(ctx, *m) })
		case *bye:
			return s.failure()
		}
	}
}

// say writes a message. Only the first error is kept; after it there is nobody to talk to.
func (s *server) say(kind string, message any) {
	line, err := encode(kind, message)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.err == nil {
		_, err = s.out.Write(line)
	}
	if s.err == nil {
		s.err = err
	}
}

func (s *server) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *server) hello(h Hello) error {
	if h.Protocol != Protocol {
		s.say(typeError, errorMessage{fmt.Sprintf("Trellis speaks version %d of the protocol, and the program %d", h.Protocol, Protocol)})
		return fmt.Errorf("trellis speaks version %d of the protocol, and this program %d", h.Protocol, Protocol)
	}
	s.heartbeat = time.Duration(h.Heartbeat * float64(time.Second) / 4)
	can, err := s.program.Describe(h)
	if err != nil {
		s.say(typeError, errorMessage{err.Error()})
		return err
	}
	can.Protocol, can.Tests = Protocol, s.program.Test != nil
	s.say(typeHello, can)
	return s.failure()
}

// beat writes heartbeats until the function it returns is called.
func (s *server) beat() (stop func()) {
	if s.heartbeat <= 0 {
		return func() {}
	}
	done := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() {
		ticker := time.NewTicker(s.heartbeat)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				s.say(typeHeartbeat, heartbeat{})
			}
		}
	})
	return func() {
		close(done)
		beating.Wait()
	}
}

func (s *server) trial(ctx context.Context, a Assignment) {
	stop := s.beat()
	answer, err := s.program.Evaluate(ctx, a, func(p Progress) {
		p.Trial = a.Trial
		s.say(typeProgress, p)
	})
	stop()
	answer.Trial = a.Trial
	switch {
	case ctx.Err() != nil:
		answer = Answer{Trial: a.Trial, Status: StatusCancelled, Metrics: answer.Metrics, Spent: answer.Spent}
	case err != nil:
		s.say(typeError, errorMessage{err.Error()})
		return
	case answer.Status == "":
		answer.Status = StatusOK
	}
	s.say(typeResult, answer)
}

func (s *server) test(ctx context.Context, request TestRequest) {
	if s.program.Test == nil {
		s.say(typeError, errorMessage{"this program cannot test"})
		return
	}
	stop := s.beat()
	answer, err := s.program.Test(ctx, request)
	stop()
	if err != nil {
		s.say(typeError, errorMessage{err.Error()})
		return
	}
	answer.Trial = request.Trial
	s.say(typeTested, answer)
}
