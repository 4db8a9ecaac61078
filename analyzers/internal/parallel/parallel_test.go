package parallel

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEveryIndexOnce(t *testing.T) {
	for _, workers := range []int{0, 1, 3, 100} {
		got := make([]int32, 50)
		if ps := Do(context.Background(), workers, len(got), func(i int) { atomic.AddInt32(&got[i], 1) }); ps != nil {
			t.Error(ps)
		}
		if slices.ContainsFunc(got, func(n int32) bool { return n != 1 }) {
			t.Errorf("%d workers: %v", workers, got)
		}
	}
}

func TestPanicCostsItsOwnIndex(t *testing.T) {
	done := make([]bool, 20)
	ps := Do(context.Background(), 4, len(done), func(i int) {
		if i%7 == 3 {
			panic(i)
		}
		done[i] = true
	})
	var at []int
	for _, p := range ps {
		at = append(at, p.Index)
		if !strings.Contains(p.Value, "(parallel_test.go:") {
			t.Errorf("panic without its line: %s", p.Value)
		}
	}
	if !slices.Equal(at, []int{3, 10, 17}) {
		t.Errorf("panics at %v", at)
	}
	for i, d := range done {
		if d == (i%7 == 3) {
			t.Errorf("index %d: done %v", i, d)
		}
	}
}

func TestOriginOfARuntimeError(t *testing.T) {
	var none []int
	p := Catch(7, func() { none[len(none)] = 1 })
	if p == nil || p.Index != 7 || !strings.Contains(p.Value, "index out of range") || !strings.Contains(p.Value, "(parallel_test.go:") {
		t.Errorf("%+v", p)
	}
	if p := Catch(0, func() {}); p != nil {
		t.Errorf("%+v", p)
	}
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	Do(ctx, 1, 1000, func(i int) {
		n++
		if i == 4 {
			cancel()
		}
	})
	if n != 5 {
		t.Errorf("%d calls", n)
	}
}

func TestBeside(t *testing.T) {
	n := 0
	Beside(func() { n = 1 })()
	if n != 1 {
		t.Error("it was not waited for")
	}
	wait := Beside(func() { panic("no") })
	defer func() {
		if text, _ := recover().(string); !strings.HasPrefix(text, "no (parallel_test.go:") {
			t.Errorf("panic %q", text)
		}
	}()
	wait()
}
