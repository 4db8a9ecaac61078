// Command fuzz runs all fuzz targets of the module, one after the other, and prints how many inputs each
// of them was given. What a target fails on is left in its testdata/fuzz, where every test run tries it.
//
//	go run ./internal/tools/fuzz -time 1m          # each target for a minute
//	go run ./internal/tools/fuzz -only 'Both|Lex'  # those alone
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// target is one fuzz target: its package and name.
type target struct{ dir, name string }

var (
	length   = flag.Duration("time", time.Minute, "how long each target runs")
	parallel = flag.Int("parallel", 1, "inputs that are tried at the same time")
	only     = flag.String("only", "", "run only targets whose package and name (./a/b.FuzzC) match this regular expression")
)

func main() {
	flag.Parse()
	which, err := regexp.Compile(*only)
	if err != nil {
		fail(err)
	}
	targets, err := find(".")
	if err != nil {
		fail(err)
	}
	var all, failed int
	for _, t := range targets {
		if !which.MatchString(t.String()) {
			continue
		}
		n, err := t.run(os.Stdout)
		all += n
		state := ""
		if err != nil {
			failed++
			state = "  FAILED: " + err.Error()
		}
		fmt.Printf("%12d  %s%s\n", n, t, state)
	}
	fmt.Printf("%12d  executions, %d targets failed\n", all, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "fuzz:", err)
	os.Exit(2)
}

func (t target) String() string { return "./" + filepath.ToSlash(t.dir) + "." + t.name }

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// find lists the targets below root, by package and place.
func find(root string) (list []target, err error) {
	err = filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && p != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata" || e.Name() == "node_modules"):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(p, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			list = append(list, target{filepath.Dir(p), string(m[1])})
		}
		return nil
	})
	return list, err
}

var counted = regexp.MustCompile(`execs: (\d+)`)

// run runs one target; what it says beside its counts goes to w where it fails.
func (t target) run(w io.Writer) (execs int, err error) {
	cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", length.String(),
		"-fuzzminimizetime", "5s", "-parallel", fmt.Sprint(*parallel), "./"+filepath.ToSlash(t.dir))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if m := counted.FindStringSubmatch(line); m != nil {
			fmt.Sscan(m[1], &execs)
		} else if !strings.HasPrefix(line, "fuzz: ") {
			said = append(said, line)
		}
	}
	if err = cmd.Wait(); err != nil && timeOver(said) {
		return execs, nil
	}
	if err != nil {
		fmt.Fprintln(w, strings.Join(said[:min(len(said), 60)], "\n"))
	}
	return execs, err
}

// timeOver tells whether a target failed on nothing but the end of its time: the go command can report
// that as a failure where an input is being tried at that moment.
func timeOver(said []string) bool {
	for _, line := range said {
		switch line = strings.TrimSpace(line); {
		case line == "context deadline exceeded", line == "FAIL", line == "exit status 1", line == "":
		case strings.HasPrefix(line, "--- FAIL: Fuzz"), strings.HasPrefix(line, "FAIL\t"):
		default:
			return false
		}
	}
	return true
}
