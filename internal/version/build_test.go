package version

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestOrigin(t *testing.T) {
	vcs := func(modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: modified}}}
	}
	module := &debug.BuildInfo{Main: debug.Module{Version: "v0.1.0", Sum: "h1:x"}}
	for _, c := range []struct {
		commit string
		info   *debug.BuildInfo
		want   string
	}{
		{"123", vcs("true"), "123"},
		{"", vcs("false"), "abc"},
		{"", vcs("true"), ""},
		{"", module, "v0.1.0 h1:x"},
		{"", &debug.BuildInfo{}, ""},
		{"", nil, ""},
	} {
		if got := origin(c.commit, c.info); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestBuild(t *testing.T) {
	name, err := Build()
	if err != nil || !strings.HasPrefix(name, Number+" ") || len(name) < len(Number)+8 {
		t.Errorf("%q %v", name, err)
	}
}
