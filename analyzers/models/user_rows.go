package models

import (
	"fmt"
	"strconv"
	"strings"
)

// function writes the rows of one function.
func (w *userWriter) function(f userFunc) {
	if f.Name == "" {
		w.errorf(f.at, "a function without a name")
		return
	}
	if strings.ContainsAny(f.Name, " \t\r\n#") {
		w.errorf(f.at, "%q is no function name", f.Name)
		return
	}
	if f.Like != "" {
		w.row(relAliases, f.Name, f.Like)
	}
	if f.Params != nil || f.Returns != "" {
		w.signature(f)
	}
	for _, a := range f.Acquires {
		w.acquire(f, a)
	}
	for _, r := range f.Releases {
		if len(r.Kinds) == 0 {
			w.errorf(r.at, "%s: a release needs kinds", f.Name)
		}
		byref := "x"
		if r.ByRef {
			byref = "&x"
		}
		w.row(relReleases, f.Name, orDefault(r.Param, "0"), byref, strings.Join(r.Kinds, ","), orDefault(r.Success, "always"),
			strings.Join(r.Invalid, ","), r.When, "", r.Note)
	}
	for _, s := range f.Takes {
		w.row(relSinks, f.Name, s.Param, strings.Join(s.Kinds, ","), orDefault(s.Success, "always"),
			strings.Join(s.Invalid, ","), s.When, s.Note)
	}
	for _, k := range f.Keeps {
		w.row(relRetains, f.Name, strconv.Itoa(k.Param), orDefault(k.Until, "process"), k.Note)
	}
	if f.Overlapped != nil {
		w.overlapped(f.Name, f.Overlapped)
	}
	if x := f.Wait; x != nil {
		w.row(relWaits, f.Name, x.Role, x.Params, x.WithFlag, x.Outcomes, "", x.Note)
	}
	if f.MayBlock != "" {
		w.row(relBlocks, f.Name, f.MayBlock)
	}
	if f.NoReturn {
		w.row(relNoReturn, f.Name)
	}
}

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

func (w *userWriter) signature(f userFunc) {
	flags := "-"
	if f.LastError {
		flags += "E"
	}
	if f.Cdecl {
		flags += "c"
	}
	row := []string{f.Name, f.Module, flags, orDefault(f.Returns, "v")}
	for _, p := range f.Params {
		if !strings.Contains(p, ":") {
			p += ":up"
		}
		row = append(row, p)
	}
	w.row(relSignatures, row...)
}

func (w *userWriter) acquire(f userFunc, a userAcquire) {
	where := orDefault(a.Where, "return")
	success := a.Success
	if success == "" && where == "return" {
		success = "value"
	}
	switch {
	case a.Kind == "":
		w.errorf(a.at, "%s: an acquisition needs a kind", f.Name)
	case success == "":
		w.errorf(a.at, "%s: say by success when parameter %s holds the resource (nonzero, zero, hr, nt, always ...)", f.Name, where)
	case success == "value" && len(a.Invalid) == 0 && !a.Borrowed:
		w.errorf(a.at, "%s: say by invalid which returned values mean failure", f.Name)
	case len(a.Release) == 0 && !a.Borrowed:
		w.errorf(a.at, "%s: say by release which functions end it, or that it is borrowed", f.Name)
	}
	marks := "-"
	if a.Borrowed {
		marks = "-b"
	}
	class := orDefault(a.Class, string(ClassOther))
	w.row(relAcquires, f.Name, where, "", a.Kind, class, strings.Join(a.Invalid, ","), strings.Join(a.Release, ","),
		success, a.When, marks, "x", a.Note)
	if !a.Borrowed {
		w.kind(a.Kind, class, a.Release)
	}
}

// kind makes the kind known; known kinds of the lower layers keep their rows
// because one more row with their name would hide them.
func (w *userWriter) kind(kind, class string, release []string) {
	if Default().rows(relKinds, kind) != "" || (w.tables[relKinds] != nil && w.tables[relKinds][kind] != nil) {
		return
	}
	w.row(relKinds, kind, class, strings.Join(release, ","))
}

func (w *userWriter) overlapped(name string, o *userOverlapped) {
	index := func(p *int) string {
		if p == nil {
			return "-1"
		}
		return strconv.Itoa(*p)
	}
	pending := o.Pending
	if o.LongPin {
		pending += "+long"
	}
	row := []string{name, orDefault(o.Kind, string(OvStart)), index(o.Overlapped), index(o.Handle), index(o.Routine),
		index(o.Event), pending, o.Note}
	for _, b := range o.Buffers {
		row = append(row, fmt.Sprintf("%d:%s:%s:%s", b.Param, b.Name, orDefault(b.Dir, "inout"), orDefault(b.Until, "completion")))
	}
	w.row(relOverlapped, row...)
}

// closer writes a function of which all that is to be said is what it closes.
func (w *userWriter) closer(c userCloser) {
	f := userFunc{place: c.place, Name: c.Name, Like: c.Like}
	switch {
	case c.Like != "" && (len(c.Kinds) > 0 || c.Param != ""):
		w.errorf(c.at, "%s: a closer is like another one, or has kinds: one of both", c.Name)
		return
	case c.Like == "":
		f.Releases = []userRelease{{place: c.place, Param: c.Param, Kinds: c.Kinds}}
	}
	w.function(f)
}

// owner writes a C# type.
func (w *userWriter) owner(o userOwner) {
	short := shortType(o.Type)
	if short == "" || strings.ContainsAny(o.Type, " \t\r\n#<>") {
		w.errorf(o.at, "%q is no name of a type", o.Type)
		return
	}
	flags := "dn"
	if o.SafeHandle {
		flags += "hf"
	} else if o.Finalizer {
		flags += "f"
	}
	namespace := strings.TrimSuffix(strings.TrimSuffix(o.Type, short), ".")
	w.row(relDotNetTypes, short, namespace, flags, strings.Join(o.Invalid, ","), o.Release, o.Note)
}
