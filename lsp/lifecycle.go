package lsp

import (
	"encoding/json"
	"slices"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/lsp/protocol"
)

// initialize agrees on what both sides can do and begins to analyse the folders.
func (s *Server) initialize(req *jsonrpc2.Request) (any, error) {
	var p protocol.InitializeParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != fresh {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "initialize came before"}
	}
	s.state = initialized
	s.caps = p.Capabilities
	s.pull = p.Capabilities.TextDocument.Diagnostic != nil
	s.settings = parseSettings(p.InitializationOptions)
	s.client = "a client without name"
	if p.ClientInfo != nil {
		s.client = p.ClientInfo.Name + " " + p.ClientInfo.Version
	}
	for _, e := range p.Capabilities.General.PositionEncodings { // in the client's order
		if e == protocol.UTF8 || e == protocol.UTF16 || e == protocol.UTF32 {
			s.enc = e
			break
		}
	}
	s.logf("initialize: %s, positions in %s, pull %t", s.client, s.enc, s.pull)
	for _, f := range folders(&p) {
		if name, ok := filePath(f.URI); ok && !s.isRoot(name) {
			s.addRoot(name, f.Name)
		}
	}
	return protocol.InitializeResult{
		Capabilities: s.capabilities(), ServerInfo: protocol.ServerInfo{Name: "pinvet", Version: version.Number},
	}, nil
}

// folders are the roots, in one of the three ways in which clients have named them over time.
func folders(p *protocol.InitializeParams) []protocol.WorkspaceFolder {
	switch {
	case len(p.WorkspaceFolders) > 0:
		return p.WorkspaceFolders
	case p.RootURI != nil && *p.RootURI != "":
		return []protocol.WorkspaceFolder{{URI: *p.RootURI, Name: "workspace"}}
	case p.RootPath != nil && *p.RootPath != "":
		return []protocol.WorkspaceFolder{{URI: fileURI(*p.RootPath), Name: "workspace"}}
	}
	return nil
}

func (s *Server) capabilities() protocol.ServerCapabilities {
	c := protocol.ServerCapabilities{
		PositionEncoding: s.enc,
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: true, Change: protocol.SyncIncremental, Save: &protocol.SaveOptions{},
		},
		HoverProvider: true, DefinitionProvider: true, ReferencesProvider: true,
		CodeActionProvider:     &protocol.CodeActionOptions{CodeActionKinds: protocol.List[protocol.CodeActionKind]{protocol.QuickFix, protocol.SourceFixAllOwn}},
		ExecuteCommandProvider: &protocol.ExecuteCommandOptions{Commands: commandNames()},
		Workspace:              &protocol.WorkspaceCapabilities{},
	}
	c.Workspace.WorkspaceFolders.Supported = true
	c.Workspace.WorkspaceFolders.ChangeNotifications = true
	if len(s.caps.General.PositionEncodings) == 0 {
		c.PositionEncoding = "" // an older client knows none
	}
	if s.pull {
		c.DiagnosticProvider = &protocol.DiagnosticOptions{Identifier: "pinvet", InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return c
}

// onInitialized asks for what is not sent by itself.
func (s *Server) onInitialized(*jsonrpc2.Request) error {
	for _, r := range s.roots {
		s.showMistakes(r)
	}
	var list protocol.List[protocol.Registration]
	if s.caps.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		list = append(list, protocol.Registration{
			ID: "pinvet-files", Method: "workspace/didChangeWatchedFiles",
			RegisterOptions: protocol.DidChangeWatchedFilesRegistrationOptions{Watchers: watched()},
		})
	}
	if s.caps.Workspace.DidChangeConfiguration.DynamicRegistration {
		list = append(list, protocol.Registration{
			ID: "pinvet-settings", Method: "workspace/didChangeConfiguration",
			RegisterOptions: map[string]string{"section": "pinvet"},
		})
	}
	if len(list) > 0 {
		s.ask("client/registerCapability", protocol.RegistrationParams{Registrations: list}, nil)
	}
	s.pullSettings()
	return nil
}

// watched are the files that matter: sources and build files. Of a folder that comes or goes, some clients tell nothing but that.
func watched() (out protocol.List[protocol.FileSystemWatcher]) {
	for _, g := range []string{
		"**/*.{cs,c,h}", "**/*.{csproj,projitems,vcxproj,vcxitems,props,targets,def,cmake}", "**/{CMakeLists.txt,meson.build,Makefile.am}", "**/.gitignore", configWatched,
	} {
		out = append(out, protocol.FileSystemWatcher{GlobPattern: g})
	}
	return append(out, protocol.FileSystemWatcher{GlobPattern: "**/*", Kind: protocol.WatchCreate | protocol.WatchDelete})
}

// pullSettings asks for the settings, where the client can be asked.
func (s *Server) pullSettings() {
	if !s.caps.Workspace.Configuration {
		return
	}
	s.ask("workspace/configuration", protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: "pinvet"}}}, func(raw json.RawMessage) {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil || len(list) == 0 || string(list[0]) == "null" {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.apply(parseSettings(list[0]))
	})
}

// onConfiguration: the settings changed. Clients that can be asked send nothing worth reading.
func (s *Server) onConfiguration(req *jsonrpc2.Request) error {
	if s.caps.Workspace.Configuration {
		s.pullSettings()
		return nil
	}
	var p struct {
		Settings json.RawMessage `json:"settings"`
	}
	if err := decode(req, &p); err != nil {
		return err
	}
	if len(p.Settings) > 0 && string(p.Settings) != "null" {
		s.apply(parseSettings(p.Settings))
	}
	return nil
}

// apply makes settings count.
func (s *Server) apply(n settings) {
	s.settings = n
	for _, r := range s.roots {
		s.configure(r)
		r.sess.ShowGenerated(s.showGenerated(r))
		if res := r.sess.Result(); res != nil {
			s.show(r, res)
		}
	}
	for _, d := range s.docs {
		if !d.saved && n.Run != "onSave" {
			s.analyse(d)
		}
	}
	s.refresh()
}

func (s *Server) onFolders(req *jsonrpc2.Request) error {
	var p protocol.DidChangeWorkspaceFoldersParams
	if err := decode(req, &p); err != nil {
		return err
	}
	s.changeRoots(p.Event.Added, p.Event.Removed)
	return nil
}

// onFiles: files changed on the disk. What is open counts as it is in the editor.
func (s *Server) onFiles(req *jsonrpc2.Request) error {
	var p protocol.DidChangeWatchedFilesParams
	if err := decode(req, &p); err != nil {
		return err
	}
	var names []string
	for _, c := range p.Changes {
		if name, ok := filePath(protocol.DocumentURI(c.URI)); ok {
			names = append(names, name)
		}
	}
	changed := map[*root][]string{}
	for _, name := range s.configChanged(names) {
		for _, at := range s.inAllRoots(name) {
			if s.docAt(at.root, at.path) == nil {
				changed[at.root] = append(changed[at.root], at.path)
			}
		}
	}
	for r, paths := range changed {
		slices.Sort(paths)
		r.sess.Changed(paths...)
	}
	return nil
}
