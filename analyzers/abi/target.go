package abi

import (
	"math/bits"
	"strings"
)

// OS is a system, as far as data models differ.
type OS uint8

// The systems.
const (
	Windows OS = iota
	Linux
	MacOS
)

// Arch is a processor architecture.
type Arch uint8

// The architectures.
const (
	X86 Arch = iota
	X64
	ARM64
	ARM
)

// Target is what a process runs on.
type Target struct {
	OS   OS
	Arch Arch
}

// Targets are all that are told apart, in the order of the bits of a TargetSet.
var Targets = [...]Target{
	{Windows, X86}, {Windows, X64}, {Windows, ARM64}, {Windows, ARM},
	{Linux, X86}, {Linux, X64}, {Linux, ARM64}, {Linux, ARM},
	{MacOS, X64}, {MacOS, ARM64},
}

// Ptr is the size of a pointer.
func (t Target) Ptr() int {
	if t.Arch == X86 || t.Arch == ARM {
		return 4
	}
	return 8
}

// Long is the size of C's long: 4 bytes on all of Windows.
func (t Target) Long() int {
	if t.OS == Windows {
		return 4
	}
	return t.Ptr()
}

// WChar is the size of wchar_t.
func (t Target) WChar() int {
	if t.OS == Windows {
		return 2
	}
	return 4
}

// Align8 is the alignment of eight-byte numbers inside of structures.
func (t Target) Align8() int {
	if t.OS != Windows && t.Arch == X86 {
		return 4
	}
	return 8
}

// Slot is the room that an argument takes is a multiple of this: the width of a stack slot.
func (t Target) Slot() int { return t.Ptr() }

var archNames = [...]string{"x86", "x64", "arm64", "arm"}

func (t Target) String() string {
	return [...]string{"Windows", "Linux", "macOS"}[t.OS] + " " + archNames[t.Arch]
}

// TargetSet is a set of targets: bit i stands for Targets[i].
type TargetSet uint16

// SetOf makes a set; targets that are in no table are left out.
func SetOf(list ...Target) TargetSet {
	var s TargetSet
	for i, t := range Targets {
		for _, x := range list {
			if x == t {
				s |= 1 << i
			}
		}
	}
	return s
}

// Sets by system and by width of pointers.
var (
	AllWindows = where(func(t Target) bool { return t.OS == Windows })
	AllMacOS   = where(func(t Target) bool { return t.OS == MacOS })
	Bits32     = where(func(t Target) bool { return t.Ptr() == 4 })
	Bits64     = where(func(t Target) bool { return t.Ptr() == 8 })
)

func where(ok func(Target) bool) TargetSet {
	var s TargetSet
	for i, t := range Targets {
		if ok(t) {
			s |= 1 << i
		}
	}
	return s
}

// Has tells whether t is in the set.
func (s TargetSet) Has(t Target) bool { return s&SetOf(t) != 0 }

// List are the targets of the set, in the order of Targets.
func (s TargetSet) List() []Target {
	out := make([]Target, 0, bits.OnesCount16(uint16(s)))
	for i, t := range Targets {
		if s&(1<<i) != 0 {
			out = append(out, t)
		}
	}
	return out
}

// Within says in words which part of all the set is: "" when it is all of it, else "on 64-bit
// Windows", "on 32-bit systems", "on Linux x64".
func (s TargetSet) Within(all TargetSet) string {
	s &= all
	if s == all {
		return ""
	}
	systems := s.systems()
	if systems == "" || all.systems() != systems && s != all&s.sameSystems() {
		switch s {
		case all & Bits64:
			return "on 64-bit systems"
		case all & Bits32:
			return "on 32-bit systems"
		}
	}
	if systems != "" {
		switch within := all & s.sameSystems(); s {
		case within:
			return "on " + systems
		case within & Bits64:
			return "on 64-bit " + systems
		case within & Bits32:
			return "on 32-bit " + systems
		}
	}
	var names []string
	for _, t := range s.List() {
		names = append(names, t.String())
	}
	return "on " + strings.Join(names, ", ")
}

// systems names the one system of the set, "" if it has several.
func (s TargetSet) systems() string {
	name := ""
	for _, t := range s.List() {
		n := [...]string{"Windows", "Linux", "macOS"}[t.OS]
		if name != "" && n != name {
			return ""
		}
		name = n
	}
	return name
}

// sameSystems are all targets of the systems that the set has.
func (s TargetSet) sameSystems() TargetSet {
	list := s.List()
	return where(func(t Target) bool {
		for _, x := range list {
			if x.OS == t.OS {
				return true
			}
		}
		return false
	})
}
