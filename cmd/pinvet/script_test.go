package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pinvet/pinvet/rules/registry"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pinvet": main})
}

var update = flag.Bool("update", false, "let cmp rewrite the golden text in the scripts")

// TestScripts runs testdata/script/*.txtar: sessions on the command line.
func TestScripts(t *testing.T) {
	tour, err := filepath.Abs(filepath.Join("..", "..", "testdata", "projects", "tour"))
	if err != nil {
		t.Fatal(err)
	}
	border := filepath.Join(filepath.Dir(tour), "border")
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			e.Setenv("PINVET_CACHE", filepath.Join(e.WorkDir, ".tmp", "cache"))
			e.Setenv("TOUR", tour)
			e.Setenv("BORDER", border)
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "rules": // the families that the scripts name are there
				_, err := registry.Select([]string{"PIN1", "PIN3", "PIN4"})
				return err == nil, nil
			case "root": // permissions do not bind this user
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("no condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"big": big, "nest": nest, "binary": binary, "exits": exits, "flows": flows, "encode": encode,
		},
	})
}

// exits runs pinvet and wants a certain exit code: exits 2 check nowhere.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code arguments...")
	}
	var want int
	if _, err := fmt.Sscan(args[0], &want); err != nil {
		ts.Check(err)
	}
	got := 0
	if err := ts.Exec("pinvet", args[1:]...); err != nil {
		coder, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = coder.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// big makes a file of so many megabytes of code: big file.c 50.
func big(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	line := []byte("int f(int a) { return a + 1; } /* sixty-four bytes of C, all in all */\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat(line, n<<20/len(line)), 0o644))
}

// nest makes a file with brackets nested so deep: nest file.c 100000.
func nest(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := "int f(void) { return " + string(bytes.Repeat([]byte("("), n)) + "1" + string(bytes.Repeat([]byte(")"), n)) + "; }\n"
	if filepath.Ext(args[0]) == ".cs" {
		text = "class A { int F() => " + text[len("int f(void) { return "):]
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// binary makes a file that is no text.
func binary(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\xff\xff\x00\x00"), 0o644))
}

// flows writes the places of all code flows of a SARIF file, a line for each result: flows in.sarif out.
// Paths start at the sample project, whether it lies in a repository or not.
func flows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flows in.sarif out")
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				CodeFlows []struct {
					ThreadFlows []struct {
						Locations []struct {
							Location struct {
								PhysicalLocation struct {
									ArtifactLocation struct{ URI string }
									Region           struct{ StartLine int }
								}
							}
						}
					}
				}
			}
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &log))
	var out bytes.Buffer
	for _, r := range log.Runs[0].Results {
		out.WriteString(r.RuleID)
		for _, l := range r.CodeFlows[0].ThreadFlows[0].Locations {
			p := l.Location.PhysicalLocation
			_, below, found := strings.Cut(p.ArtifactLocation.URI, "testdata/projects/border/")
			if !found {
				below = p.ArtifactLocation.URI
			}
			fmt.Fprintf(&out, " %s:%d", below, p.Region.StartLine)
		}
		out.WriteByte('\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o666))
}

// encode writes a file of ASCII text again in UTF-16: encode utf16le file.c.
func encode(ts *testscript.TestScript, _ bool, args []string) {
	out := []byte{0xFF, 0xFE}
	for _, c := range []byte(ts.ReadFile(args[1])) {
		out = append(out, c, 0)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o644))
}
