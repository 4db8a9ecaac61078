package integrations

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const top = "../.."

const (
	bad = "#include <windows.h>\nvoid f(HANDLE h)\n{\n    CloseHandle(h);\n    CloseHandle(h);\n}\n"
	ok  = "#include <windows.h>\nvoid f(HANDLE h)\n{\n    CloseHandle(h);\n}\n"
)

// pinvet builds the program, once, and returns the folder that it is in.
var pinvet = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pinvet")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/pinvet")
	cmd.Dir = top
	out, err := cmd.CombinedOutput()
	if err != nil {
		return dir, &exec.Error{Name: string(out), Err: err}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := pinvet(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// shell runs commands in folders with pinvet in the PATH.
type shell struct {
	t   *testing.T
	env []string
}

func newShell(t *testing.T, env ...string) *shell {
	t.Helper()
	dir, err := pinvet()
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{t: t, env: append(os.Environ(), "PATH="+dir+string(filepath.ListSeparator)+os.Getenv("PATH"))}
	s.env = append(s.env, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	s.env = append(s.env, env...)
	return s
}

// run runs a command and returns what it wrote, standard output and error together, and whether it went
// well.
func (s *shell) run(dir string, args ...string) (string, bool) {
	s.t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, s.env, &out, &out
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		s.t.Fatal(err)
	}
	return out.String(), err == nil
}

// must is run for what has to go well.
func (s *shell) must(dir string, args ...string) string {
	s.t.Helper()
	out, good := s.run(dir, args...)
	if !good {
		s.t.Fatalf("%s: %s", strings.Join(args, " "), out)
	}
	return out
}

func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not tried: there is no %s here", tool)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
