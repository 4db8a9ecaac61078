package main

import (
	"debug/elf"
	"debug/pe"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// target is a system to build for.
type target struct{ os, arch string }

func targetOf(name string) (target, error) {
	system, arch, ok := strings.Cut(name, "/")
	if !ok || system == "" || arch == "" {
		return target{}, fmt.Errorf("%q is no target: write it like linux/arm64", name)
	}
	return target{system, arch}, nil
}

func (t target) suffix() string {
	if t.os == "windows" {
		return ".exe"
	}
	return ""
}

// compilers are the names that Debian gives its cross compilers. CC_linux_arm64 and the like override them.
var compilers = map[target]string{
	{"linux", "amd64"}:   "x86_64-linux-gnu-gcc",
	{"linux", "arm64"}:   "aarch64-linux-gnu-gcc",
	{"windows", "amd64"}: "x86_64-w64-mingw32-gcc",
}

func (t target) compiler() string {
	if cc := os.Getenv("CC_" + t.os + "_" + t.arch); cc != "" {
		return cc
	}
	if cc, ok := compilers[t]; ok {
		return cc
	}
	if runtime.GOOS == "darwin" {
		return "clang"
	}
	return "gcc"
}

// ldflags: no symbols, no build identity that depends on where it was built; static, but for macOS, where
// a program links the system's library.
func (t target) ldflags(commit string) string {
	flags := "-s -w -buildid="
	if commit != "" {
		flags += " -X github.com/pinvet/pinvet/internal/version.commit=" + commit
	}
	switch t.os {
	case "linux":
		flags += " -linkmode external -extldflags '-static -Wl,--build-id=none'"
	case "windows":
		flags += " -linkmode external -extldflags -static"
	}
	return flags
}

func (t target) build(binary, commit string) error {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", t.ldflags(commit), "-o", binary}
	if t.os == "linux" {
		args = append(args, "-tags", "netgo,osusergo") // the C library's are not for static programs
	}
	c := exec.Command("go", append(args, "./cmd/pinvet")...)
	c.Env = append(os.Environ(), "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=1", "CC="+t.compiler(),
		"GOFLAGS=", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "CGO_CFLAGS=-O2", "CGO_LDFLAGS=", "LC_ALL=C")
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	return c.Run()
}

// always are the libraries that every Windows has.
var always = []string{"kernel32.dll", "msvcrt.dll"}

// verify makes sure that a binary needs nothing that is not on every machine.
func (t target) verify(binary string) error {
	switch t.os {
	case "linux":
		f, err := elf.Open(binary)
		if err != nil {
			return err
		}
		defer f.Close()
		if slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
			return fmt.Errorf("%s is not static", binary)
		}
	case "windows":
		f, err := pe.Open(binary)
		if err != nil {
			return err
		}
		defer f.Close()
		symbols, err := f.ImportedSymbols()
		if err != nil {
			return err
		}
		for _, s := range symbols {
			if _, dll, _ := strings.Cut(s, ":"); !slices.Contains(always, strings.ToLower(dll)) {
				return fmt.Errorf("%s needs %s", binary, dll)
			}
		}
	}
	return nil
}
