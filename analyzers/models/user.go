package models

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// UserModels are models of in-house APIs, read by LoadUser. They add functions to
// a DB and replace what it says of a function relation by relation.
type UserModels struct {
	file  string
	layer *layer
	lines map[string]int // function -> line, for messages
}

// UserError is a mistake in a file of user models.
type UserError struct {
	File string
	Line int // 1-based, 0 when unknown
	Msg  string
}

func (e *UserError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg) }

// The format; USERMODELS.md explains it. Every key but name is optional.
type userFile struct {
	Functions []userFunc  `yaml:"functions"`
	Constants []userConst `yaml:"constants"`
}

type userFunc struct {
	line int

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
	line int

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
	line int

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
	line int

	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// LoadUser reads user models (YAML). name is used in messages. The error joins a
// *UserError for each mistake.
func LoadUser(name string, text []byte) (*UserModels, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, &UserError{File: name, Line: lineOf(err), Msg: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	u := &UserModels{file: name, lines: map[string]int{}}
	w := &userWriter{file: name, tables: [numRelations]map[string][]string{}}
	if len(doc.Content) > 0 {
		var f userFile
		d := &strictDecoder{file: name}
		d.decode(doc.Content[0], &f)
		w.errs = d.errs
		for _, fn := range f.Functions {
			u.lines[fn.Name] = fn.line
			w.function(fn)
		}
		for _, c := range f.Constants {
			u.lines[c.Name] = c.line
			w.constant(c)
		}
	}
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	u.layer = w.layer()
	return u, nil
}

// lineOf finds "line N" in a message of the YAML parser.
func lineOf(err error) int {
	_, tail, ok := strings.Cut(err.Error(), "line ")
	if !ok {
		return 0
	}
	digits, _, _ := strings.Cut(tail, ":")
	n, _ := strconv.Atoi(digits)
	return n
}

// With returns a DB that knows the user's models too; db is not changed. The
// error joins a *UserError for each row that is not complete.
func (db *DB) With(user *UserModels) (*DB, error) {
	if user == nil {
		return db, nil
	}
	out := &DB{layers: append(append([]*layer(nil), db.layers...), user.layer)}
	var errs []error
	for _, p := range out.checkLayer(user.layer) {
		errs = append(errs, &UserError{File: user.file, Line: user.lines[p.Key], Msg: p.Key + ": " + p.Msg})
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

func (w *userWriter) errorf(line int, format string, args ...any) {
	w.errs = append(w.errs, &UserError{File: w.file, Line: line, Msg: fmt.Sprintf(format, args...)})
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
		w.errorf(c.line, "constant %q: %q is no number", c.Name, c.Value)
		return
	}
	w.row(relConstants, c.Name, c.Value, "user")
}
