package link

import (
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// Program is the linked unit.
type Program struct {
	Files    []*ir.File // sorted by path
	DB       *models.DB
	Projects *project.Set  // what the build files say; nil when they were not read
	Unread   *unread.Index // files of the unit that are not among Files; nil: there are none

	funcs []*ir.Func
	info  map[*ir.File]*fileInfo
	lib   *library
	cs    csIndex
	c     cIndex
	uses  useIndex
	words wordIndex
	tells tells

	bounds bounds
	lazyState
}

// fileInfo is what link keeps for one file.
type fileInfo struct {
	index int // in Program.Files
	parts []*part
	owner []*Type                    // by index of the function: the type that declares it, nil if none
	memo  []atomic.Pointer[funcMemo] // by index of the function; nil until somebody asks

	mu    sync.Mutex
	types map[typeKey]typeAnswer // names of types that were resolved in this file

	directOnce sync.Once
	direct     []int // C: files that this one includes itself
	seenOnce   sync.Once
	seen       []uint64 // C: bit set of the files that this one includes, also indirectly
}

// New builds the indexes over files without build files; it does not change them.
func New(files []*ir.File, db *models.DB) *Program { return NewIn(nil, files, db) }

// NewIn is New for files that belong to the given projects, which may be nil.
func NewIn(projects *project.Set, files []*ir.File, db *models.DB) *Program {
	return NewPart(projects, files, nil, db)
}

// NewPart is NewIn for the files of a unit that are read; rest is asked for others whose names are looked up.
func NewPart(projects *project.Set, files []*ir.File, rest *unread.Index, db *models.DB) *Program {
	p := &Program{Files: append([]*ir.File(nil), files...), DB: db, Projects: projects, Unread: rest, info: make(map[*ir.File]*fileInfo, len(files))}
	sort.SliceStable(p.Files, func(i, j int) bool { return p.Files[i].Path < p.Files[j].Path })
	infos := make([]*fileInfo, len(p.Files))
	parallel(len(p.Files), func(i int) { infos[i] = newFileInfo(i, p.Files[i]) })
	for i, f := range p.Files {
		p.info[f] = infos[i]
		p.funcs = append(p.funcs, f.Funcs...)
	}
	p.lib = loadLibrary()
	p.buildTypes(infos)
	p.buildCS()
	p.buildC()
	return p
}

func newFileInfo(i int, f *ir.File) *fileInfo {
	return &fileInfo{
		index: i,
		parts: fileParts(f),
		owner: make([]*Type, len(f.Funcs)),
		memo:  make([]atomic.Pointer[funcMemo], len(f.Funcs)),
		types: map[typeKey]typeAnswer{},
	}
}

// Funcs returns all functions, by file path and position in the file.
func (p *Program) Funcs() []*ir.Func { return p.funcs }

// ownerType is the type that declares f, nil for C functions and top-level code.
func (p *Program) ownerType(f *ir.Func) *Type {
	fi := p.info[f.File]
	if fi == nil || f.Index < 0 || f.Index >= len(fi.owner) {
		return nil
	}
	return fi.owner[f.Index]
}

// parallel calls do(0..n-1) on all processors.
func parallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := 0; i < n; i++ {
			do(i)
		}
		return
	}
	var wg sync.WaitGroup
	for w := 0; w < workers; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < n; i += workers {
				do(i)
			}
		}()
	}
	wg.Wait()
}
