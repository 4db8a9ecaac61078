package integrations

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bazel runs commands of Bazel in a workspace.
type bazel struct {
	*shell
	dir, root string
}

// newBazel makes a workspace of the sample, in which pinvet is as integrations/bazel says.
func newBazel(t *testing.T) *bazel {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Bazel")
	}
	need(t, "bazel", "env")
	b := &bazel{shell: newShell(t), dir: sampleTree(t), root: t.TempDir()}
	tools := filepath.Join(b.dir, "tools", "pinvet")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	program, _ := pinvet()
	for from, to := range map[string]string{
		filepath.Join(program, "pinvet"):                          "pinvet",
		filepath.Join(top, "integrations", "bazel", "pinvet.bzl"): "pinvet.bzl",
	} {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(tools, to), data, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"WORKSPACE":          "",
		"pinvet.yaml":        "rules:\n  PIN705: off\n",
		"MODULE.bazel":       "",
		"tools/pinvet/BUILD": "exports_files([\"pinvet\"])\nfilegroup(name = \"config\", srcs = [\"//:pinvet.yaml\"], visibility = [\"//visibility:public\"])\n",
		// Stands for csharp_library and cc_library, which need their compilers.
		"library.bzl":    "def _none(ctx):\n    return []\n\nlibrary = rule(implementation = _none, attrs = {\"srcs\": attr.label_list(allow_files = True), \"deps\": attr.label_list()})\n",
		"BUILD":          "exports_files([\"pinvet.yaml\"])\nload(\"//tools/pinvet:pinvet.bzl\", \"pinvet_report\", \"pinvet_test\")\npinvet_report(name = \"findings\", targets = [\"//ScopeApp\"])\npinvet_test(name = \"border\", targets = [\"//ScopeApp\"])\npinvet_test(name = \"c\", targets = [\"//native\"])\n",
		"ScopeApp/BUILD": "load(\"//:library.bzl\", \"library\")\nlibrary(name = \"ScopeApp\", srcs = glob([\"*.cs\", \"*.csproj\"]), deps = [\"//native\"], visibility = [\"//visibility:public\"])\n",
		"native/BUILD":   "load(\"//:library.bzl\", \"library\")\nlibrary(name = \"native\", srcs = glob([\"*.c\", \"*.h\", \"CMakeLists.txt\"]), visibility = [\"//visibility:public\"])\n",
	} {
		write(t, b.dir, name, text)
	}
	t.Cleanup(func() { _, _ = b.run(b.dir, "bazel", "--output_user_root="+b.root, "shutdown") })
	return b
}

func (b *bazel) do(args ...string) (string, bool) {
	return b.run(b.dir, append([]string{"bazel", "--output_user_root=" + b.root}, args...)...)
}

// TestBazel: targets with Bazel give what one run gives, in its sandbox, and only those that changed are
// read again.
func TestBazel(t *testing.T) {
	b := newBazel(t)
	build := func() (read string) {
		t.Helper()
		out, ok := b.do("build", "--subcommands", "--noshow_progress", "//:findings")
		if !ok {
			t.Fatal(out)
		}
		for _, unit := range []string{"ScopeApp", "native"} {
			if strings.Contains(out, "--facts-out bazel-out/") && strings.Contains(out, "/"+unit+"/"+unit+".pinvet "+unit+"/") {
				read += unit + " "
			}
		}
		if have, want := results(t, filepath.Join(b.dir, "bazel-bin", "findings.sarif")), whole(t, b.shell, b.dir, "--config", "pinvet.yaml"); !slices.Equal(have, want) {
			t.Errorf("%d findings with Bazel, %d in one run\n%s", len(have), len(want), out)
		}
		return read
	}
	if read := build(); read != "ScopeApp native " {
		t.Errorf("at first, %q are read", read)
	}
	write(t, b.dir, "native/more.c", "int more(int a) { return a; }\n")
	if read := build(); read != "native " {
		t.Errorf("after a change of native, %q are read", read)
	}
	// Old versions fetch what measures the coverage of tests even where nobody asks for it.
	none := t.TempDir()
	write(t, none, "WORKSPACE", "")
	write(t, none, "BUILD", "filegroup(name = \"coverage_report_generator\", visibility = [\"//visibility:public\"])\n")
	if out, ok := b.do("test", "--override_repository=remote_coverage_tools="+none, "--noshow_progress", "--test_output=all", "//:border", "//:c"); ok || !strings.Contains(out, "PIN703") || !strings.Contains(out, "//:c  ") {
		t.Errorf("the findings are no failed test, or those of C are:\n%s", out)
	}
	out, ok := b.do("build", "--noshow_progress", "--aspects=//tools/pinvet:pinvet.bzl%pinvet_facts", "--output_groups=pinvet", "//ScopeApp", "//native")
	if !ok {
		t.Fatal(out)
	}
	if list := results(t, filepath.Join(b.dir, "bazel-bin", "ScopeApp", "ScopeApp.pinvet.sarif")); len(list) == 0 {
		t.Error("what C does is not seen in the news of C#")
	}
	if list := results(t, filepath.Join(b.dir, "bazel-bin", "native", "native.pinvet.sarif")); len(list) != 0 {
		t.Errorf("the C side alone has findings: %v", list)
	}
}
