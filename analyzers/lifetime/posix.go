package lifetime

import (
	slashpath "path"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// posix tells whether a C function is what other systems compile, or its file is written for POSIX systems as well,
// where some names of Windows mean other functions.
func (e *engine) posix(f *ir.Func) bool { return f.Flags&ir.Elsewhere != 0 || e.posixFiles[f.File] }

// posixFiles finds the C files that include POSIX headers, themselves or through headers of the
// unit. A file that names Windows headers itself, and no POSIX ones, is for Windows.
func posixFiles(files []*ir.File) map[*ir.File]bool {
	p := includer{headers: map[string][]*ir.File{}, known: map[*ir.File]bool{}}
	for _, f := range files {
		if f.Lang == ir.C {
			p.headers[slashpath.Base(f.Path)] = append(p.headers[slashpath.Base(f.Path)], f)
		}
	}
	for _, f := range files {
		if f.Lang == ir.C {
			p.posix(f)
		}
	}
	return p.known
}

type includer struct {
	headers map[string][]*ir.File // files of the unit by their last name
	known   map[*ir.File]bool     // an entry that is being computed is false: includes may be circular
}

func (p *includer) posix(f *ir.File) bool {
	if is, done := p.known[f]; done {
		return is
	}
	p.known[f] = false
	windows := false
	for _, inc := range f.Includes {
		switch models.HeaderSystem(inc) {
		case "windows":
			windows = true
		case "posix":
			p.known[f] = true
		}
	}
	if p.known[f] || windows {
		return p.known[f]
	}
	for _, inc := range f.Includes {
		for _, h := range p.named(strings.TrimLeft(inc, "./")) {
			if p.posix(h) {
				p.known[f] = true
				return true
			}
		}
	}
	return false
}

// named are the files that an #include may mean: those whose path ends so. Where there are none, the first folder may be one that
// only the build makes, <project-devel/util/debug.h>, and it is asked without.
func (p *includer) named(inc string) (out []*ir.File) {
	for {
		for _, h := range p.headers[slashpath.Base(inc)] {
			if strings.HasSuffix("/"+h.Path, "/"+inc) {
				out = append(out, h)
			}
		}
		_, rest, more := strings.Cut(inc, "/")
		if len(out) > 0 || !more || !strings.Contains(rest, "/") {
			return out
		}
		inc = rest
	}
}
