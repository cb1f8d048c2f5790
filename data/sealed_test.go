package data

import (
	"reflect"
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

// The seal holds by type: from what a search is handed, no chain of exported fields and methods leads to the test set, to
// the Set that may hold its images too, or to the Dataset.
func TestNothingThatATrainingOffersLeadsToTheTestSet(t *testing.T) {
	forbidden := map[reflect.Type]bool{reflect.TypeFor[Sealed](): true, reflect.TypeFor[Splits](): true, reflect.TypeFor[Set](): true, reflect.TypeFor[Dataset](): true}
	seen := map[reflect.Type]bool{}
	var visit func(typ reflect.Type, way string)
	visit = func(typ reflect.Type, way string) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		if forbidden[typ] {
			t.Errorf("%s leads to a %v", way, typ)
		}
		for i := range typ.NumMethod() {
			method := typ.Method(i)
			for out := range method.Type.Outs() {
				visit(out, way+"."+method.Name)
			}
		}
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
			visit(typ.Elem(), way)
		case reflect.Struct:
			for i := range typ.NumField() {
				if field := typ.Field(i); field.IsExported() {
					visit(field.Type, way+"."+field.Name)
				}
			}
		}
	}
	visit(reflect.TypeFor[Training](), "Training")
	if !seen[reflect.TypeFor[View]()] || !seen[reflect.TypeFor[Normalisation]()] {
		t.Error("the walk missed what a Training does offer")
	}
}
