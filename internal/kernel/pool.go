package kernel

import (
	"runtime"
	"sync/atomic"
)

// Pool runs the tasks of one operation on several threads and owns the scratch memory of the operations, so that a
// steady training step allocates nothing. It serves one caller at a time; two concurrent trials need two pools.
// A nil *Pool is valid everywhere: it runs serially and allocates its scratch anew in every call.
type Pool struct {
	set     *set
	workers []*worker // workers[0] is the caller
	job     job
	next    atomic.Int64
	n       int64
	last    int  // tasks are counted down from here; −1 to count up
	down    bool // the direction of the last sweep
	wake    []chan struct{}
	epoch   atomic.Int64 // operations begun
	open    atomic.Bool  // tasks may be taken
	active  atomic.Int64 // helpers that may be reading job, next and n
	closed  bool
	mem     []float32
	mem2    []float32
	mem3    []float32
	mem4    []float32

	funcs funcJob
	jobs  jobs
}

// job is one operation cut into tasks; do must give the same result whatever worker runs it and in whatever order.
type job interface {
	do(w *worker, i int)
}

// worker is the scratch memory of one thread.
type worker struct {
	set  *set
	tile tileArgs
	vec  vecArgs
	cell cellArgs
	row  rowArgs
	mem  []float32
	mem2 []float32
	mem3 []float32
	next int   // the task it will probably run after the present one, −1 for none
	soon ahead // what its kernels are to fetch

	asleep atomic.Bool // a helper that needs a call
}

// scratch returns n floats of the worker's own memory, contents undefined, valid until the next call.
func (w *worker) scratch(n int) []float32 {
	if cap(w.mem) < n {
		w.mem = make([]float32, n+n/8)
	}
	return w.mem[:n]
}

// second is another buffer like scratch.
func (w *worker) second(n int) []float32 {
	if cap(w.mem2) < n {
		w.mem2 = make([]float32, n+n/8)
	}
	return w.mem2[:n]
}

// third is one more, for what is between two others.
func (w *worker) third(n int) []float32 {
	if cap(w.mem3) < n {
		w.mem3 = make([]float32, n+n/8)
	}
	return w.mem3[:n]
}

// NewPool starts a pool of the given number of threads (at least 1, the caller included). Close ends them.
func NewPool(threads int) *Pool { return newPool(active, threads) }

func newPool(s *set, threads int) *Pool {
	p := &Pool{set: s, last: -1}
	for i := range max(threads, 1) {
		p.workers = append(p.workers, &worker{set: s})
		if i > 0 {
			c := make(chan struct{}, 1)
			p.wake = append(p.wake, c)
			go p.serve(p.workers[i], c)
		}
	}
	return p
}

// serve is the life of a helper. Waking a sleeping thread costs more than most operations take, so a helper watches for the
// next one a while before it sleeps.
func (p *Pool) serve(w *worker, wake <-chan struct{}) {
	seen := int64(0)
	for {
		if !p.watch(seen) {
			// An operation that begins before asleep is set sends no call, so epoch is looked at once more.
			w.asleep.Store(true)
			if p.epoch.Load() == seen {
				if _, ok := <-wake; !ok {
					return
				}
			}
			w.asleep.Store(false)
		}
		seen = p.epoch.Load()
		p.active.Add(1)
		if p.open.Load() {
			p.work(w)
		}
		p.active.Add(-1)
	}
}

// patience is how often a helper looks before it sleeps: some 50 microseconds, about what waking it would cost.
const patience = 1 << 15

// watch reports whether an operation after the seen one began before patience ended.
func (p *Pool) watch(seen int64) bool {
	for range patience {
		if p.epoch.Load() != seen {
			return true
		}
	}
	return false
}

func (p *Pool) work(w *worker) {
	for {
		i := p.next.Add(1) - 1
		if i >= p.n {
			return
		}
		w.next = -1
		if next := i + int64(len(p.workers)); next < p.n {
			w.next = p.task(int(next))
		}
		p.job.do(w, p.task(int(i)))
	}
}

// Threads returns how many threads run tasks, 1 for a nil pool.
func (p *Pool) Threads() int {
	if p == nil {
		return 1
	}
	return len(p.workers)
}

// Close ends the pool's threads and waits for nothing else; the pool must be idle and is not used afterwards.
func (p *Pool) Close() {
	if p == nil || p.closed {
		return
	}
	p.closed = true
	for _, c := range p.wake {
		close(c)
	}
}

// For calls f(0) … f(n-1), each once, on the pool's threads and returns when all have returned. Tasks must not
// depend on each other; a caller whose cut into n tasks does not depend on Threads gets the same bits from any pool.
func (p *Pool) For(n int, f func(i int)) {
	if p.Threads() == 1 || n <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	p.funcs.f = f
	p.run(n, &p.funcs)
	p.funcs.f = nil
}

type funcJob struct{ f func(i int) }

func (j *funcJob) do(_ *worker, i int) { j.f(i) }

// sweep is run for operations that walk over a whole batch. Each goes the other way than the one before: what that has
// touched last is still in the caches, whereas a second walk in the same direction finds nothing of a batch larger than they are.
func (p *Pool) sweep(n int, j job) {
	p.down = !p.down
	if p.down {
		p.last = n - 1
	}
	p.run(n, j)
	p.last = -1
}

// task returns the i-th task to run.
func (p *Pool) task(i int) int {
	if p.last >= 0 {
		return p.last - i
	}
	return i
}

// run executes the n tasks of j; the caller is one of the threads.
func (p *Pool) run(n int, j job) {
	w := p.workers[0]
	if len(p.wake) == 0 || n <= 1 {
		for i := range n {
			w.next = -1
			if i+1 < n {
				w.next = p.task(i + 1)
			}
			j.do(w, p.task(i))
		}
		return
	}
	p.job, p.n = j, int64(n)
	p.next.Store(0)
	p.open.Store(true)
	p.epoch.Add(1)
	for i, c := range p.wake[:min(len(p.wake), n-1)] {
		if !p.workers[1+i].asleep.Load() {
			continue
		}
		select {
		case c <- struct{}{}:
		default: // it has not heard the last call yet, and will come
		}
	}
	p.work(w)
	// Helpers that come from now on find the door closed, so only those at work are waited for: a helper whose thread
	// the machine has no time for delays nobody.
	p.open.Store(false)
	for p.active.Load() != 0 {
		runtime.Gosched()
	}
	p.job = nil
}

// or returns p, or a serial pool of its own for a nil p.
func (p *Pool) or() *Pool {
	if p == nil {
		return newPool(active, 1)
	}
	return p
}
