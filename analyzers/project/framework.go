package project

import (
	"strconv"
	"strings"
)

// Kind is a family of .NET implementations.
type Kind uint8

// The families.
const (
	OtherKind Kind = iota // Mono for devices, UWP, Silverlight ...
	NetFramework
	NetCore // .NET Core, and .NET from 5.0
	NetStandard
)

// Framework is a target framework.
type Framework struct {
	Name  string // as written: "net8.0-windows", "v4.7.2"
	Kind  Kind
	Major int
	Minor int    // of "net472": 7
	OS    string // "windows", "android" ... of net8.0-windows; "" any
}

// ParseFramework reads a moniker ("net8.0-windows10.0", "net472", "netstandard2.0") or the version of
// an old-style project ("v4.7.2").
func ParseFramework(s string) Framework {
	f := Framework{Name: s}
	low := strings.ToLower(strings.TrimSpace(s))
	low, os, _ := strings.Cut(low, "-")
	f.OS = strings.TrimRight(os, "0123456789.")
	for _, k := range []struct {
		prefix string
		kind   Kind
	}{{"netstandard", NetStandard}, {"netcoreapp", NetCore}, {"net", NetFramework}, {"v", NetFramework}} {
		v, ok := strings.CutPrefix(low, k.prefix)
		if !ok || v == "" || v[0] < '0' || v[0] > '9' {
			continue
		}
		major, minor, dotted := strings.Cut(v, ".")
		if !dotted {
			major, minor = v[:1], v[1:]
			if len(minor) > 1 {
				minor = minor[:1] // net472 is 4.7
			}
		}
		minor, _, _ = strings.Cut(minor, ".")
		f.Major, _ = strconv.Atoi(major)
		f.Minor, _ = strconv.Atoi(minor)
		f.Kind = k.kind
		if k.prefix == "net" && dotted && f.Major >= 5 {
			f.Kind = NetCore
		}
		if f.Kind == NetFramework && f.OS == "" {
			f.OS = "windows"
		}
		return f
	}
	return f
}

// Since tells whether an API that exists since the given versions ("net35, netcore1.0", "net5.0",
// "ns2.1") is there. An API of .NET Framework alone is not in .NET, and the other way round.
func (f Framework) Since(versions string) bool {
	for _, v := range strings.Split(versions, ",") {
		v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
		if rest, ok := strings.CutPrefix(v, "ns"); ok {
			v = "netstandard" + rest
		} else if rest, ok := strings.CutPrefix(v, "netcore"); ok && !strings.HasPrefix(rest, "app") {
			v = "netcoreapp" + rest
		}
		g := ParseFramework(v)
		if g.Kind != OtherKind && g.Kind == f.Kind && (g.Major < f.Major || g.Major == f.Major && g.Minor <= f.Minor) {
			return true
		}
	}
	return false
}
