package session

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/walk"
)

// Changed says that something changed, made or removed files or folders on the disk, by their slashed paths relative to the
// root. Who watches folders may be told of a folder alone, and of none of the files that came or went with it.
func (s *Session) Changed(paths ...string) {
	rescan := false
	for _, p := range paths {
		switch {
		case source.LangOf(p) != source.NoLang || source.IsBuild(p):
			s.change(p, change{})
		case p == "." || path.Base(p) == ".gitignore" || s.isFolder(p):
			rescan = true
		}
	}
	if rescan {
		s.Rescan()
	}
}

// isFolder tells whether a path is a folder in which there are files of the session, or were.
func (s *Session) isFolder(path string) bool {
	s.mu.Lock()
	last, cfg := s.last, s.config
	s.mu.Unlock()
	if last != nil {
		if i, _ := findFile(last.files, path+"/"); i < len(last.files) && strings.HasPrefix(last.files[i].Path, path+"/") {
			return true
		}
	}
	if s.o.Root == "" {
		return false
	}
	info, err := os.Lstat(filepath.Join(s.o.Root, filepath.FromSlash(path)))
	return err == nil && info.IsDir() && walk.Takes(s.o.Root, path, cfg.Excludes)
}
