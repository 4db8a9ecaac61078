package models

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed curated/references.tsv
var curatedReferences string

//go:embed curated/locks.tsv
var curatedLocks string

// RefAct is what a kernel function does to the count of references of an object.
type RefAct string

// What functions do to counts.
const (
	RefAdds       RefAct = "adds"
	RefDrops      RefAct = "drops"
	RefDropsLater RefAct = "drops-later" // as RefDrops, but a worker thread deletes the object
	RefDropsKept  RefAct = "drops-kept"  // of things that the object manager does not delete: contexts, names
	RefBorrows    RefAct = "borrows"     // returns an object without a reference for the caller
)

// Reference returns what the kernel function name does to the count of references of its parameter
// (0-based, -1: none), "" when it does nothing.
func (db *DB) Reference(name string) (act RefAct, param int) {
	eachRow(find(curatedReferences, name), func(f []string) {
		if field(f, 1) != refKTM {
			act, param = RefAct(field(f, 1)), atoi(field(f, 2), -1)
		}
	})
	return act, param
}

const (
	refKTM    = "ktm"
	refCloses = "closes"
	refInert  = "inert"
)

// KTMType tells whether the C type or object type variable name is one of the Kernel Transaction
// Manager.
func (db *DB) KTMType(name string) (is bool) {
	eachRow(find(curatedReferences, name), func(f []string) { is = field(f, 1) == refKTM })
	return is
}

// CloseCalls tells whether the deletion of an object of the C type calls a driver.
func (db *DB) CloseCalls(typ string) (is bool) {
	eachRow(find(curatedReferences, typ), func(f []string) { is = field(f, 1) == refCloses })
	return is
}

// InertType tells whether the deletion of an object of the C type calls no driver.
func (db *DB) InertType(typ string) (is bool) {
	eachRow(find(curatedReferences, typ), func(f []string) { is = field(f, 1) == refInert })
	return is
}

// LockAct is what a kernel function or routine type has to do with locks and interrupt levels.
type LockAct string

// What functions do to locks and levels.
const (
	LockAcquires  LockAct = "acquire"
	LockTries     LockAct = "try" // acquires when its result is not 0
	LockReleases  LockAct = "release"
	LevelRaises   LockAct = "raise"
	LevelLowers   LockAct = "lower"
	LevelAsks     LockAct = "asks"      // returns the level
	RoutineRaised LockAct = "routine"   // type of routines that run at Level
	RegistersAt   LockAct = "registers" // Param is a routine that runs at Level from then on
)

// Lock is what is known of a function with regard to locks and levels.
type Lock struct {
	Act   LockAct
	Kind  string // "spin lock", "fast mutex", "DPC"
	Level string // at which the thread runs from then on, "" when it stays or an argument says it
	Param int    // 0-based, -1: none
}

// Lock returns what a kernel function, or a type of routines, has to do with locks and levels, nil
// when nothing.
func (db *DB) Lock(name string) (l *Lock) {
	eachRow(find(curatedLocks, name), func(f []string) {
		if field(f, 1) == "level" {
			return
		}
		l = &Lock{Act: LockAct(field(f, 1)), Kind: field(f, 2), Level: field(f, 3), Param: atoi(field(f, 4), -1)}
	})
	return l
}

// Level returns the number of a named interrupt request level (PASSIVE_LEVEL is 0); false when the
// name is none, or the number differs between machines.
func (db *DB) Level(name string) (n int, ok bool) {
	eachRow(find(curatedLocks, name), func(f []string) {
		if field(f, 1) == "level" {
			n, ok = atoi(field(f, 3), 0), true
		}
	})
	return n, ok
}

// KernelHeader tells whether only code that runs in kernel mode includes the header.
func KernelHeader(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(name, "\\", "/"))
	return portable(name[strings.LastIndexByte(name, '/')+1:]) == "kernel"
}

// ReleaseWord tells whether a name says that what it names lets go of a lock.
func ReleaseWord(name string) bool {
	name = strings.ToLower(name)
	for _, w := range releaseWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

var releaseWords = []string{"release", "unlock", "leave", "exit", "lower", "end"}

// KernelExport tells whether a name is one that exports of the kernel and the filter manager have,
// and says of nothing that it takes a reference over.
func KernelExport(name string) bool {
	return kernelName.MatchString(name) && !takesOver.MatchString(name)
}

var (
	kernelName = regexp.MustCompile(`^(Cc|Cm|Ex|Flt|FsRtl|Io|Ke|Mm|Ob|Po|Ps|Rtl|Se|Tm|Zw)[A-Z][a-z]`)
	takesOver  = regexp.MustCompile(`(?i)deref|free|release|delete|insert|queue|set.*context|register|complete|close`)
)
