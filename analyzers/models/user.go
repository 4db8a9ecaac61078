package models

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// UserModels are models of in-house APIs, read by LoadUser. They add functions to
// a DB and replace what it says of a function relation by relation.
type UserModels struct {
	file  string
	layer *layer
	lines map[string]strict.Place // function or type -> place, for messages
}

// UserError is a mistake in a file of user models.
type UserError = strict.Error

// UserFile is the format; USERMODELS.md explains it. Every key but name is optional.
type UserFile struct {
	Functions []userFunc   `yaml:"functions"`
	Closers   []userCloser `yaml:"closers"`
	Owners    []userOwner  `yaml:"owners"`
	Constants []userConst  `yaml:"constants"`
}

// place is where a mapping begins.
type place struct{ at strict.Place }

// SetPlace is called by the decoder.
func (p *place) SetPlace(at strict.Place) { p.at = at }

// userCloser is short for a function with one release.
type userCloser struct {
	place

	Name  string   `yaml:"name"`
	Kinds []string `yaml:"kinds"`
	Param string   `yaml:"param"`
	Like  string   `yaml:"like"`
}

// userOwner is a C# type that owns a handle and closes it when it is disposed.
type userOwner struct {
	place

	Type       string   `yaml:"type"` // with its namespace
	SafeHandle bool     `yaml:"safe-handle"`
	Finalizer  bool     `yaml:"finalizer"`
	Release    string   `yaml:"release"`
	Invalid    []string `yaml:"invalid"`
	Note       string   `yaml:"note"`
}

type userFunc struct {
	place

	Name       string          `yaml:"name"`
	Module     string          `yaml:"module"`
	Returns    string          `yaml:"returns"` // type code, see data/SOURCES.md
	Params     []string        `yaml:"params"`  // "name" or "name:type code"
	Cdecl      bool            `yaml:"cdecl"`
	LastError  bool            `yaml:"sets-last-error"`
	Acquires   []userAcquire   `yaml:"acquires"`
	Releases   []userRelease   `yaml:"releases"`
	Takes      []userSink      `yaml:"takes"`
	Keeps      []userRetain    `yaml:"keeps"`
	Overlapped *userOverlapped `yaml:"overlapped"`
	Wait       *userWait       `yaml:"wait"`
	MayBlock   string          `yaml:"may-block"`
	NoReturn   bool            `yaml:"no-return"`
	Like       string          `yaml:"like"` // behaves like this known function
}

type userAcquire struct {
	place

	Where    string   `yaml:"where"`
	Kind     string   `yaml:"kind"`
	Class    string   `yaml:"class"`
	Invalid  []string `yaml:"invalid"`
	Release  []string `yaml:"release"`
	Success  string   `yaml:"success"`
	When     string   `yaml:"when"`
	Borrowed bool     `yaml:"borrowed"`
	Note     string   `yaml:"note"`
}

type userRelease struct {
	place

	Param   string   `yaml:"param"`
	ByRef   bool     `yaml:"by-ref"`
	Kinds   []string `yaml:"kinds"`
	Success string   `yaml:"success"`
	Invalid []string `yaml:"invalid"`
	When    string   `yaml:"when"`
	Note    string   `yaml:"note"`
}

type userSink struct {
	Param   string   `yaml:"param"`
	Kinds   []string `yaml:"kinds"`
	Success string   `yaml:"success"`
	Invalid []string `yaml:"invalid"`
	When    string   `yaml:"when"`
	Note    string   `yaml:"note"`
}

type userRetain struct {
	Param int    `yaml:"param"`
	Until string `yaml:"until"`
	Note  string `yaml:"note"`
}

type userOverlapped struct {
	Kind       string       `yaml:"kind"`
	Overlapped *int         `yaml:"overlapped"`
	Handle     *int         `yaml:"handle"`
	Routine    *int         `yaml:"routine"`
	Event      *int         `yaml:"event"`
	Pending    string       `yaml:"pending"`
	LongPin    bool         `yaml:"long-pin"`
	Buffers    []userBuffer `yaml:"buffers"`
	Note       string       `yaml:"note"`
}

