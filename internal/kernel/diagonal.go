package kernel

// Diagonal gathers pixels (2i, 2j) and (2i+1, 2j+1) of each of n images h×w×c as the two halves of pixel (i, j) of y.
func Diagonal(p *Pool, y, x []float32, n, h, w, c int) {
	p.or().diagonal(diagonalJob{wide: x, narrow: y, h: h, w: w, c: c}, n)
}

// DiagonalBackward scatters dy to the pixels that Diagonal gathered; the others of dx are zero.
func DiagonalBackward(p *Pool, dx, dy []float32, n, h, w, c int) {
	p.or().diagonal(diagonalJob{wide: dx, narrow: dy, h: h, w: w, c: c, back: true}, n)
}

func (p *Pool) diagonal(j diagonalJob, n int) {
	p.jobs.diagonal = j
	p.run(n, &p.jobs.diagonal)
	p.jobs.diagonal = diagonalJob{}
}

type diagonalJob struct {
	wide, narrow []float32
	h, w, c      int
	back         bool
}

// do moves one image.
func (j *diagonalJob) do(_ *worker, n int) {
	line := j.w * j.c
	wide := j.wide[n*j.h*line:][:j.h*line]
	narrow := j.narrow[n*j.h*line/2:][:j.h*line/2]
	if j.back {
		clear(wide)
	}
	for i := range j.h / 2 {
		for k := range j.w / 2 {
			pair := narrow[(i*j.w/2+k)*2*j.c:][:2*j.c]
			even := wide[2*i*line+2*k*j.c:][:j.c]
			odd := wide[(2*i+1)*line+(2*k+1)*j.c:][:j.c]
			if j.back {
				copy(even, pair[:j.c])
				copy(odd, pair[j.c:])
			} else {
				copy(pair[:j.c], even)
				copy(pair[j.c:], odd)
			}
		}
	}
}
