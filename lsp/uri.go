package lsp

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/pinvet/pinvet/lsp/protocol"
)

// filePath is the path of a file URI in the form of the system; false for other schemes and for
// what is no URI.
func filePath(u protocol.DocumentURI) (string, bool) {
	p, err := url.Parse(string(u))
	if err != nil || p.Scheme != "file" || p.Path == "" {
		return "", false
	}
	name := p.Path
	if drive(name) { // file:///c:/x
		name = strings.ToUpper(name[1:2]) + name[2:]
	} else if p.Host != "" && p.Host != "localhost" {
		name = "//" + p.Host + name
	}
	return filepath.Clean(filepath.FromSlash(name)), true
}

// drive tells whether a URI path begins with the letter of a drive: "/c:/x".
func drive(p string) bool {
	return len(p) >= 3 && p[0] == '/' && p[2] == ':' && (p[1]|0x20 >= 'a' && p[1]|0x20 <= 'z')
}

// fileURI is the URI of an absolute path.
func fileURI(name string) protocol.DocumentURI {
	p := filepath.ToSlash(name)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	u := url.URL{Scheme: "file", Path: p}
	if rest, ok := strings.CutPrefix(p, "//"); ok { // a share
		host, path, _ := strings.Cut(rest, "/")
		u.Host, u.Path = host, "/"+path
	}
	return protocol.DocumentURI(u.String())
}
