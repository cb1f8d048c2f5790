package data

import (
	"sync"
	"sync/atomic"
	"testing"
)

func sealedOf(t *testing.T) *Sealed {
	t.Helper()
	return &Sealed{view: made(t, Shape{1, 1, 1}, 2, 10).View()}
}

func TestTheTestSetOpensOnceAndRemembersWhy(t *testing.T) {
	s := sealedOf(t)
	if reason, opened := s.Opened(); opened || reason != "" {
		t.Errorf("a new seal says it was opened for %q", reason)
	}
	view, err := s.Open("finalists of study 7")
	if err != nil || view.Len() != 10 {
		t.Fatalf("the first opening gave %d images and %v; want 10 and no error", view.Len(), err)
	}
	want := `the sealed test set was opened before (finalists of study 7) and opens only once, so not for "one more look"`
	if view, err := s.Open("one more look"); err == nil || err.Error() != want || view.Len() != 0 {
		t.Errorf("the second opening gave %d images and %v; want none and %s", view.Len(), err, want)
	}
	if reason, opened := s.Opened(); !opened || reason != "finalists of study 7" {
		t.Errorf("the seal says %q, %v", reason, opened)
	}
}

func TestOpeningNeedsAReasonAndAskingWithoutOneBreaksNothing(t *testing.T) {
	s := sealedOf(t)
	want := "the sealed test set opens only for a stated reason, and none was given"
	if _, err := s.Open(""); err == nil || err.Error() != want {
		t.Errorf("the error is %v; want %s", err, want)
	}
	if _, err := s.Open("a reason"); err != nil {
		t.Errorf("the seal did not survive: %v", err)
	}
}

func TestOfManyOpeningsAtOnceOneSucceeds(t *testing.T) {
	s := sealedOf(t)
	var wait sync.WaitGroup
	var successes atomic.Int32
	for range 32 {
		wait.Go(func() {
			if _, err := s.Open("a race"); err == nil {
				successes.Add(1)
			}
		})
	}
	wait.Wait()
	if n := successes.Load(); n != 1 {
		t.Errorf("%d openings succeeded; want 1", n)
	}
}
