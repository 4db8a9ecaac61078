package main

import (
	"fmt"
	"strconv"
	"strings"
)

// The shape of win32_overlapped.json.
type overlappedFile struct {
	Functions []struct {
		Name       string   `json:"name"`
		Names      []string `json:"names"`
		DLL        string   `json:"dll"`
		Kind       string   `json:"kind"`
		Overlapped int      `json:"overlapped_param"`
		Handle     *int     `json:"handle_param"`
		Routine    *int     `json:"completion_routine_param"`
		Event      *int     `json:"event_param"`
		Buffers    []struct {
			Index            int
			Name, Dir, Until string
			Indirect         string
		} `json:"buffers"`
		Notes string `json:"notes"`
		Also  string `json:"also"`
	} `json:"functions"`
}

func (g *generator) overlapped() error {
	var f overlappedFile
	if err := g.readJSON("win32_overlapped.json", &f); err != nil {
		return err
	}
	t := g.table("overlapped", "function kind overlapped handle routine event pending note buffer...")
	untils := map[string]string{"completion": "completion", "completion-conservative": "conservative", "return": "return"}
	for _, fn := range f.Functions {
		family := g.familyOf(fn.Name, fn.Names)
		g.aliases(family, fn.Names, fn.DLL)
		row := []string{family, fn.Kind, strconv.Itoa(fn.Overlapped), index(fn.Handle), index(fn.Routine),
			index(fn.Event), g.pending(family, fn.Kind, fn.DLL), fn.Notes}
		for _, b := range fn.Buffers {
			until, ok := untils[b.Until]
			if !ok {
				return fmt.Errorf("%s: unknown lifetime %q", fn.Name, b.Until)
			}
			s := fmt.Sprintf("%d:%s:%s:%s", b.Index, b.Name, b.Dir, until)
			if b.Indirect != "" {
				s += ":" + b.Indirect
			}
			row = append(row, s)
		}
		t.add(row...)
	}
	return nil
}

func index(p *int) string {
	if p == nil {
		return "-1"
	}
	return strconv.Itoa(*p)
}

// pending derives how a start says "pending" from the type of the returned value.
func (g *generator) pending(family, kind, dll string) string {
	if p, ok := g.rules.pending[family]; ok {
		return p
	}
	switch kind {
	case "overlapped", "overlapped-ext", "overlapped-wsacompletion", "session-async":
	case "nt":
		return "return:0x103"
	default:
		return "-"
	}
	switch ret := g.returnKind(family); {
	case ret == "b32" || kind == "overlapped-ext":
		return "false:997"
	case ret == "nt":
		return "return:0x103"
	case ret == "hr":
		return "return:-2147023899" // HRESULT_FROM_WIN32(ERROR_IO_PENDING)
	case ret == "i32" && (strings.EqualFold(module(dll), "ws2_32") || strings.EqualFold(module(dll), "fwpuclnt")):
		return "socket:997"
	case ret == "u32" || ret == "e32":
		return "return:997"
	}
	return "-"
}

func (g *generator) returnKind(family string) string {
	for _, n := range []string{family, family + "W", family + "A"} {
		if ret, ok := g.returns[n]; ok {
			return ret
		}
	}
	return ""
}

// waitsFile is the shape of win32_waits.json. What a wait tells ("completion") is
// prose there: the machine-readable form is a curated table of analyzers/models,
// and a test sees to it that no function is missing.
type waitsFile struct {
	Completion []struct {
		Name string `json:"name"`
	} `json:"completion"`
	MayBlock []struct {
		Name  string `json:"name"`
		When  string `json:"blocks_when"`
		Bound string `json:"bound"`
	} `json:"may_block"`
}

func (g *generator) waits() error {
	var f waitsFile
	if err := g.readJSON("win32_waits.json", &f); err != nil {
		return err
	}
	t := g.table("blocks", "function when bound")
	for _, b := range f.MayBlock {
		if !t.has(g.family(b.Name)) {
			t.add(g.family(b.Name), b.When, b.Bound)
		}
	}
	return nil
}
