package lsp_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/lsp/lsptest"
)

// rewrite changes a file on the disk and tells the server; an empty text removes it.
func rewrite(t *testing.T, c *lsptest.Client, root, path, text string) {
	t.Helper()
	name, kind := filepath.Join(root, path), 2
	err := os.WriteFile(name, []byte(text), 0o644)
	if text == "" {
		err, kind = os.Remove(name), 3
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Notify("workspace/didChangeWatchedFiles", obj{"changes": []obj{{"uri": uri(root, path), "type": kind}}})
}

func severityOf(p published, code string) int {
	for _, d := range p.Diagnostics {
		if d.Code == code {
			return d.Severity
		}
	}
	return 0
}

// TestConfiguration: what the files say counts, also when they change; a broken one is a diagnostic at
// its place, and the one before stays in force.
func TestConfiguration(t *testing.T) {
	root := folder(t, map[string]string{
		".git/HEAD": "", "App.cs": app, "native/dev.c": dev, "lib/Other.cs": app,
		"pinvet.yaml": "paths: {exclude: [lib/]}\nrules:\n  PIN301: warning\n",
	})
	c := open(t, push(), root)
	is := func(severity int) func(published) bool {
		return func(p published) bool { return severityOf(p, "PIN301") == severity }
	}
	await(c, uri(root, "App.cs"), is(2))

	rewrite(t, c, root, ".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.PIN301.severity = suggestion\ndotnet_diagnostic.PIN3x.severity = none\n")
	await(c, uri(root, "App.cs"), is(3))
	wrong := await(c, uri(root, ".editorconfig"), func(p published) bool { return len(p.Diagnostics) == 1 })
	if d := wrong.Diagnostics[0]; d.Range.Start.Line != 3 || d.Severity != 2 {
		t.Errorf("the mistake in .editorconfig is shown as %+v", d)
	}
	rewrite(t, c, root, ".editorconfig", "")
	await(c, uri(root, "App.cs"), is(2))
	await(c, uri(root, ".editorconfig"), func(p published) bool { return len(p.Diagnostics) == 0 })

	rewrite(t, c, root, "pinvet.yaml", "rules:\n  PIN301: eror\n  é: off\n")
	broken := await(c, uri(root, "pinvet.yaml"), func(p published) bool { return len(p.Diagnostics) == 2 })
	if d := broken.Diagnostics[0]; d.Range.Start.Line != 1 || d.Range.Start.Character != 10 || d.Range.End.Character != 14 || d.Severity != 1 {
		t.Errorf("the mistake in pinvet.yaml is shown as %+v", d)
	}
	didOpen(c, uri(root, "App.cs"), "csharp", app+"\n")
	await(c, uri(root, "App.cs"), func(p published) bool { return p.Version != nil && severityOf(p, "PIN301") == 2 })

	// Mended: what was excluded is read now.
	rewrite(t, c, root, "pinvet.yaml", "rules:\n  PIN301: off\noverrides: [{paths: lib, rules: {PIN301: error}}]\n")
	await(c, uri(root, "pinvet.yaml"), func(p published) bool { return len(p.Diagnostics) == 0 })
	await(c, uri(root, "lib/Other.cs"), is(1))
	await(c, uri(root, "App.cs"), is(0))

	// The settings of the editor win, also over what is switched off.
	c.Notify("workspace/didChangeConfiguration", obj{"settings": obj{"pinvet": obj{"severity": obj{"PIN301": "hint"}}}})
	await(c, uri(root, "App.cs"), is(4))

	rewrite(t, c, root, "pinvet.yaml", "paths: {include: [native]}\n")
	await(c, uri(root, "App.cs"), is(0))
	await(c, uri(root, "lib/Other.cs"), is(0))
}

// TestConfigurationOfModels: models count, and a change of a file that pinvet.yaml names is noticed.
func TestConfigurationOfModels(t *testing.T) {
	const code = "typedef void *DEV;\nDEV DevOpen(int n);\nint DevRead(DEV d);\nint f(void)\n{\n    DEV d = DevOpen(1);\n    if (d == 0)\n        return 0;\n    return DevRead(d);\n}\n"
	const api = "functions:\n- {name: DevOpen, acquires: [{kind: dev, invalid: [0], release: [DevClose]}]}\n- {name: DevRead, params: [d]}\nclosers: [{name: DevClose, kinds: dev}]\n"
	root := folder(t, map[string]string{".git/HEAD": "", "dev.c": code, "pinvet.yaml": "models:\n  files: api.yml\n", "api.yml": "functions:\n- nmae: x\n"})
	c := open(t, push(), root)
	broken := await(c, uri(root, "api.yml"), func(p published) bool { return len(p.Diagnostics) > 0 })
	if d := broken.Diagnostics[0]; d.Range.Start.Line != 1 || d.Range.Start.Character != 2 {
		t.Errorf("the mistake in the models is shown as %+v", d)
	}
	rewrite(t, c, root, "api.yml", api)
	await(c, uri(root, "api.yml"), func(p published) bool { return len(p.Diagnostics) == 0 })
	await(c, uri(root, "dev.c"), func(p published) bool { return p.has("PIN401") })
	rewrite(t, c, root, "api.yml", "functions: []\n")
	await(c, uri(root, "dev.c"), func(p published) bool { return !p.has("PIN401") })
}
