package lsp

import (
	"path/filepath"
	"strings"

	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
)

// root is one folder that is analysed as a unit; a root without path holds the open documents that
// lie in no folder of the workspace.
type root struct {
	path string // absolute; "" for the loose one
	name string
	sess *session.Session

	// Of the diagnostics, under Server.mu.
	shown  map[string]string               // path -> identity of what was pushed last
	names  map[string]protocol.DocumentURI // of documents that were open, as the client wrote them
	done   bool                            // a result was settled
	unread map[string]string               // path -> why a file is not analysed, as the last settled result says

	// Of the configuration, under Server.mu.
	config   *config.Settings
	broken   []mistake         // in pinvet.yaml and models
	doubtful []mistake         // in .editorconfig files
	mistaken map[string]string // path -> identity of what was pushed about it last

	work *work // progress
}

// place is a file of a root; root is nil for what is not analysed.
type place struct {
	root *root
	path string // slashed, relative to the root
}

// addRoot begins to analyse a folder.
func (s *Server) addRoot(path, name string) *root {
	r := &root{path: path, name: name, shown: map[string]string{}, names: map[string]protocol.DocumentURI{}}
	r.mistaken = map[string]string{}
	r.work = &work{server: s, root: r}
	s.configure(r)
	r.sess = session.New(session.Options{
		Root: path, Workers: s.o.Workers, Rules: s.o.Rules, Config: r.config, Generated: s.showGenerated(r), Cache: s.o.Cache,
		Found:    func(res *session.Result) { s.found(r, res) },
		Progress: r.work.report,
		Log:      func(text string) { s.logf("%s: %s", r.name, text) },
	})
	s.roots = append(s.roots, r)
	return r
}

// locate finds where a document belongs: the innermost root around it. Documents in no root, and
// those that are no files, are analysed among themselves.
func (s *Server) locate(uri protocol.DocumentURI) place {
	name, isFile := filePath(uri)
	if !isFile {
		return place{s.looseRoot(), strings.ReplaceAll(strings.ReplaceAll(string(uri), ":", "/"), "//", "/")}
	}
	if p, ok := s.inRoots(name); ok {
		return p
	}
	return place{s.looseRoot(), strings.TrimPrefix(filepath.ToSlash(name), "/")}
}

// inRoots finds a file in the innermost of the folders around it.
func (s *Server) inRoots(name string) (best place, ok bool) {
	for _, at := range s.inAllRoots(name) {
		if best.root == nil || len(at.root.path) > len(best.root.path) {
			best = at
		}
	}
	return best, best.root != nil
}

// inAllRoots finds a file in each of the folders around it.
func (s *Server) inAllRoots(name string) (list []place) {
	for _, r := range s.roots {
		if r.path == "" {
			continue
		}
		if p, err := filepath.Rel(r.path, name); err == nil && p != ".." && !strings.HasPrefix(p, ".."+string(filepath.Separator)) {
			list = append(list, place{r, filepath.ToSlash(p)})
		}
	}
	return list
}

// speaksFor tells whether a file is shown as its root sees it: where folders nest, the innermost one counts, as it does for documents.
func (s *Server) speaksFor(r *root, path string) bool {
	if r.path == "" {
		return true
	}
	at, _ := s.inRoots(filepath.Join(r.path, filepath.FromSlash(path)))
	return at.root == r
}

func (s *Server) looseRoot() *root {
	for _, r := range s.roots {
		if r.path == "" {
			return r
		}
	}
	return s.addRoot("", "open files")
}

// uriOf names a file of a root: as the client does where it has it open.
func (s *Server) uriOf(r *root, path string) protocol.DocumentURI {
	if d := s.docAt(r, path); d != nil {
		return d.uri
	}
	if uri, ok := r.names[path]; ok {
		return uri
	}
	if r.path == "" {
		return fileURI("/" + path)
	}
	return fileURI(filepath.Join(r.path, filepath.FromSlash(path)))
}

// docAt is the open document of a file, nil if there is none.
func (s *Server) docAt(r *root, path string) *document { return s.byPlace[place{r, path}] }

// changeRoots applies a change of the workspace's folders.
func (s *Server) changeRoots(added, removed []protocol.WorkspaceFolder) {
	for _, f := range removed {
		name, ok := filePath(f.URI)
		if !ok {
			continue
		}
		for i, r := range s.roots {
			if r.path == name {
				s.roots = append(s.roots[:i:i], s.roots[i+1:]...)
				s.dropRoot(r)
				break
			}
		}
	}
	for _, f := range added {
		if name, ok := filePath(f.URI); ok && !s.isRoot(name) {
			s.showMistakes(s.addRoot(name, f.Name))
		}
	}
	s.relocate()
	for _, r := range s.roots {
		s.handOver(r)
	}
}

// handOver takes back what a root has shown of files that are another root's now, and shows what it knows of those that are its own.
func (s *Server) handOver(r *root) {
	for path, id := range r.shown {
		if s.speaksFor(r, path) {
			continue
		}
		if delete(r.shown, path); id != "" && !s.pull {
			s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: s.uriOf(r, path)})
		}
	}
	if res := r.sess.Result(); res != nil {
		s.show(r, res)
	}
}

func (s *Server) isRoot(name string) bool {
	for _, r := range s.roots {
		if r.path == name {
			return true
		}
	}
	return false
}

// dropRoot ends the analysis of a folder and takes back what was shown for it.
func (s *Server) dropRoot(r *root) {
	for path, id := range r.shown {
		if id != "" && !s.pull {
			s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: s.uriOf(r, path)})
		}
	}
	r.shown, r.broken, r.doubtful = nil, nil, nil
	s.showMistakes(r)
	go r.sess.Close() // it may wait for s.mu
}

// relocate gives the open documents to the roots that they belong to now.
func (s *Server) relocate() {
	for uri, d := range s.docs {
		at := s.locate(uri)
		if at == d.at {
			continue
		}
		delete(s.byPlace, d.at)
		if d.at.root != nil && d.at.root.shown != nil {
			d.at.root.sess.Reload(d.at.path)
		}
		moved := *d
		moved.at = at
		s.docs[uri], s.byPlace[at] = &moved, &moved
		s.analyse(&moved)
	}
}
