// Command maketree writes a large tree of C# and C code for measurements of time and memory: ordinary
// classes and functions, and in a few of a hundred files code at the border, right and wrong.
//
//	go run ./internal/tools/maketree -out DIR -files 100000
//
// In: the number of files. Out: DIR with projects of 100 files each, four of C# to one of C, some
// 10 kB a file, and on standard output how many defects were put in. The same numbers give the same
// tree; each project names types of others, as real trees do. Nothing in it compiles against
// anything but itself.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "", "a folder, which must not exist")
	files := flag.Int("files", 1000, "how many source files")
	flag.Parse()
	if err := run(*out, *files); err != nil {
		fmt.Fprintln(os.Stderr, "maketree:", err)
		os.Exit(1)
	}
}

const perProject = 100

func run(out string, files int) error {
	if out == "" || files < 1 {
		return fmt.Errorf("-out and a positive -files are needed")
	}
	if err := os.Mkdir(out, 0o755); err != nil {
		return err
	}
	defects := 0
	for first := 0; first < files; first += perProject {
		p := project{number: first / perProject, files: min(perProject, files-first)}
		n, err := p.write(out)
		if err != nil {
			return err
		}
		defects += n
	}
	fmt.Printf("%d files, %d defects\n", files, defects)
	return nil
}

// project is a folder with its build file.
type project struct{ number, files int }

func (p project) native() bool { return p.number%5 == 4 }

func (p project) write(out string) (defects int, err error) {
	dir := filepath.Join(out, fmt.Sprintf("area%02d", p.number/20), fmt.Sprintf("Unit%04d", p.number))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	build, ext := "Unit.csproj", ".cs"
	text := "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup><TargetFramework>net8.0</TargetFramework><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup>\n</Project>\n"
	if p.native() {
		build, ext = "CMakeLists.txt", ".c"
		text = fmt.Sprintf("file(GLOB sources *.c)\nadd_library(unit%04d SHARED ${sources})\n", p.number)
	}
	if err := os.WriteFile(filepath.Join(dir, build), []byte(text), 0o644); err != nil {
		return 0, err
	}
	for i := range p.files {
		w := writer{project: p.number, file: i, seed: uint64(p.number*perProject+i)*2654435761 + 1}
		write := w.csharp
		if p.native() {
			write = w.c
		}
		text, n := write()
		defects += n
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s%02d%s", w.noun(i), i, ext)), text, 0o644); err != nil {
			return defects, err
		}
	}
	return defects, nil
}
