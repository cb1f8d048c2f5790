package process_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/trial"
)

// The first line of every role that is played by hand.
const helloLine = `{"type":"hello","protocol":1,"resource":{"name":"epochs","full":4},"resumes":true,"tests":true,` +
	`"metrics":[{"name":"accuracy","direction":"maximise"},{"name":"loss"}]}`

const okLine = `{"type":"result","trial":0,"status":"ok","metrics":{"accuracy":0.5}}`

// play plays a role on standard input and output.
func play(role string) {
	if role == "good" || role == "stubborn" {
		if err := process.Serve(os.Stdin, os.Stdout, good(role)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if role == "play back" {
		playBack(os.Args[1])
		return
	}
	p := &player{in: bufio.NewScanner(os.Stdin)}
	p.in.Buffer(nil, 1<<24)
	var hello process.Hello
	p.hear(&hello)
	var settings map[string]string
	_ = json.Unmarshal(hello.Settings, &settings)
	p.diary = settings["diary"]
	if start, ok := starts[role]; ok {
		start(p)
		return
	}
	p.say(helloLine)
	for p.in.Scan() {
		var m struct {
			Type  string
			Trial int
		}
		_ = json.Unmarshal(p.in.Bytes(), &m)
		if m.Type == "trial" || m.Type == "test" {
			p.turns++
			roles[role](p, m.Trial)
		}
	}
}

// player is a role that is played by hand.
type player struct {
	in    *bufio.Scanner
	diary string
	turns int
}

func (p *player) say(format string, args ...any) { fmt.Fprintf(os.Stdout, format+"\n", args...) }

func (p *player) hear(m any) {
	p.in.Scan()
	_ = json.Unmarshal(p.in.Bytes(), m)
}

// first reports whether this is the first time, over all programs of the test.
func (p *player) first() bool {
	f, err := os.OpenFile(p.diary, os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

func forever() { time.Sleep(time.Hour) }

// starts are roles that go wrong before a trial.
var starts = map[string]func(*player){
	"dies at once":     func(*player) { fmt.Fprintln(os.Stderr, "ImportError: no module named torch"); os.Exit(3) },
	"other protocol":   func(p *player) { p.say(`{"type":"hello","protocol":2,"something":"new"}`) },
	"refuses":          func(p *player) { p.say(`{"type":"error","message":"the setting\n widht is unknown"}`) },
	"no hello":         func(*player) { forever() },
	"greets wrongly":   func(p *player) { p.say("Using GPU 0"); forever() },
	"result for hello": func(p *player) { p.say(okLine); forever() },
	"other metric": func(p *player) {
		p.say(`{"type":"hello","protocol":1,"metrics":[{"name":"accurracy"},{"name":"loss"}]}`)
		forever()
	},
	"no metrics": func(p *player) { p.say(`{"type":"hello","protocol":1}`); forever() },
	"other resource": func(p *player) {
		p.say(`{"type":"hello","protocol":1,"metrics":[{"name":"accuracy"}],"resource":{"name":"steps"}}`)
	},
	"small resource": func(p *player) {
		p.say(`{"type":"hello","protocol":1,"metrics":[{"name":"accuracy"}],"resource":{"name":"epochs","full":3}}`)
	},
	"other direction": func(p *player) {
		p.say(`{"type":"hello","protocol":1,"metrics":[{"name":"accuracy","direction":"up"}]}`)
	},
	"two descriptions": func(p *player) {
		metrics := `{"name":"accuracy"}`
		if !p.first() {
			metrics += `,{"name":"loss"}`
		}
		p.say(`{"type":"hello","protocol":1,"metrics":[%s]}`, metrics)
		p.in.Scan()
	},
}

// roles are what programs do with a trial.
var roles = map[string]func(p *player, id int){
	"exits":          func(p *player, id int) { fmt.Fprintln(os.Stderr, "line one\nCUDA is gone"); os.Exit(7) },
	"exits well":     func(*player, int) { os.Exit(0) },
	"kills itself":   func(*player, int) { kill(os.Getpid(), syscall.SIGKILL); forever() },
	"closes":         func(*player, int) { os.Stdout.Close(); forever() },
	"hangs":          func(*player, int) { forever() },
	"rubbish":        func(p *player, id int) { p.say("Epoch 1/4: loss=0.693 %s", strings.Repeat("=", 200)) },
	"half a message": func(p *player, id int) { p.say(`{"type":"result","trial":`) },
	"no type":        func(p *player, id int) { p.say(`{"trial":0}`) },
	"unknown type":   func(p *player, id int) { p.say(`{"type":"resutl","trial":0}`) },
	"wrong field":    func(p *player, id int) { p.say(`{"type":"result","trial":"zero"}`) },
	"wrong metric": func(p *player, id int) {
		p.say(`{"type":"result","trial":0,"status":"ok","metrics":{"accuracy":"good"}}`)
	},
	"no trial":       func(p *player, id int) { p.say(`{"type":"result","status":"ok"}`) },
	"long line":      func(p *player, id int) { p.say("%s", `{"type":"`+strings.Repeat("x", process.MaxLine)) },
	"other trial":    func(p *player, id int) { p.say(`{"type":"result","trial":%d,"status":"ok"}`, id+5) },
	"other progress": func(p *player, id int) { p.say(`{"type":"progress","trial":%d,"amount":1}`, id+5) },
	"unknown status": func(p *player, id int) { p.say(`{"type":"result","trial":%d,"status":"done"}`, id) },
	"cancels itself": func(p *player, id int) { p.say(`{"type":"result","trial":%d,"status":"cancelled"}`, id) },
	"hello again":    func(p *player, id int) { p.say(helloLine) },
	"too far":        func(p *player, id int) { p.say(`{"type":"progress","trial":%d,"amount":5}`, id) },
	"reports error":  func(p *player, id int) { p.say(`{"type":"error","message":"the GPU is gone"}`) },
	"leaves out":     func(p *player, id int) { p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"loss":1}}`, id) },
	"fails": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"failed","reason":"out of\nmemory","metrics":{"loss":3}}`, id)
	},
	"fails, no words": func(p *player, id int) { p.say(`{"type":"result","trial":%d,"status":"failed"}`, id) },
	"NaN string": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":"NaN","loss":2}}`, id)
	},
	"NaN word": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy": NaN, "loss":2}}`, id)
	},
	"null": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":null,"loss":2}}`, id)
	},
	"infinity": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":-Infinity,"loss":2}}`, id)
	},
	"1e999": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":1e999,"loss":2}}`, id)
	},
	"diverges": func(p *player, id int) {
		p.say(`{"type":"progress","trial":%d,"amount":1,"metrics":{"accuracy":0.1,"loss":2}}`, id)
		p.say(`{"type":"progress","trial":%d,"amount":2,"metrics":{"accuracy":0.1,"loss":NaN}}`, id)
		p.hear(&struct{}{})
		p.say(`{"type":"result","trial":%d,"status":"cancelled"}`, id)
	},
	"absent file":  func(p *player, id int) { p.leave(id, "weights.bin") },
	"outside file": func(p *player, id int) { p.leave(id, "../../weights.bin") },
	"folder file":  func(p *player, id int) { p.leave(id, ".") },
	"exits once": func(p *player, id int) {
		if p.first() {
			os.Exit(1)
		}
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5},"new field":[1,2]}`, id)
	},
	"answers and exits": func(p *player, id int) {
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
		os.Exit(0)
	},
	"preempted once": func(p *player, id int) {
		if p.first() {
			p.say(`{"type":"result","trial":%d,"status":"preempted","reason":"the node is drained"}`, id)
			return
		}
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
	},
	"crashes on odd trials": func(p *player, id int) {
		if id%2 == 1 {
			os.Exit(9)
		}
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
	},
	"parent": func(p *player, id int) { // it and its child hear nothing and never end
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), roleVariable+"=no hello")
		stdin, _ := child.StdinPipe()
		child.Stdout = os.Stdout // as children usually do
		if err := child.Start(); err != nil {
			panic(err)
		}
		fmt.Fprintln(stdin, "{}")
		_ = os.WriteFile(p.diary, []byte(strconv.Itoa(os.Getpid())+" "+strconv.Itoa(child.Process.Pid)), 0o600)
		p.say(`{"type":"progress","trial":%d,"amount":1,"metrics":{"accuracy":0.1}}`, id)
		forever()
	},
	"slow but alive": func(p *player, id int) {
		for range 8 {
			time.Sleep(100 * time.Millisecond)
			p.say(`{"type":"heartbeat"}`)
		}
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
	},
	"writes much": func(p *player, id int) {
		fmt.Fprintf(os.Stderr, "trial %d by turn %d\n", id, p.turns)
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
	},
	"runs ahead": func(p *player, id int) { // does not look at its input until it is done
		for amount := range 4 {
			p.say(`{"type":"progress","trial":%d,"amount":%d,"metrics":{"accuracy":0.5},"spent":{"macs":%d}}`, id, amount+1, 100*(amount+1))
		}
		p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5}}`, id)
	},
}

