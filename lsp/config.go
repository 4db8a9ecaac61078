package lsp

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules/registry"
)

// configWatched are the files that configuration may come from; which ones do is asked of the
// configuration.
const configWatched = "**/{.editorconfig,.globalconfig,*.yaml,*.yml}"

// mistake is a diagnostic about a configuration file.
type mistake struct {
	file string // slashed, relative to the root
	diag protocol.Diagnostic
}

// configure reads the configuration of a folder. With mistakes in it the last one that was good stays
// in force; at the beginning that is the one without pinvet.yaml.
func (s *Server) configure(r *root) {
	if r.path == "" {
		return
	}
	o := config.Options{Root: r.path, Asked: s.settings.asked()}
	c, err := config.Load(o)
	r.broken = nil
	if err != nil {
		s.logf("%s: %v", r.name, err)
		for _, e := range config.Mistakes(err) {
			r.broken = append(r.broken, mistake{e.File, s.at(r, e.File, e.Line, e.Column, protocol.SeverityError, e.Msg)})
		}
		if c = r.config; c == nil {
			o.Loose = true
			c, _ = config.Load(o)
		}
	}
	r.config = c
	if r.sess != nil {
		r.sess.Configure(c)
		r.sess.ShowGenerated(s.showGenerated(r))
		s.showMistakes(r)
	}
}

// showGenerated: the settings of the editor, or the configuration.
func (s *Server) showGenerated(r *root) bool {
	on, _ := r.config.ShowGenerated()
	return on || s.settings.Generated
}

// asked are the codes of rules for which the editor wants another severity: configuration does not
// switch them off.
func (s *settings) asked() (codes []string) {
	for name, word := range s.Severity {
		if rule, err := registry.Find(name); err == nil && word != "off" && word != "none" {
			codes = append(codes, rule.Code)
		}
	}
	slices.Sort(codes)
	return codes
}

// at is a diagnostic at a place (both from 1, columns in characters) up to the end of the line; what
// has no place is at the beginning.
func (s *Server) at(r *root, path string, line, column int, severity protocol.DiagnosticSeverity, text string) protocol.Diagnostic {
	var d protocol.Diagnostic
	d.Message, d.Source, d.Severity = text, "pinvet", severity
	f, err := source.Limits{MaxSize: config.MaxSize}.Read(r.path, filepath.FromSlash(path))
	if err != nil || line < 1 || line > f.Lines() {
		return d
	}
	one := strings.TrimRight(string(f.LineText(line)), " \t\r")
	chars := []rune(one)
	from := min(max(column-1, 0), len(chars))
	if column < 1 {
		from = len(chars) - len([]rune(strings.TrimLeft(one, " \t")))
	}
	d.Range.Start = protocol.Position{Line: line - 1, Character: width([]byte(string(chars[:from])), s.enc)}
	d.Range.End = protocol.Position{Line: line - 1, Character: width([]byte(one), s.enc)}
	return d
}

// configProblems takes what a settled result says about .editorconfig files.
func (s *Server) configProblems(r *root, res *session.Result) {
	if !res.Settled {
		return
	}
	r.doubtful = nil
	for _, p := range res.Problems {
		if p.Kind == outcome.Configuration {
			r.doubtful = append(r.doubtful, mistake{p.Path, s.at(r, p.Path, p.Line, 0, protocol.SeverityWarning, p.Text)})
		}
	}
	s.showMistakes(r)
}

// showMistakes pushes diagnostics on configuration files, also to clients that pull: these files are
// not among those that they ask for.
func (s *Server) showMistakes(r *root) {
	lists := map[string]protocol.List[protocol.Diagnostic]{}
	for _, m := range append(slices.Clone(r.broken), r.doubtful...) {
		lists[m.file] = append(lists[m.file], m.diag)
	}
	for file := range r.mistaken {
		if lists[file] == nil {
			lists[file] = protocol.List[protocol.Diagnostic]{}
		}
	}
	for file, list := range lists {
		id := identity(list)
		if r.mistaken[file] == id {
			continue
		}
		if r.mistaken[file] = id; len(list) == 0 {
			delete(r.mistaken, file)
		}
		s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: s.uriOf(r, file), Diagnostics: list})
	}
}

// configChanged reads all configuration again if one of the files, given by their absolute paths, is
// part of it; it takes those files out of the list.
func (s *Server) configChanged(names []string) (rest []string) {
	again := false
	for _, name := range names {
		part := config.IsFile(name) || slices.ContainsFunc(s.roots, func(r *root) bool { return r.config.Uses(name) || r.broken != nil && isYAML(name) })
		if again = again || part; !part {
			rest = append(rest, name)
		}
	}
	if again {
		for _, r := range s.roots {
			s.configure(r)
		}
	}
	return rest
}

func isYAML(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}
