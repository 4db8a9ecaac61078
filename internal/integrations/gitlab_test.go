package integrations

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

type job struct {
	Variables    map[string]string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Artifacts    struct {
		When    string
		Reports map[string]string
	}
}

func readTemplate(t *testing.T) job {
	t.Helper()
	var jobs map[string]job
	if err := yaml.Unmarshal([]byte(read(t, "integrations/gitlab/pinvet.yml")), &jobs); err != nil {
		t.Fatal(err)
	}
	if len(jobs) != 1 {
		t.Fatalf("%d jobs", len(jobs))
	}
	return jobs["pinvet"]
}

// The script of the job, as its runner would run it.
func TestGitLab(t *testing.T) {
	need(t, "bash", "git")
	j := readTemplate(t)
	s := newShell(t)
	for name, value := range j.Variables {
		s.env = append(s.env, name+"="+value)
	}
	dir := t.TempDir()
	write(t, dir, "a.c", bad)
	script := "set -eo pipefail\n" + strings.Join(j.Script, "\n")
	out, good := s.run(dir, "bash", "-c", script)
	if good || !strings.Contains(out, "a.c:5:5: error PIN404") {
		t.Fatalf("%v: %s", good, out)
	}
	report := j.Artifacts.Reports["codequality"]
	var list []struct {
		CheckName string `json:"check_name"`
	}
	if err := json.Unmarshal(mustRead(t, filepath.Join(dir, report)), &list); err != nil || len(list) != 1 || list[0].CheckName != "PIN404" || j.Artifacts.When != "always" {
		t.Errorf("%v %+v %s", err, list, j.Artifacts.When)
	}
	// In a merge request only what is new counts.
	if err := os.Remove(filepath.Join(dir, report)); err != nil {
		t.Fatal(err)
	}
	s.must(dir, "git", "init", "-q")
	s.must(dir, "git", "add", "-A")
	s.must(dir, "git", "commit", "-q", "-m", "old")
	base := strings.TrimSpace(s.must(dir, "git", "rev-parse", "HEAD"))
	mr := *s
	mr.env = append(slices.Clone(s.env), "CI_MERGE_REQUEST_DIFF_BASE_SHA="+base)
	if out, good := mr.run(dir, "bash", "-c", script); !good {
		t.Error(out)
	}
	mr.env = append(mr.env, "PINVET_ONLY_NEW=false")
	if out, good := mr.run(dir, "bash", "-c", script); good {
		t.Error(out)
	}
}

// The download of the job: what has another checksum is not unpacked.
func TestGitLabDownload(t *testing.T) {
	need(t, "bash", "curl", "tar")
	j := readTemplate(t)
	s := newShell(t)
	dir := release(t, s)
	script := j.BeforeScript[len(j.BeforeScript)-1]
	for _, c := range []struct{ from, to string }{{"/tmp/pinvet", dir + "/work"}, {"/usr/local/bin/pinvet", dir + "/bin/pinvet"}} {
		if !strings.Contains(script, c.from) {
			t.Fatalf("no %s", c.from)
		}
		script = strings.ReplaceAll(script, c.from, c.to)
	}
	s.env = append(s.env, "PINVET_DOWNLOADS=file://"+dir, "PINVET_VERSION=9.9.9", "CI_PROJECT_DIR="+dir)
	write(t, dir, "bin/x", "")
	s.must(dir, "bash", "-e", "-c", script)
	s.must(dir, filepath.Join(dir, "bin", "pinvet"), "version")
	write(t, dir, "v9.9.9/SHA256SUMS", strings.Replace(string(mustRead(t, filepath.Join(dir, "v9.9.9", "SHA256SUMS"))), " pinvet", " xpinvet", 1))
	if out, good := s.run(dir, "bash", "-e", "-c", script); good {
		t.Errorf("a release without checksum is taken: %s", out)
	}
}
