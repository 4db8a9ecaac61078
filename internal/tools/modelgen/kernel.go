package main

import (
	"strconv"
	"strings"
)

// The shape of kernel.json.
type kernelFile struct {
	Pairs []kernelPair `json:"pairs"`
	IRQL  []struct {
		Name, Min, Max, Raises string
		SALMax                 string `json:"sal_max"`
	} `json:"irql"`
}

// kernelPair is a function that acquires something, and what releases that.
type kernelPair struct {
	Name    string `json:"name"`
	Where   string `json:"where"`
	Kind    string `json:"kind"`
	Release []struct {
		Fn    string `json:"fn"`
		Param *int   `json:"param"`
	} `json:"release"`
	Success  string   `json:"success"`
	Note     string   `json:"note"`
	Borrowed bool     `json:"borrowed"`
	Src      []string `json:"src"`
}

func (g *generator) kernel() error {
	var f kernelFile
	if err := g.readJSON("kernel.json", &f); err != nil {
		return err
	}
	acquires := g.table("acquires", acquiresHeader)
	userMode := map[string]bool{}
	for _, r := range acquires.rows {
		userMode[key(r)] = true
	}
	for i := range f.Pairs {
		p := &f.Pairs[i]
		if userMode[p.Name] {
			continue // the user-mode facts say the same and more
		}
		if err := g.kernelPair(p); err != nil {
			return err
		}
	}
	t := g.table("irql", "function min max raises")
	for _, i := range f.IRQL {
		t.add(i.Name, orDash(i.Min), orDash(lower(i.Max, i.SALMax)), orDash(i.Raises))
	}
	return nil
}

func (g *generator) kernelPair(p *kernelPair) error {
	where, pname, err := g.kernelPlace(p)
	if err != nil {
		return err
	}
	success, err := g.rules.successCode(p.Success)
	if err != nil {
		return err
	}
	kind := "K:" + p.Kind
	switch p.Kind {
	case "handle", "kernel handle", "kernel/user handle":
		kind = g.rules.handleKind(p.Name, where)
	}
	release, borrowed := g.kernelReleases(p, kind)
	invalid := "-"
	if success == "value" && where == "return" && p.Kind != "borrowed" {
		invalid = "0"
	}
	if p.Where == "state" {
		g.table("scopes", "function end success note").add(p.Name, join(release), success, p.Note)
		return nil
	}
	if len(release) > 0 && !borrowed {
		g.countReleases(kind, release)
	}
	g.addKernelAcquire(p.Name, where, pname, kind, release, invalid, success, borrowed, p.Note)
	return nil
}

// kernelPlace is where the function puts what it acquires.
func (g *generator) kernelPlace(p *kernelPair) (where, param string, err error) {
	switch {
	case p.Where == "state":
		return "return", "", nil // no object: the scope is the thread's state
	case strings.Contains(p.Where, ":?:"):
		return g.rules.kernelParams[p.Name], "", nil
	}
	return place(p.Where)
}

// kernelReleases are the functions that release what p acquires; the note of p gets those that others call.
func (g *generator) kernelReleases(p *kernelPair, kind string) (release []string, borrowed bool) {
	borrowed = p.Borrowed
	for _, r := range p.Release {
		if strings.HasPrefix(r.Fn, "(") {
			borrowed = true // somebody else ends it
			p.Note = strings.TrimSpace(r.Fn + " " + p.Note)
			continue
		}
		fn, _, conditional := strings.Cut(r.Fn, "(")
		release = append(release, fn)
		if conditional {
			continue // the same function with another argument: in the curated table
		}
		param := -1
		if r.Param != nil {
			param = *r.Param
		}
		if !g.released[fn][kind] && !g.released[fn][base(kind)] {
			g.addRelease(fn, strconv.Itoa(param), "-", []string{base(kind)}, "")
		}
	}
	return release, borrowed
}

func (g *generator) addKernelAcquire(fn, where, pname, kind string, release []string, invalid, success string, borrowed bool, note string) {
	mark := "-"
	if borrowed {
		mark, release = "-b", nil
	}
	g.table("acquires", acquiresHeader).add(fn, where, orDash(pname), kind, g.rules.class(kind, release, ""),
		invalid, join(release), success, "-", mark, "d", note)
}

var irqlOrder = []string{"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL", "SYNCH_LEVEL", "DIRQL", "HIGH_LEVEL"}

// lower picks the lower of the documented and the annotated level.
func lower(doc, sal string) string {
	if sal == "" || (doc != "" && rank(doc) <= rank(sal)) {
		return doc
	}
	return sal
}

func rank(level string) int {
	for i, l := range irqlOrder {
		if l == level {
			return i
		}
	}
	return len(irqlOrder)
}
