package data

import (
	"fmt"
	"sync"
)

// Sealed is a test set that nobody has looked at. It is what keeps a search honest: whoever chooses networks is handed a
// Training, from which no way leads here, and the one who reports opens the seal once, for finalists that are already
// chosen. It must not be copied; it is safe for concurrent use.
type Sealed struct {
	mu     sync.Mutex
	view   View
	reason string
}

// Len returns the number of images, which may be known without opening.
func (s *Sealed) Len() int { return s.view.Len() }

// Open breaks the seal and returns the test set. It succeeds once for each Sealed: the reason, which must not be empty,
// is kept, and every later call is an error that repeats it. Of several calls at the same time, exactly one succeeds.
// Test all finalists with the one View.
func (s *Sealed) Open(reason string) (View, error) {
	if reason == "" {
		return View{}, fmt.Errorf("the sealed test set opens only for a stated reason, and none was given")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != "" {
		return View{}, fmt.Errorf("the sealed test set was opened before (%s) and opens only once, so not for %q", s.reason, reason)
	}
	s.reason = reason
	return s.view, nil
}

// Opened returns the reason for which the seal was broken, or false while it is whole.
func (s *Sealed) Opened() (reason string, opened bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason, s.reason != ""
}
