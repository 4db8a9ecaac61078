package driver

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// adder makes an analyzer whose result is own plus the results of what it requires.
func adder(name string, own int, log *[]string, requires ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: name, Requires: requires, ResultType: reflect.TypeFor[int](),
		Run: func(p *analysis.Pass) (any, error) {
			*log = append(*log, name)
			sum := own
			for _, r := range requires {
				sum += p.ResultOf[r].(int)
			}
			p.Report(analysis.Diagnostic{Message: name})
			return sum, nil
		},
	}
}

func failing(name string, run func() (any, error)) *analysis.Analyzer {
	return &analysis.Analyzer{Name: name, Doc: name, ResultType: reflect.TypeFor[int](),
		Run: func(*analysis.Pass) (any, error) { return run() }}
}

func TestOrderAndResults(t *testing.T) {
	var log []string
	base := adder("base", 1, &log)
	left := adder("left", 10, &log, base)
	right := adder("right", 100, &log, base)
	top := adder("top", 1000, &log, left, right)
	res, err := Run(context.Background(), &Unit{Name: "u"}, []*analysis.Analyzer{top, right})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(log, []string{"base", "left", "right", "top"}) {
		t.Errorf("ran %v", log)
	}
	if res.Of[top] != 1112 {
		t.Errorf("top = %v", res.Of[top])
	}
	if len(res.Diagnostics) != 4 || res.Diagnostics[3].Analyzer != top {
		t.Errorf("diagnostics: %v", res.Diagnostics)
	}
}

func TestSeedsAreNotRun(t *testing.T) {
	var log []string
	base := adder("base", 1, &log)
	top := adder("top", 10, &log, base)
	res, err := Run(context.Background(), &Unit{Seeds: map[*analysis.Analyzer]any{base: 5}}, []*analysis.Analyzer{top})
	if err != nil {
		t.Fatal(err)
	}
	if res.Of[top] != 15 || !slices.Equal(log, []string{"top"}) {
		t.Errorf("top = %v, ran %v", res.Of[top], log)
	}
}

func TestFailureCostsWhatNeedsItOnly(t *testing.T) {
	for name, run := range map[string]func() (any, error){
		"panic":      func() (any, error) { panic("boom") },
		"error":      func() (any, error) { return 0, errors.New("boom") },
		"wrong type": func() (any, error) { return "boom", nil },
	} {
		var log []string
		bad := failing("bad", run)
		above := adder("above", 1, &log, bad)
		higher := adder("higher", 1, &log, above)
		fine := adder("fine", 7, &log)
		res, err := Run(context.Background(), &Unit{}, []*analysis.Analyzer{higher, fine, above})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(log, []string{"fine"}) || res.Of[fine] != 7 {
			t.Errorf("%s: ran %v", name, log)
		}
		if len(res.Problems) != 1 || !strings.Contains(res.Problems[0].Text, "bad") {
			t.Errorf("%s: problems %v", name, res.Problems)
		}
	}
}

func TestDiagnosticsOfAFailedAnalyzerAreDropped(t *testing.T) {
	bad := &analysis.Analyzer{Name: "bad", Doc: "bad", Run: func(p *analysis.Pass) (any, error) {
		p.Report(analysis.Diagnostic{Message: "half a truth"})
		panic("boom")
	}}
	res, err := Run(context.Background(), &Unit{}, []*analysis.Analyzer{bad})
	if err != nil || len(res.Diagnostics) != 0 {
		t.Errorf("%v, %v", res.Diagnostics, err)
	}
}

func TestCycleIsAnError(t *testing.T) {
	var log []string
	a := adder("a", 1, &log)
	b := adder("b", 1, &log, a)
	a.Requires = append(a.Requires, b)
	if _, err := Run(context.Background(), &Unit{}, []*analysis.Analyzer{b}); err == nil {
		t.Error("a cycle was accepted")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var log []string
	stop := failing("stop", func() (any, error) { cancel(); return 1, nil })
	after := adder("after", 1, &log, stop)
	if _, err := Run(ctx, &Unit{}, []*analysis.Analyzer{after}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if len(log) != 0 {
		t.Errorf("ran %v", log)
	}
}