type userBuffer struct {
	Param int    `yaml:"param"`
	Name  string `yaml:"name"`
	Dir   string `yaml:"dir"`
	Until string `yaml:"until"`
}

type userWait struct {
	Role     string `yaml:"role"`
	Params   string `yaml:"params"`
	WithFlag string `yaml:"with-flag"`
	Outcomes string `yaml:"outcomes"`
	Note     string `yaml:"note"`
}

type userConst struct {
	place

	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// LoadUser reads user models (YAML). name is used in messages. The error joins a
// *UserError for each mistake.
func LoadUser(name string, text []byte) (*UserModels, error) {
	var f UserFile
	if err := strict.Decode(name, text, &f); err != nil {
		return nil, err
	}
	return NewUser(name, &f)
}

// NewUser makes models of a file that was decoded already. The error is that of LoadUser.
func NewUser(name string, f *UserFile) (*UserModels, error) {
	u := &UserModels{file: name, lines: map[string]strict.Place{}}
	w := &userWriter{file: name, tables: [numRelations]map[string][]string{}}
	for _, fn := range f.Functions {
		u.lines[fn.Name] = fn.at
		w.function(fn)
	}
	for _, c := range f.Closers {
		u.lines[c.Name] = c.at
		w.closer(c)
	}
	for _, o := range f.Owners {
		u.lines[shortType(o.Type)] = o.at
		w.owner(o)
	}
	for _, c := range f.Constants {
		u.lines[c.Name] = c.at
		w.constant(c)
	}
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	u.layer = w.layer()
	return u, nil
}

// Text is all that the models say, so that models can be compared.
func (u *UserModels) Text() string {
	return strings.Join(u.layer[:], "\x00")
}

// With returns a DB that knows the user's models too, the later ones before the earlier; db is not
// changed. The error joins a *UserError for each row that is not complete.
func (db *DB) With(users ...*UserModels) (*DB, error) {
	out := &DB{layers: append([]*layer(nil), db.layers...)}
	for _, u := range users {
		if u != nil {
			out.layers = append(out.layers, u.layer)
		}
	}
	if len(out.layers) == len(db.layers) {
		return db, nil
	}
	var errs []error
	for _, u := range users {
		if u == nil {
			continue
		}
		for _, p := range out.checkLayer(u.layer) {
			errs = append(errs, &UserError{File: u.file, Place: u.lines[p.Key], Msg: p.Key + ": " + p.Msg})
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

// userWriter turns functions into rows of the tables, so that one decoder serves
// the embedded tables and the user's.
type userWriter struct {
	file   string
	tables [numRelations]map[string][]string // rows by key
	errs   []error
}

func (w *userWriter) errorf(at strict.Place, format string, args ...any) {
	w.errs = append(w.errs, &UserError{File: w.file, Place: at, Msg: fmt.Sprintf(format, args...)})
}

func (w *userWriter) row(r relation, fields ...string) {
	for i, f := range fields {
		fields[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(f)
		if fields[i] == "" {
			fields[i] = "-"
		}
	}
	if w.tables[r] == nil {
		w.tables[r] = map[string][]string{}
	}
	w.tables[r][fields[0]] = append(w.tables[r][fields[0]], strings.Join(fields, "\t"))
}

func (w *userWriter) layer() *layer {
	var l layer
	for r, rows := range w.tables {
		keys := make([]string, 0, len(rows))
		for k := range rows {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		var b strings.Builder
		for _, k := range keys {
			for _, row := range rows[k] {
				b.WriteString(row)
				b.WriteByte('\n')
			}
		}
		l[r] = b.String()
	}
	return &l
}

func (w *userWriter) constant(c userConst) {
	if _, ok := parseInt(c.Value); !ok || c.Name == "" {
		w.errorf(c.at, "constant %q: %q is no number", c.Name, c.Value)
		return
	}
	w.row(relConstants, c.Name, c.Value, "user")
}
