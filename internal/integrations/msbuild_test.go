package integrations

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// element is an XML element with its attributes.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all lists the elements of a name, in order.
func (e *element) all(name string) (out []*element) {
	if e.XMLName.Local == name {
		out = append(out, e)
	}
	for i := range e.Children {
		out = append(out, e.Children[i].all(name)...)
	}
	return out
}

func readXML(t *testing.T, name string) *element {
	t.Helper()
	e := &element{}
	if err := xml.Unmarshal([]byte(read(t, name)), e); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

const targets = "integrations/msbuild/build/Pinvet.targets"

// The properties that the targets use are theirs, or known ones of MSBuild; each of ours that a user may
// set is explained at the head of the file.
func TestTargetsProperties(t *testing.T) {
	text := read(t, targets)
	own := map[string]bool{}
	for _, g := range readXML(t, targets).all("PropertyGroup") {
		for _, p := range g.Children {
			own[p.XMLName.Local] = true
		}
	}
	for _, o := range readXML(t, targets).all("Output") {
		own[o.attr("PropertyName")] = true
	}
	known := []string{"DesignTimeBuild", "BuildingProject", "OS", "MSBuildThisFileDirectory", "MSBuildProjectDirectory", "TargetFrameworks"}
	head, body, _ := strings.Cut(text, "-->")
	for _, m := range regexp.MustCompile(`\$\(([A-Za-z_]+)`).FindAllStringSubmatch(body, -1) {
		name := m[1]
		explained := strings.Contains(head, "\n      "+name+" ")
		switch {
		case slices.Contains(known, name), strings.HasPrefix(name, "_Pinvet") && own[name]:
		case strings.HasPrefix(name, "Pinvet") && explained:
		default:
			t.Errorf("$(%s) is neither defined nor explained", name)
		}
	}
}

// Targets that are called exist, and those of the package call the right ones.
func TestTargetsNames(t *testing.T) {
	const outer = "integrations/msbuild/buildMultiTargeting/Pinvet.targets"
	names := map[string]bool{}
	for _, e := range readXML(t, targets).all("Target") {
		names[e.attr("Name")] = true
	}
	for _, file := range []string{targets, outer} {
		calls := readXML(t, file).all("CallTarget")
		if len(calls) == 0 {
			t.Errorf("%s calls nothing", file)
		}
		for _, c := range calls {
			if !names[c.attr("Targets")] {
				t.Errorf("%s calls %s", file, c.attr("Targets"))
			}
		}
	}
}

// What the package takes from the repository exists, and its folders and names are those that NuGet
// imports by itself.
func TestNuspec(t *testing.T) {
	spec := readXML(t, "integrations/msbuild/Pinvet.nuspec")
	id := spec.all("id")[0].Text
	var have []string
	for _, f := range spec.all("file") {
		src, target := f.attr("src"), f.attr("target")
		if strings.HasPrefix(src, "$releases$/") {
			have = append(have, target)
			continue
		}
		if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(src))); err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(target, "build") && filepath.Base(src) != id+".targets" {
			t.Errorf("%s in %s is not imported", src, target)
		}
		have = append(have, target)
	}
	for _, m := range regexp.MustCompile(`tools[/\\]([a-z0-9-]+)[/\\]`).FindAllStringSubmatch(read(t, targets), -1) {
		if !slices.Contains(have, "tools/"+m[1]) {
			t.Errorf("the package has no tools/%s", m[1])
		}
	}
}

// canonical is the form of line that MSBuild takes for an error or warning: origin : category code : text.
var canonical = regexp.MustCompile(`^\s*((?:[a-zA-Z]:[^:]*|[^:]*))\s*:\s*((?:error|warning))\s+([^:\s]+)\s*:\s*(.*)$`)
var origin = regexp.MustCompile(`^(.+)\((\d+),(\d+),(\d+),(\d+)\)$`)

// The command of the targets, with properties as MSBuild would put them in, writes lines that MSBuild
// reads.
func TestTargetsCommand(t *testing.T) {
	need(t, "sh")
	e := readXML(t, targets)
	run := e.all("Exec")[1]
	if run.attr("IgnoreExitCode") != "true" || run.attr("WorkingDirectory") != "$(MSBuildProjectDirectory)" {
		t.Errorf("%+v", run.Attrs)
	}
	command := strings.NewReplacer(
		`$(PinvetTool)`, "pinvet", `$(_PinvetFlags)`, " --gate warning --severity advice",
		`$(PinvetPaths.Replace('\', '/').Replace(';', '" "'))`, `src" "a b`,
	).Replace(run.attr("Command"))
	if strings.Contains(command, "$(") {
		t.Fatal(command)
	}
	s := newShell(t)
	dir := t.TempDir()
	write(t, dir, "src/a.c", bad)
	write(t, dir, "a b/a.c", strings.Replace(bad, "CloseHandle(h);\n}", "CreateEventW(0, 0, 0, 0);\n}", 1))
	out, good := s.run(dir, "sh", "-c", command)
	if good {
		t.Fatal(out)
	}
	var files []string
	for line := range strings.Lines(out) {
		m := canonical.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		o := origin.FindStringSubmatch(m[1])
		if o == nil || !strings.HasPrefix(m[3], "PIN") || m[4] == "" {
			t.Errorf("%q", line)
			continue
		}
		files = append(files, o[1]+" "+m[2]+" "+m[3])
	}
	if want := []string{"a b/a.c error PIN401", "src/a.c error PIN404"}; !slices.Equal(files, want) {
		t.Errorf("%q of\n%s", files, out)
	}
}
