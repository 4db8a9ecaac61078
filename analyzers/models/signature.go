package models

import (
	_ "embed"
	"strings"
)

// signature returns the prototype of an export, or of the W (else A) variant of
// a family; nil when unknown.
func (db *DB) signature(name string) *Signature {
	for _, n := range []string{name, name + "W", name + "A", ntTwin(name)} {
		if n == "" {
			continue
		}
		if block := db.rows(relSignatures, n); block != "" {
			return bestSignature(block)
		}
	}
	return nil
}

// bestSignature picks the variant for x64 where the architectures differ.
func bestSignature(block string) *Signature {
	var best *Signature
	eachRow(block, func(f []string) {
		s := decodeSignature(f)
		if best == nil || archRank(s.Arch) > archRank(best.Arch) {
			best = s
		}
	})
	return best
}

func archRank(arch string) int {
	switch {
	case arch == "":
		return 2
	case strings.Contains(arch, "x64"):
		return 1
	}
	return 0
}

// signatures: name dll flags return param...   (legend in data/SOURCES.md)
func decodeSignature(f []string) *Signature {
	s := &Signature{Export: f[0], DLL: field(f, 1), Return: decodeType(field(f, 3)), Confidence: Reviewed}
	flags, real, _ := strings.Cut(field(f, 2), "=")
	s.RealName = real
	flags, arch, _ := strings.Cut(flags, "@")
	s.Arch = archNames(arch)
	for _, c := range flags {
		switch c {
		case 'E':
			s.SetsLastError = true
		case 'c':
			s.CallConv = Cdecl
		case 'V':
			s.Varargs, s.CallConv = true, Cdecl
		case 'q':
			s.CallConv = CallConvUnsure
		case 'o':
			s.Obsolete = true
		case 'W':
			s.Confidence = Unverified
		}
	}
	for i := 4; i < len(f); i++ {
		p := decodeParam(f[i])
		if s.Confidence == Unverified && p.Dir == DirIn && p.Type.PtrDepth > 0 && !onlyRead(p.Type) {
			p.Dir = DirUnknown // the undocumented functions carry no annotations
		}
		s.Params = append(s.Params, p)
	}
	return s
}

// mendDirections makes parameters through which the function hands out a resource
// out parameters, where the prototype says in for want of an annotation.
func (s *Signature) mendDirections(acquires []Acquire) {
	for _, a := range acquires {
		if a.Param < 0 || a.Param >= len(s.Params) {
			continue
		}
		p := &s.Params[a.Param]
		doubtful := p.Dir == DirIn || (p.Dir == DirUnknown && s.Confidence == Unverified)
		switch {
		case p.Type.PtrDepth == 0 || !doubtful:
		case a.Field != "" || a.InOut:
			p.Dir = DirInOut
		default:
			p.Dir = DirOut
		}
	}
}

func archNames(s string) string {
	var out []string
	for _, c := range s {
		switch c {
		case '3':
			out = append(out, "x86")
		case '6':
			out = append(out, "x64")
		case 'a':
			out = append(out, "arm64")
		}
	}
	return strings.Join(out, ",")
}

// decodeParam reads "name:kind[marks]", for instance "Buffer:*v>{6}".
func decodeParam(s string) Param {
	name, rest, _ := strings.Cut(s, ":")
	p := Param{Name: name, CountParam: -1, CountConst: -1, BytesParam: -1}
	end := typeEnd(rest)
	p.Type = decodeType(rest[:end])
	marks := rest[end:]
	p.Dir = DirIn
	annotated := true
	for len(marks) > 0 {
		c := marks[0]
		marks = marks[1:]
		switch c {
		case '>':
			p.Dir = DirOut
		case '=':
			annotated = false
		case '?':
			p.Optional = true
		case '!':
			p.Reserved = true
		case 'z':
			p.DoubleNull = true
		case '[', '{':
			n := strings.IndexAny(marks, "]}")
			if n < 0 {
				n = len(marks)
			}
			setSize(&p, c, marks[:n])
			marks = marks[min(n+1, len(marks)):]
		}
	}
	if !annotated && !onlyRead(p.Type) {
		p.Dir = DirUnknown // "=" is in-out, but also every unannotated pointer
	}
	return p
}

//go:embed curated/onlyread.tsv
var curatedOnlyRead string

// onlyRead tells whether t is the address of a structure that functions only read.
func onlyRead(t TypeCode) (yes bool) {
	if t.PtrDepth == 1 {
		eachRow(find(curatedOnlyRead, t.Name), func([]string) { yes = true })
	}
	return yes
}

func setSize(p *Param, open byte, n string) {
	switch {
	case open == '{':
		p.BytesParam = atoi(n, -1)
	case strings.HasPrefix(n, "#"):
		p.Array, p.CountConst = true, atoi(n[1:], -1)
	default:
		p.Array, p.CountParam = true, atoi(n, -1)
	}
}

// typeEnd returns the length of the type code at the start of s.
func typeEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>', '=', '?', '!', '[', '{':
			return i
		case 'z':
			if i == len(s)-1 && i > 0 && endsType(s[:i]) {
				return i
			}
		}
	}
	return len(s)
}

// endsType tells whether a final "z" after s is a mark and not part of a name.
func endsType(s string) bool {
	return !strings.Contains(s, ":") && strings.TrimLeft(s, "*") != ""
}

func decodeType(s string) TypeCode {
	t := TypeCode{Code: s}
	for t.PtrDepth < len(s) && s[t.PtrDepth] == '*' {
		t.PtrDepth++
	}
	t.Base, t.Name, _ = strings.Cut(s[t.PtrDepth:], ":")
	return t
}