func (p *player) leave(id int, path string) {
	p.say(`{"type":"result","trial":%d,"status":"ok","metrics":{"accuracy":0.5},"artifacts":[{"name":"weights","kind":"weights","path":%q}]}`, id, path)
}

func kill(pid int, signal syscall.Signal) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Signal(signal)
	}
}

// good is a program that keeps to the protocol. It is a sum over decisions that grows with the amount, and its state is a number. A stubborn one does
// not hear that it is cancelled.
func good(role string) process.Program {
	var diary, stall string
	return process.Program{
		Describe: func(h process.Hello) (process.Capabilities, error) {
			var settings map[string]string
			if err := json.Unmarshal(h.Settings, &settings); err != nil {
				return process.Capabilities{}, err
			}
			diary = settings["diary"]
			stall = settings["stall"]
			if at := settings["pid"]; at != "" {
				if err := os.WriteFile(at, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
					return process.Capabilities{}, err
				}
			}
			return process.Capabilities{
				Name: "good", Resource: trial.Resource{Name: "epochs", Full: 4}, Resumes: true, Reductions: []string{"data"},
				Metrics: trial.MetricInfos{{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent}},
			}, nil
		},
		Evaluate: func(ctx context.Context, a process.Assignment, progress func(process.Progress)) (process.Answer, error) {
			begun, sum := 0, 0.0
			if a.From != nil {
				text, err := os.ReadFile(a.From.Path)
				if err != nil {
					return process.Answer{}, err
				}
				if _, err := fmt.Sscan(string(text), &begun, &sum); err != nil {
					return process.Answer{}, err
				}
			}
			if diary != "" {
				note(diary, "trial %d from %d\n", a.Trial, begun)
			}
			metrics := func() process.Figures { return process.Figures{"accuracy": sum} }
			for amount := begun + 1; amount <= a.Fidelity.Amount; amount++ {
				if ctx.Err() != nil && role != "stubborn" {
					return process.Answer{}, ctx.Err()
				}
				sum += quality(a.Decisions, a.Seed, amount)
				if a.Seed == 666 && amount == 3 {
					sum = math.NaN()
				}
				stalls := stall != "" && amount == 2 && (&player{diary: stall}).first()
				progress(process.Progress{Amount: amount, Metrics: metrics(), Spent: process.Spent{MACs: int64(10 * (amount - begun))}})
				if stalls {
					forever()
				}
			}
			answer := process.Answer{Metrics: metrics(), Spent: process.Spent{MACs: int64(10 * (a.Fidelity.Amount - begun)), CPUSeconds: 0.25}}
			for _, file := range []struct {
				wanted bool
				kind   string
			}{{a.Keep, trial.WeightsKind}, {a.Checkpoint, trial.CheckpointKind}} {
				if !file.wanted {
					continue
				}
				name := file.kind + ".txt"
				state := fmt.Sprintln(a.Fidelity.Amount, strconv.FormatFloat(sum, 'g', -1, 64))
				if err := os.WriteFile(filepath.Join(a.Folder, name), []byte(state), 0o600); err != nil {
					return process.Answer{}, err
				}
				answer.Artifacts = append(answer.Artifacts, process.Artifact{Name: file.kind, Kind: file.kind, Path: name})
			}
			return answer, nil
		},
		Test: func(_ context.Context, r process.TestRequest) (process.TestAnswer, error) {
			if r.Data == nil || r.Data.Test == "" {
				return process.TestAnswer{}, errors.New("there is no test split")
			}
			for _, a := range r.Artifacts {
				if a.Kind == trial.WeightsKind {
					text, err := os.ReadFile(a.Path)
					if err != nil {
						return process.TestAnswer{}, err
					}
					var amount int
					var sum float64
					_, err = fmt.Sscan(string(text), &amount, &sum)
					return process.TestAnswer{Metrics: process.Figures{"accuracy": sum / 2}, Detail: json.RawMessage(`{"confusion":[[1,2],[3,4]]}`)}, err
				}
			}
			return process.TestAnswer{}, errors.New("the trial left no weights")
		},
	}
}

// note adds to a file.
func note(path, format string, args ...any) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		fmt.Fprintf(f, format, args...)
		f.Close()
	}
}
