package lsp

import (
	"bytes"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
)

func (s *Server) onOpen(req *jsonrpc2.Request) error {
	var p protocol.DidOpenTextDocumentParams
	if err := decode(req, &p); err != nil {
		return err
	}
	t := p.TextDocument
	at := s.locate(t.URI)
	d := newDocument(t.URI, languageOf(at.path, t.LanguageID), t.Version, []byte(t.Text))
	d.at, d.saved = at, true
	s.set(d)
	s.analyse(d)
	return nil
}

// set makes d the present version of its document.
func (s *Server) set(d *document) {
	s.docs[d.uri], s.byPlace[d.at] = d, d
	d.at.root.names[d.at.path] = d.uri
}

// analyse gives the text of a document to its session.
func (s *Server) analyse(d *document) {
	if d.lang != source.NoLang {
		d.mark = d.at.root.sess.Edit(d.at.path, d.lang, d.text)
	}
}

func (s *Server) onChange(req *jsonrpc2.Request) error {
	var p protocol.DidChangeTextDocumentParams
	if err := decode(req, &p); err != nil {
		return err
	}
	old := s.docs[p.TextDocument.URI]
	if old == nil {
		return nil // never opened
	}
	d := old.change(p.TextDocument.Version, p.ContentChanges, s.enc)
	s.set(d)
	if s.settings.Run != "onSave" {
		s.analyse(d)
	}
	return nil
}

// onSave analyses what onSave held back; a client that cannot watch files says so of all that
// it writes itself.
func (s *Server) onSave(req *jsonrpc2.Request) error {
	var p protocol.DidSaveTextDocumentParams
	if err := decode(req, &p); err != nil {
		return err
	}
	if name, ok := filePath(p.TextDocument.URI); ok {
		if len(s.configChanged([]string{name})) == 0 {
			return nil
		}
		for _, at := range s.inAllRoots(name) {
			if s.docAt(at.root, at.path) == nil {
				at.root.sess.Reload(at.path)
			}
		}
	}
	old := s.docs[p.TextDocument.URI]
	if old == nil {
		return nil
	}
	d := *old
	d.saved = true
	s.set(&d)
	s.analyse(&d)
	return nil
}

// onClose: from now on the disk counts again.
func (s *Server) onClose(req *jsonrpc2.Request) error {
	var p protocol.DidCloseTextDocumentParams
	if err := decode(req, &p); err != nil {
		return err
	}
	d := s.docs[p.TextDocument.URI]
	if d == nil {
		return nil
	}
	delete(s.docs, d.uri)
	delete(s.byPlace, d.at)
	d.at.root.sess.Reload(d.at.path)
	return nil
}

// current tells whether f is what the document holds now.
func (d *document) current(f *source.File) bool {
	return f != nil && bytes.Equal(f.Raw(), d.text)
}

// seenBy tells whether a result is about the document as it is now, or says that nothing is read of it.
func (d *document) seenBy(res *session.Result) bool {
	if f := res.File(d.at.path); f != nil {
		return d.current(f)
	}
	return res.Mark >= d.mark
}
