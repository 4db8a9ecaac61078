package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/pinlist"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules/registry"
)

// The commands.
const (
	cmdExplain        = "pinvet.explain"        // [code or name] -> {title, markdown}
	cmdCheckWorkspace = "pinvet.checkWorkspace" // -> the number of findings
	cmdFixAll         = "pinvet.fixAll"         // [uri?] -> the number of fixes that were applied
	cmdShowPins       = "pinvet.showPins"       // -> HTML
	cmdDebugInfo      = "pinvet.debugInfo"      // -> text
)

var commands = map[string]func(*Server, context.Context, []any) (any, error){
	cmdExplain: func(_ *Server, _ context.Context, args []any) (any, error) { return explain(argument(args)) },
	cmdCheckWorkspace: func(s *Server, ctx context.Context, _ []any) (any, error) {
		return s.checkWorkspace(ctx)
	},
	cmdFixAll:    func(s *Server, ctx context.Context, args []any) (any, error) { return s.fixAll(ctx, argument(args)) },
	cmdShowPins:  func(s *Server, ctx context.Context, _ []any) (any, error) { return s.showPins(ctx) },
	cmdDebugInfo: func(s *Server, _ context.Context, _ []any) (any, error) { return s.debugInfo(), nil },
}

func commandNames() []string {
	return []string{cmdExplain, cmdCheckWorkspace, cmdFixAll, cmdShowPins, cmdDebugInfo}
}

func (s *Server) executeCommand(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var p protocol.ExecuteCommandParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	do, ok := commands[p.Command]
	if !ok {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "there is no command " + p.Command}
	}
	return do(s, ctx, p.Arguments)
}

// page is what pinvet.explain gives.
type page struct {
	Title    string `json:"title"`
	Markdown string `json:"markdown"`
}

func explain(code string) (any, error) {
	r, err := registry.Find(code)
	if err != nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return page{Title: r.Code + " " + r.Name, Markdown: r.Doc}, nil
}

// checkWorkspace reads all folders again and waits for the end.
func (s *Server) checkWorkspace(ctx context.Context) (any, error) {
	n := 0
	for _, r := range s.allRoots() {
		from := 0
		if res := r.sess.Result(); res != nil {
			from = res.Seq
		}
		r.sess.Rescan()
		res, err := r.sess.Wait(ctx, func(res *session.Result) bool { return res.Settled && res.Seq > from })
		if err != nil {
			return nil, err
		}
		for _, list := range res.Findings {
			n += len(list)
		}
	}
	return n, nil
}

func (s *Server) allRoots() []*root {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.roots)
}

// fixAll has the client apply the safe fixes of one document, or of all open ones.
func (s *Server) fixAll(ctx context.Context, uri string) (any, error) {
	s.mu.Lock()
	var uris []protocol.DocumentURI
	for u := range s.docs {
		if uri == "" || string(u) == uri {
			uris = append(uris, u)
		}
	}
	s.mu.Unlock()
	slices.Sort(uris)
	n := 0
	for _, u := range uris {
		r, res, d, err := s.fresh(ctx, u)
		if err != nil {
			return nil, err
		}
		if res == nil || !d.current(res.File(d.at.path)) {
			continue
		}
		s.mu.Lock()
		o := offer{s: s, r: r, res: res, d: d}
		edits := o.safe(func(*finding.Finding) bool { return true })
		edit := o.edit(edits)
		s.mu.Unlock()
		if edit == nil {
			continue
		}
		var done protocol.ApplyWorkspaceEditResult
		if err := s.conn.Call(ctx, "workspace/applyEdit", protocol.ApplyWorkspaceEditParams{Label: "pinvet: fix all", Edit: *edit}, &done); err != nil {
			return nil, err
		}
		if done.Applied {
			n += len(edits)
		}
	}
	return n, nil
}

// showPins writes the inventory of all folders as one page.
func (s *Server) showPins(ctx context.Context) (any, error) {
	list := &pinlist.List{Version: version.Number}
	roots := s.allRoots()
	for _, r := range roots {
		if _, err := r.sess.Settled(ctx); err != nil {
			return nil, err
		}
		sites := r.sess.Pins()
		for i := range sites {
			if len(roots) > 1 && r.path != "" {
				sites[i].Path = r.name + "/" + sites[i].Path
			}
		}
		list.Sites = append(list.Sites, sites...)
		list.Stats.Add(r.sess.Result().Stats)
	}
	var b strings.Builder
	if err := pinlist.HTML(&b, list); err != nil {
		return nil, err
	}
	return b.String(), nil
}

// debugInfo says how the server is doing.
func (s *Server) debugInfo() string {
	var b strings.Builder
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&b, "pinvet %s, %s, %s/%s, %d processors\n", version.Number, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	fmt.Fprintf(&b, "client: %s; positions: %s; diagnostics: %s\n", s.client, s.enc, map[bool]string{true: "pulled", false: "pushed"}[s.pull])
	set, _ := json.Marshal(s.settings)
	fmt.Fprintf(&b, "settings: %s\n", set)
	fmt.Fprintf(&b, "memory: %d MB in use, %d MB from the system; %d goroutines\n", m.HeapAlloc>>20, m.Sys>>20, runtime.NumGoroutine())
	fmt.Fprintf(&b, "documents open: %d\n", len(s.docs))
	for _, r := range s.roots {
		res := r.sess.Result()
		if res == nil {
			fmt.Fprintf(&b, "%s (%s): nothing is known yet\n", r.name, r.path)
			continue
		}
		n := 0
		for _, list := range res.Findings {
			n += len(list)
		}
		fmt.Fprintf(&b, "%s (%s): result %d, settled %t, %d files, %d findings, %d problems\n", r.name, r.path, res.Seq, res.Settled, len(res.Paths()), n, len(res.Problems))
	}
	return b.String()
}
