package models

import (
	_ "embed"
	"strings"
)

//go:embed curated/portable.tsv
var curatedPortable string

func portable(name string) (what string) {
	eachRow(find(curatedPortable, name), func(f []string) { what = field(f, 1) })
	return what
}

// Portable tells whether f is a function of the C runtime whose name other systems have as well ("write", but not "_write").
func (f *Func) Portable() bool { return f.DLL == "ucrtbase" && !strings.HasPrefix(f.Name, "_") }

// RuntimeKind tells whether a kind of resource belongs to the C runtime ("CRT_MEM", "FILE*") or to
// the kernel ("K:..."). Such resources are followed as storage of operations; what becomes of them
// is no matter of the rules on handles: kernel objects count references, and pools and locks of
// drivers have other owners.
func RuntimeKind(kind string) bool {
	return strings.HasPrefix(kind, "K:") || portable(kind) == "kind"
}

// HeaderSystem tells what including a header says about the target of a file: "posix", "windows"
// or "" (nothing). Some systems have their headers in a folder of their own.
func HeaderSystem(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "\\", "/"))
	w := portable(name)
	if dir, _, ok := strings.Cut(name, "/"); ok && w == "" {
		w = portable(dir + "/")
	}
	switch w {
	case "posix", "windows":
		return w
	}
	return ""
}
