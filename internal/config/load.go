package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/models/strict"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Options says where to look.
type Options struct {
	Root  string   // the folder that paths are relative to; "" is the current one
	Paths []string // what is checked; none means Root
	File  string   // the pinvet.yaml to read, wherever it is; patterns in it are relative to Root then
	None  bool     // no configuration files at all
	Loose bool     // no pinvet.yaml, but .editorconfig files
	Asked []string // codes of rules that were asked for one by one: configuration cannot switch them off
}

// MaxSize is the largest configuration file that is read, in bytes.
const MaxSize = 1 << 20

// Load reads the configuration of a run. Its error joins a *strict.Error for each mistake in a
// pinvet.yaml or in models, or says what could not be read. The settings that come with an error are
// nil, but the name of the file is told as far as it is known.
func Load(o Options) (*Settings, error) {
	root, err := real(orDot(o.Root))
	if err != nil {
		return nil, err
	}
	s := &Settings{root: root, base: root, asked: map[string]bool{}, file: &File{}, db: models.Default()}
	for _, code := range o.Asked {
		s.asked[code] = true
	}
	if o.None {
		return s, nil
	}
	s.editor = newEditor(s.shown)
	if o.Loose {
		return s.orError(nil)
	}
	name := o.File
	if name == "" {
		if name, err = find(absolute(root, o.Paths)); err != nil || name == "" {
			for _, e := range strict.Errors(err) {
				e.File = s.shown(e.File)
			}
			return s.orError(err)
		}
		s.base = filepath.Dir(name)
	} else if name = filepath.Join(root, name); filepath.IsAbs(o.File) {
		name = o.File
	}
	return s.orError(s.read(name))
}

func (s *Settings) orError(err error) (*Settings, error) {
	if err != nil {
		return nil, err
	}
	if s.way, err = filepath.Rel(s.base, s.root); err != nil {
		return nil, err
	}
	s.way = filepath.ToSlash(s.way)
	return s, nil
}

func orDot(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

// shown is the name of a file as messages have it: relative to the root where it is not far above.
func (s *Settings) shown(file string) string {
	rel, err := filepath.Rel(s.root, file)
	if err != nil || filepath.IsAbs(rel) {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// read reads the pinvet.yaml and the models that it names.
func (s *Settings) read(file string) error {
	s.path, s.name = file, s.shown(file)
	text, err := readText(file, s.name)
	if err != nil {
		return err
	}
	s.text = string(text)
	if s.file, err = Parse(s.name, text); err != nil {
		return err
	}
	return s.addModels()
}

// addModels puts the models of in-house APIs over those that come with pinvet.
func (s *Settings) addModels() error {
	here, err := models.NewUser(s.name, &s.file.Models.Here)
	if err != nil {
		return err
	}
	var users []*models.UserModels
	var errs []error
	for _, w := range s.file.Models.Files {
		u, err := s.modelFile(w)
		users, errs = append(users, u), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, u := range append(users, here) {
		s.models += u.Text()
	}
	s.db, err = models.Default().With(append(users, here)...)
	return err
}

// beside is the absolute path of a file that the pinvet.yaml names.
func (s *Settings) beside(name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(s.path), name)
}

func (s *Settings) modelFile(w Word) (*models.UserModels, error) {
	full := s.beside(w.Text)
	text, err := readText(full, s.shown(full))
	s.used = append(s.used, full)
	var place *strict.Error
	switch {
	case err == nil:
		return models.LoadUser(s.shown(full), text)
	case errors.As(err, &place):
		return nil, err
	}
	return nil, &strict.Error{File: s.name, Place: w.Place, Msg: err.Error()}
}

// Mistakes lists what an error of Load says, each mistake with the file as shown; what has no place is
// at the beginning of the pinvet.yaml.
func Mistakes(err error) []*strict.Error {
	if list := strict.Errors(err); len(list) > 0 {
		return list
	}
	text := strings.TrimPrefix(err.Error(), Name+": ")
	return []*strict.Error{{File: Name, Msg: text}}
}

// readText reads a file as UTF-8 without byte order mark.
func readText(file, shown string) ([]byte, error) {
	f, err := source.Limits{MaxSize: MaxSize}.Read(filepath.Dir(file), filepath.Base(file))
	var onDisk *fs.PathError
	switch {
	case errors.As(err, &onDisk):
		return nil, fmt.Errorf("%s: %w", shown, onDisk.Err)
	case errors.Is(err, source.ErrTooLarge):
		return nil, fmt.Errorf("%s: larger than %d MB", shown, MaxSize>>20)
	case errors.Is(err, source.ErrBinary):
		return nil, fmt.Errorf("%s: %w", shown, source.ErrBinary)
	case err != nil:
		return nil, fmt.Errorf("%s: not a regular file", shown)
	case f.Encoding == source.Windows1252: // anything is; what reads it says where it is no UTF-8
		return f.Raw(), nil
	}
	return f.Text(), nil
}

// IsFile tells whether a path names a configuration file by its name.
func IsFile(name string) bool {
	switch base := path.Base(filepath.ToSlash(name)); base {
	case Name, editorName, globalName:
		return true
	default:
		return slices.Contains(lookalikes, base)
	}
}

// Uses tells whether the settings were read from the file at that absolute path, or would be if it
// were there.
func (s *Settings) Uses(file string) bool {
	return IsFile(file) || s != nil && (file == s.path || slices.Contains(s.used, file))
}
