package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/webpage"
	"github.com/pinvet/pinvet/rules"
)

// htmlData takes the data out of a page as a browser does: up to the first end of a script.
func htmlData(t *testing.T, page []byte) (data struct {
	Files    []htmlFile
	Findings []htmlFinding
	Rules    map[string]htmlRule
}) {
	t.Helper()
	_, rest, ok := bytes.Cut(page, []byte(`<script type="application/json" id="data">`))
	text, _, closed := bytes.Cut(rest, []byte("</script"))
	if !ok || !closed {
		t.Fatal("no data in the page")
	}
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return data
}

func TestHTMLHoldsWhatItShows(t *testing.T) {
	page := write(t, "html", settled(t), TextOptions{})
	data := htmlData(t, page)
	if len(data.Findings) != 4 || len(data.Files) != 2 {
		t.Fatalf("%d findings in %d files", len(data.Findings), len(data.Files))
	}
	var states []string
	for _, f := range data.Findings {
		states = append(states, f.Code+" "+f.State+" "+f.Why)
		at := data.Files[f.At.File]
		if n := f.At.Line - at.Lines[0].From; n < 0 || n >= len(at.Lines[0].Text) {
			t.Errorf("line %d of %s is not in the page", f.At.Line, at.Path)
		}
	}
	if got := strings.Join(states, "; "); !strings.Contains(got, "PIN401 suppressed closed by [the] driver") || !strings.Contains(got, "PIN401 unchanged ") {
		t.Error(got)
	}
	if cs := data.Files[1]; cs.Lang != "C#" || cs.Lines[0].From != 1 || len(cs.Lines[0].Text) != 6 {
		t.Errorf("%+v", cs)
	}
	if help := data.Rules["PIN101"].Help; !strings.Contains(help, "<h2>What it does</h2>") || strings.Contains(help, "<h1>") {
		t.Errorf("help %q", help)
	}
}

func TestHTMLCannotBeLeft(t *testing.T) {
	r := hostile()
	r.Rules[0].Doc = "# p\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n"
	page := string(write(t, "html", r, TextOptions{}))
	data := htmlData(t, []byte(page))
	if len(data.Findings) != 3 || !strings.Contains(data.Findings[0].Message, "]]> </script> <!-- & \"q\"") {
		t.Errorf("%+v", data.Findings)
	}
	if n := strings.Count(page, "<script"); n != 2 {
		t.Errorf("%d scripts begin, want 2", n)
	}
	if help := data.Rules["PIN101"].Help; strings.Contains(help, "<script") || strings.Contains(help, "javascript:") {
		t.Errorf("help %q", help)
	}
	if m := regexp.MustCompile(`(?i)(src|href)="?http`).FindString(page[:strings.Index(page, `id="data"`)]); m != "" {
		t.Errorf("the page loads something: %s", m)
	}
}

func TestShortenKeepsCharactersWhole(t *testing.T) {
	line := strings.Repeat("x", htmlLineSize-1) + "😀y"
	if got := shorten(line); got != strings.Repeat("x", htmlLineSize-1)+" …" {
		t.Errorf("%q", got[htmlLineSize-3:])
	}
	if got := shorten("short 😀"); got != "short 😀" {
		t.Errorf("%q", got)
	}
}

// browse opens a page in a browser without a window, together with a script that plays the reader, and
// returns what that script wrote down.
func browse(t *testing.T, page []byte, reader string) string {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here")
	}
	const told = "told"
	reader = `;window.addEventListener("load", () => {
		const key = (k, at) => (at || document.activeElement).dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true, cancelable: true }));
		const type = (id, v) => { const e = document.getElementById(id); e.value = v; e.dispatchEvent(new Event("input")); };
		const out = [];
		try { (function (key, type, say) { ` + reader + ` })(key, type, x => out.push(String(x))); } catch (e) { out.push("failed: " + e.stack); }
		const p = document.createElement("pre"); p.id = "` + told + `"; p.textContent = out.join("\n"); document.body.append(p);
	});`
	both := strings.Replace(string(page), htmlScript, htmlScript+reader, 1)
	both = strings.Replace(both, webpage.Policy(htmlScript), webpage.Policy(htmlScript+reader), 1)
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(both), 0o666); err != nil {
		t.Fatal(err)
	}
	limit, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	c := exec.CommandContext(limit, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--window-size=1200,900", "--dump-dom", "file://"+file)
	out, err := c.Output()
	if err != nil || len(out) == 0 {
		t.Skipf("the browser does not run here: %v", err)
	}
	_, rest, ok := strings.Cut(string(out), `<pre id="`+told+`">`)
	if !ok {
		t.Fatalf("the page did not run:\n%.3000s", out)
	}
	text, _, _ := strings.Cut(rest, "</pre>")
	return text
}

