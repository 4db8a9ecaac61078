package check_test

import (
	"context"
	"os"
	"regexp"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano())
}

func TestGrowth(t *testing.T) {
	pattern := os.Getenv("PINVET_GROWTH")
	if pattern == "" {
		t.Skip()
	}
	re := regexp.MustCompile(pattern)
	divs := []int{16, 8, 4, 2, 1}
	if os.Getenv("PINVET_DIV") != "" {
		divs = []int{2}
	}
	for _, h := range hostiles {
		if !re.MatchString(h.name) {
			continue
		}
		for _, div := range divs {
			text := []byte(h.text(h.n / div))
			var m0, m1 runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m0)
			t0 := cpu()
			res, err := check.Run(context.Background(), check.Options{Overlay: map[string][]byte{h.path: text}, Rules: registry.All(), Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			d := cpu() - t0
			runtime.ReadMemStats(&m1)
			said := ""
			for _, p := range res.Problems {
				said = string(p.Kind) + ":" + p.Text
			}
			t.Logf("%-24s %8d %6d kB: %8.3fs %7d MB  f=%d b=%d p=%d %.60s", h.name, h.n/div, len(text)>>10, d.Seconds(), (m1.TotalAlloc-m0.TotalAlloc)>>20, len(res.Findings), res.Stats.Bounded, len(res.Problems), said)
			if d > 3*time.Second {
				break
			}
		}
	}
}
