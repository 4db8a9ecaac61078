package models

import (
	"strconv"
	"strings"
	"sync"
)

// HoldLife says until when native code uses memory that it holds.
type HoldLife string

// Lives.
const (
	HoldRuns   HoldLife = "runs"   // by itself, until one of Ends says that it does not any more
	HoldHandle HoldLife = "handle" // whenever the handle in parameter Of is used, or closed
	HoldLocks  HoldLife = "locks"  // not yet: only locked
	HoldValue  HoldLife = "value"  // when what parameter Of refers to is used
)

// Hold is memory that a function is given and that is used after its return.
type Hold struct {
	Param   int
	Members []string // of what the parameter points to: pointers to more such memory
	Success Success  // only then is it used
	Life    HoldLife
	Of      int
	Done    string   // the member that tells when it is over, "" if there is none
	Ends    []string // functions that end it
	Idle    Flag     // with these bits it is not used yet; Mask 0: always used
	Note    string
}

func decodeHold(f []string) Hold {
	life, of, _ := strings.Cut(field(f, 4), ":")
	h := Hold{
		Param: atoi(field(f, 1), -1), Members: list(field(f, 2)), Success: decodeSuccess(field(f, 3)),
		Life: HoldLife(life), Of: atoi(of, -1), Ends: list(field(f, 6)), Note: field(f, 8),
	}
	if d := field(f, 5); d != "-" {
		h.Done = d
	}
	if param, bits, ok := strings.Cut(field(f, 7), ":"); ok {
		h.Idle.Param = atoi(param, -1)
		h.Idle.Mask, _ = strconv.ParseInt(bits, 0, 64)
	}
	return h
}

// holdEnds are the functions that end a use of memory, by family.
var holdEnds = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	eachRow(curatedHolds, func(f []string) {
		for _, name := range list(field(f, 6)) {
			out[name] = true
		}
	})
	return out
})

func (c *checker) hold(f []string) {
	sig := c.function()
	h := decodeHold(f)
	c.param(sig, "parameter", h.Param)
	switch h.Life {
	case HoldRuns, HoldLocks:
	case HoldHandle, HoldValue:
		c.param(sig, "of", h.Of)
	default:
		c.report("life %q is not known", h.Life)
	}
	if h.Success.Test == SuccessUnknown {
		c.report("success is not known")
	}
	for _, name := range h.Ends {
		if c.db.Func(name) == nil || c.db.Family(name) != name {
			c.report("end %q is not the family of a known function", name)
		}
	}
}
