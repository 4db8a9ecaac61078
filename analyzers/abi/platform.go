package abi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/project"
)

// usual are the targets of code that no project file says anything about.
var usual = SetOf(Target{Windows, X86}, Target{Windows, X64}, Target{Windows, ARM64})

// targets are those that an import may run on: the ones of its projects, as far as the function
// exists there. stated are those whose processor the project names.
func (r *Result) targets(ch *Check) (set, stated TargetSet) {
	for _, t := range r.p.Projects.Of(ch.File.Path).Targets() {
		ts := platforms(t, ch.Source == Tree)
		set |= ts
		if t.Arch != "" {
			stated |= ts
		}
	}
	switch {
	case ch.Source == Models || includesWindows(ch.Binding.File):
		set &= AllWindows
	case strings.HasSuffix(ch.Import.Library, ".dylib"):
		return AllMacOS, stated & AllMacOS
	}
	if set == 0 {
		return usual, stated
	}
	return set, stated & set
}

// platforms are the targets that a project's target stands for. Code for any system is compared on
// Windows, and on Linux when portable is set.
func platforms(t project.Target, portable bool) TargetSet {
	var systems []OS
	switch t.OS {
	case "", "any":
		systems = []OS{Windows}
		if portable {
			systems = append(systems, Linux)
		}
	case "windows", "win":
		systems = []OS{Windows}
	case "linux", "android", "unix", "freebsd":
		systems = []OS{Linux}
	case "osx", "macos", "ios", "maccatalyst", "tvos":
		systems = []OS{MacOS}
	}
	var archs []Arch
	switch t.Arch {
	case "x86":
		archs = []Arch{X86}
	case "x64":
		archs = []Arch{X64}
	case "arm64":
		archs = []Arch{ARM64}
	case "arm":
		archs = []Arch{ARM}
	default:
		archs = []Arch{X86, X64, ARM64}
	}
	var set TargetSet
	for _, os := range systems {
		for _, arch := range archs {
			if os == Linux && arch == X86 && t.Arch == "" {
				continue
			}
			set |= SetOf(Target{os, arch})
		}
	}
	return set
}

// unmarshalled tells whether all projects of a file switch the runtime's marshalling off where span lies.
func unmarshalled(c *project.CS, f *ir.File, span ir.Span) bool {
	if c == nil || len(c.Projects) == 0 {
		return false
	}
	for _, p := range c.Projects {
		if !p.NoMarshalling || p.NoMarshallingIf != "" && never(p.NoMarshallingIf, f, span) {
			return false
		}
	}
	return true
}

// never tells whether a condition of #if is false wherever the place is compiled: as that lies behind #else of the same question,
// or of one that older targets answer with yes as well.
func never(cond string, f *ir.File, span ir.Span) bool {
	for i, arm := range f.Arms {
		if i >= len(f.Conds) || !arm.Contains(span) {
			continue
		}
		not, negated := strings.CutPrefix(f.Conds[i], "!")
		if f.Conds[i] == "" {
			not, negated = before(f, i), true
		}
		for _, part := range strings.Split(cond, "&&") {
			if negated && not != "" && implies(strings.TrimSpace(part), strings.TrimSpace(not)) {
				return true
			}
		}
	}
	return false
}

// before is what the arm in front of arm i asks.
func before(f *ir.File, i int) string {
	cond, end := "", uint32(0)
	for j, arm := range f.Arms {
		if j < len(f.Conds) && arm.End <= f.Arms[i].Start && arm.End > end {
			cond, end = f.Conds[j], arm.End
		}
	}
	return cond
}

// implies tells whether one symbol is defined only where the other is: NET8_0_OR_GREATER and NET7_0_OR_GREATER.
func implies(symbol, other string) bool {
	if symbol == other {
		return true
	}
	a, okA := orGreater(symbol)
	b, okB := orGreater(other)
	return okA && okB && a >= b
}

func orGreater(symbol string) (version int, ok bool) {
	s, ok := strings.CutSuffix(strings.TrimPrefix(symbol, "NET"), "_0_OR_GREATER")
	if !ok || !strings.HasPrefix(symbol, "NET") {
		return 0, false
	}
	version, err := strconv.Atoi(s)
	return version, err == nil
}

// includesWindows tells whether a C file is for Windows alone, by what it includes.
func includesWindows(f *ir.File) bool {
	for _, inc := range f.Includes {
		if !strings.EqualFold(strings.Trim(inc, `"<> `), "windows.h") {
			continue
		}
		return len(f.Arms) == 0 || !hasOther(f.Includes)
	}
	return false
}

// hasOther tells whether one of the includes is of a system other than Windows.
func hasOther(includes []string) bool {
	for _, inc := range includes {
		if strings.Contains(inc, "unistd.h") || strings.Contains(inc, "pthread.h") || strings.Contains(inc, "sys/") {
			return true
		}
	}
	return false
}

// importsCocoa tells whether a file includes a framework of Objective-C.
func importsCocoa(f *ir.File) bool {
	return f != nil && slices.ContainsFunc(f.Includes, func(inc string) bool {
		dir, _, _ := strings.Cut(strings.Trim(inc, `"<> `), "/")
		switch dir {
		case "Foundation", "Cocoa", "AppKit", "UIKit", "objc":
			return true
		}
		return false
	})
}