// TestHTMLInABrowser reads, filters and walks through the page by keyboard.
func TestHTMLInABrowser(t *testing.T) {
	const reader = `
		const text = id => document.getElementById(id).textContent;
		const title = () => document.querySelector("#detail h2").textContent;
		say(text("counts"));
		say(text("shown") + " | " + title());
		say([...document.querySelectorAll("#detail .note")].map(n => n.textContent).join(" | "));
		say([...document.querySelectorAll("#detail mark")].map(n => n.textContent).join(" | "));
		document.getElementById("list").focus();
		key("ArrowDown"); say(title());
		key("k"); say(title());
		key("Enter"); say(document.activeElement.id);
		key("/"); say(document.activeElement.id);
		type("q", "dev.c CLOSED"); say(text("shown") + " | " + title());
		key("Escape"); say(document.activeElement.id);
		type("q", ""); type("lang", "C#"); say(text("shown"));
		type("lang", ""); type("state", "all"); say(text("shown"));
		type("state", "suppressed"); say(text("shown") + " | " + document.querySelector("#detail .facts .tag").textContent);
		document.getElementById("overview").click(); say(document.querySelectorAll("#detail .over tr").length);
		say([...document.querySelectorAll("#detail .del, #detail .add")].length);
	`
	got := browse(t, write(t, "html", settled(t), TextOptions{}), reader)
	want := strings.Join([]string{
		"1 error, 1 warning, 0 pieces of advice in 3 files",
		"2 of 4 findings | the buffer b is unpinned while the read may still write to it",
		"1pinned here | 2read started here | 3block ends here, still pending",
		"byte* p = b | ReadFile | (h, p, 64, null, o) | }",
		"h is not closed",
		"the buffer b is unpinned while the read may still write to it",
		"detail", "q",
		"1 of 4 findings | h is not closed",
		"list",
		"1 of 4 findings",
		"4 of 4 findings",
		"1 of 4 findings | suppressed: closed by [the] driver",
		"6", "0",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestHTMLNothingInTheTextRuns: names and messages reach the page as text only.
func TestHTMLNothingInTheTextRuns(t *testing.T) {
	got := browse(t, write(t, "html", hostile(), TextOptions{}), `
		say(document.querySelectorAll("#detail script, #list script, #detail img").length);
		for (let i = 0; i < 3; i++) { key("j"); say(document.querySelector("#detail h2").textContent.includes("</scr" + "ipt>")); }
		say(document.querySelector("#detail h2").textContent.includes("\u202e"));
	`)
	if got != "0\ntrue\ntrue\ntrue\nfalse" {
		t.Error(got)
	}
}

// TestHTMLTenThousand opens a report of ten thousand findings and goes to its end.
func TestHTMLTenThousand(t *testing.T) {
	r := &Report{Version: "1", Lines: func(_ string, n int) (string, bool) {
		return fmt.Sprintf("    handle = CreateFileW(name_%d, 0, 0, 0, 0, 0, 0); // é😀", n), n < 3000
	}}
	for i := range 10000 {
		path := fmt.Sprintf("src/module%d/file.cs", i/20)
		at := func(line int) finding.Span {
			return finding.Span{Path: path, Start: finding.Position{Line: line, Column: 5}, End: finding.Position{Line: line, Column: 11}}
		}
		line := 1 + i%20*100
		r.Findings = append(r.Findings, &finding.Finding{
			Span: at(line), Code: "PIN402", Name: "raw-handle-leak", Severity: rules.Error, Fingerprint: fmt.Sprintf("%032x", i),
			Message: fmt.Sprintf("`handle_%d` is never released", i),
			Steps:   []finding.Step{{Span: at(line), Text: "opened here"}, {Span: at(line + 20), Text: "returns here"}, {Span: at(line + 90), Text: "not released"}},
		})
	}
	page := write(t, "html", r, TextOptions{})
	got := browse(t, page, `
		const started = performance.now();
		say(document.getElementById("shown").textContent + ", " + document.querySelectorAll(".item").length + " rows in the page");
		document.getElementById("list").focus(); key("End"); say(document.querySelector("#detail h2").textContent);
		type("q", "handle_77 "); say(document.getElementById("shown").textContent);
		say(performance.now() - started < 5000 ? "quick" : performance.now() - started);
		say("parsed after " + Math.round(started) + " ms");
	`)
	t.Logf("%d MB; %s", len(page)>>20, got)
	lines := strings.Split(got, "\n")
	if !regexp.MustCompile(`^10000 of 10000 findings, \d\d? rows in the page$`).MatchString(lines[0]) || lines[1] != "handle_1999 is never released" ||
		lines[2] != "111 of 10000 findings" || lines[3] != "quick" {
		t.Error(got)
	}
}
