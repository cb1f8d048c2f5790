package kernel

// Embed writes to row i of y (c floats) the row of table that ids[i] names, and returns −1. Ids are whole numbers below
// the vocab rows of table; at the first that is not, Embed returns its place and has written zeros only.
func Embed(p *Pool, y, table, ids []float32, vocab, c int) (wrong int) {
	for i, id := range ids {
		if !(id >= 0 && id < float32(vocab) && id == float32(int(id))) {
			clear(y)
			return i
		}
	}
	p = p.or()
	p.jobs.embed = embedJob{y: y[:len(ids)*c], table: table[:vocab*c], ids: ids, vocab: vocab, c: c}
	p.run(chunkCount(len(ids), c), &p.jobs.embed)
	p.jobs.embed = embedJob{}
	return -1
}

// EmbedBackward adds row i of dy to the row of dtable that ids[i] names, in order of i. The ids must be those that Embed
// took.
func EmbedBackward(p *Pool, dtable, dy, ids []float32, vocab, c int) {
	p = p.or()
	p.jobs.embed = embedJob{y: dy[:len(ids)*c], table: dtable[:vocab*c], ids: ids, vocab: vocab, c: c, grad: true}
	p.run(embedTasks, &p.jobs.embed)
	p.jobs.embed = embedJob{}
}

// embedTasks is into how many ranges of the vocabulary the gradient is cut. Every sum has the same order however many
// there are.
const embedTasks = 8

type embedJob struct {
	y, table, ids []float32
	vocab, c      int
	grad          bool
}

func (j *embedJob) do(w *worker, i int) {
	if !j.grad {
		step := chunkRows(j.c)
		for r := i * step; r < min((i+1)*step, len(j.ids)); r++ {
			copy(j.y[r*j.c:][:j.c], j.table[int(j.ids[r])*j.c:])
		}
		return
	}
	lo, hi := i*j.vocab/embedTasks, (i+1)*j.vocab/embedTasks
	for r, v := range j.ids {
		if id := int(v); id >= lo && id < hi {
			w.add(j.table[id*j.c:][:j.c], j.y[r*j.c:][:j.c])
		}
	}
}

// AddPerSample computes y = x + shared for each of n samples of len(shared) numbers; y may be x.
func AddPerSample(p *Pool, y, x, shared []float32, n int) {
	p.perSample(batchJob{y: y, x: x, shared: shared, n: n})
}

// SumSamples adds to sum each of the n samples of x, in order.
func SumSamples(p *Pool, sum, x []float32, n int) {
	p.perSample(batchJob{x: x, shared: sum, n: n, grad: true})
}

func (p *Pool) perSample(j batchJob) {
	p = p.or()
	p.jobs.batch = j
	p.run((len(j.shared)+batchBlock-1)/batchBlock, &p.jobs.batch)
	p.jobs.batch = batchJob{}
}

const batchBlock = 1024 // numbers of a sample in a task

type batchJob struct {
	y, x, shared []float32
	n            int
	grad         bool
}

func (j *batchJob) do(w *worker, i int) {
	lo, hi := i*batchBlock, min((i+1)*batchBlock, len(j.shared))
	shared := j.shared[lo:hi]
	for n := range j.n {
		x := j.x[n*len(j.shared)+lo:][:hi-lo]
		if j.grad {
			w.add(shared, x)
		} else {
			w.apply(w.set.vec.add, j.y[n*len(j.shared)+lo:][:hi-lo], x, shared)
		}
	}
}
