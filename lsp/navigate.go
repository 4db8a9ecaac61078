package lsp

import (
	"context"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
)

// definition goes from an import, or a call of it, to the C function behind it.
func (s *Server) definition(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	return s.places(ctx, req, func(sess *session.Session, path string, offset int, res *session.Result) []session.Place {
		return sess.Definition(res.File(path), offset)
	})
}

// references goes from a C function to the imports that bind it and their calls, and from an import
// to its calls.
func (s *Server) references(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	return s.places(ctx, req, func(sess *session.Session, path string, offset int, res *session.Result) []session.Place {
		return sess.References(res.File(path), offset)
	})
}

// places answers with the places that find finds.
func (s *Server) places(ctx context.Context, req *jsonrpc2.Request, find func(*session.Session, string, int, *session.Result) []session.Place) (any, error) {
	var p protocol.TextDocumentPositionParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	out := protocol.List[protocol.Location]{}
	r, res, d, err := s.fresh(ctx, p.TextDocument.URI)
	if err != nil || res == nil || !d.current(res.File(d.at.path)) {
		return out, err
	}
	list := find(r.sess, d.at.path, d.offset(p.Position, s.enc), res)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range list {
		if other := s.docAt(r, at.File.Path); other != nil && !other.current(at.File) {
			continue
		}
		out = append(out, protocol.Location{
			URI: s.uriOf(r, at.File.Path), Range: offsetsIn(at.File, int(at.Span.Start), int(at.Span.End), s.enc),
		})
	}
	return out, nil
}
