package models

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The example of the page must load as it stands.
func exampleOf(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, tail, ok := strings.Cut(strings.ReplaceAll(string(b), "\r\n", "\n"), "```yaml\n")
	body, _, end := strings.Cut(tail, "```")
	if !ok || !end {
		t.Fatal("no example")
	}
	return []byte(body)
}

func userDB(t *testing.T, text string) *DB {
	t.Helper()
	u, err := LoadUser("models.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	db, err := Default().With(u)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestUserModelsExample(t *testing.T) {
	db := userDB(t, string(exampleOf(t, "USERMODELS.md")))

	open := db.Func("MyOpen")
	if open == nil || len(open.Acquires) != 1 || open.DLL != "mylib" {
		t.Fatalf("MyOpen = %+v", open)
	}
	a := open.Acquires[0]
	if !a.IsReturn() || a.Kind != "my-handle" || !reflect.DeepEqual(a.Invalid, []int64{0}) || a.Confidence != UserSaid {
		t.Errorf("MyOpen acquires %+v", a)
	}
	if !a.ReleasedBy(db.Func("MyClose")) || a.ReleasedBy(db.Func("CloseHandle")) {
		t.Error("MyOpen: released by the wrong function")
	}
	if got := db.Func("MyOpen2").Acquires[0]; got.Param != 1 || got.Success.Test != SuccessZero || len(got.When.Conds) != 1 {
		t.Errorf("MyOpen2 acquires %+v", got)
	}
	if !db.IsReleaser("MyClose") || Default().IsReleaser("MyClose") {
		t.Error("MyClose must release in the extended DB only")
	}
	if !a.ReleasedBy(db.Func("MyDrop")) || !db.IsReleaser("MyCloseFile") {
		t.Error("the closers do not close")
	}
	if o := db.DotNetType("Contoso.Devices.DeviceHandle"); o == nil || !o.SafeHandle || !o.OwnsNative || o.Release != "MyClose" || len(o.Invalid) != 2 {
		t.Errorf("DeviceHandle is %+v", o)
	}
	read := db.Func("MyReadAsync").Overlapped
	if read == nil || read.OverlappedParam != 3 || read.Pending != PendingFalseError || read.PendingError != 997 || len(read.Buffers) != 1 {
		t.Errorf("MyReadAsync = %+v", read)
	}
	if w := db.Func("MyFinish").Wait; w == nil || w.ResultOf(1, nil, false) != WaitComplete || w.ResultOf(0, nil, false) != WaitPending {
		t.Errorf("MyFinish = %+v", w)
	}
	if f := db.Func("MyAdopt"); !reflect.DeepEqual(f.Sink, []int{0}) {
		t.Errorf("MyAdopt = %+v", f)
	}
	if f := db.Func("MySetCallback"); !reflect.DeepEqual(f.Retains, []int{1}) || f.Retained[0].Until != "MyClose" {
		t.Errorf("MySetCallback = %+v", f)
	}
	if !db.Func("MyFatal").NoReturn {
		t.Error("MyFatal returns")
	}
	if f := db.Func("MyCreateFile"); len(f.Acquires) != 1 || f.Acquires[0].Invalid[0] != -1 || f.Family != "CreateFile" {
		t.Errorf("MyCreateFile = %+v", f)
	}
	if v, ok := db.Predefined("MY_INVALID"); !ok || v != -1 {
		t.Errorf("MY_INVALID = %d, %v", v, ok)
	}
	if got := db.Closers("my-handle"); !reflect.DeepEqual(got, []string{"MyClose"}) {
		t.Errorf("Closers = %v", got)
	}
}

func TestUserModelsReplace(t *testing.T) {
	db := userDB(t, "functions:\n- name: CreateFile\n  acquires: [{kind: 'HANDLE:file', invalid: [-1, 0], release: [CloseHandle]}]\n")
	for _, name := range []string{"CreateFileW", "CreateFile"} {
		if got := db.Func(name).Acquires; len(got) != 1 || len(got[0].Invalid) != 2 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if !db.Func("CreateFileW").MayBlock || db.Func("CreateFileW").Sig == nil {
		t.Error("what the user does not speak of must stay")
	}
	if len(Default().Func("CreateFileW").Acquires[0].Invalid) != 1 {
		t.Error("the default DB changed")
	}
}

func TestUserModelsMistakes(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		msg        string
	}{
		{"not yaml", "functions: [", 1, "did not find"},
		{"unknown key", "functions:\n- name: F\n  aquires: []\n", 3, `unknown key "aquires"`},
		{"wrong type", "functions:\n- name: F\n  no-return: perhaps\n", 3, `expected true or false, found "perhaps"`},
		{"no name", "functions:\n- module: x\n", 2, "without a name"},
		{"scalar", "functions:\n- F\n", 2, "expected keys"},
		{"no kind", "functions:\n- name: F\n  acquires:\n  - invalid: [0]\n    release: [CloseHandle]\n", 4, "needs a kind"},
		{"no sentinel", "functions:\n- name: F\n  acquires:\n  - kind: k\n    release: [CloseHandle]\n", 4, "invalid"},
		{"no release", "functions:\n- name: F\n  acquires:\n  - {kind: k, invalid: 0}\n", 4, "release"},
		{"out parameter without test", "functions:\n- name: F\n  acquires:\n  - {where: 1, kind: k, release: [CloseHandle]}\n", 4, "success"},
		{"constant", "constants:\n- {name: C, value: many}\n", 2, "is no number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadUser("u.yml", []byte(tt.text))
			checkUserError(t, err, tt.line, tt.msg)
		})
	}
}

func TestUserModelsIncomplete(t *testing.T) {
	tests := []struct {
		name, text string
		msg        string
	}{
		{"release nobody knows", "functions:\n\n- name: F\n  acquires: [{kind: k, invalid: 0, release: [Nope]}]\n", "Nope has no row"},
		{"release of another kind", "functions:\n\n- name: F\n  acquires: [{kind: k, invalid: 0, release: [RegCloseKey]}]\n", "does not list the kind"},
		{"index", "functions:\n\n- name: F\n  params: [a]\n  releases: [{param: 1, kinds: HKEY}]\n", "parameter 1, but F has 1"},
		{"index of a known function", "functions:\n\n- name: CloseHandle\n  releases: [{param: 4, kinds: HANDLE}]\n", "parameter 4"},
		{"place", "functions:\n\n- name: F\n  takes: [{param: first, kinds: HKEY}]\n", "no parameter index"},
		{"class", "functions:\n\n- name: F\n  acquires: [{kind: HKEY, class: none, invalid: 0, release: [RegCloseKey]}]\n", `class "none"`},
		{"success", "functions:\n\n- name: F\n  acquires: [{where: 0, kind: HKEY, success: fine, release: [RegCloseKey]}]\n", `success test "fine"`},
		{"condition", "functions:\n\n- name: F\n  acquires: [{kind: HKEY, invalid: 0, release: [RegCloseKey], when: 'if lucky'}]\n", "condition"},
		{"until", "functions:\n\n- name: F\n  keeps: [{param: 0, until: doomsday}]\n", "doomsday"},
		{"pending", "functions:\n\n- name: F\n  overlapped: {overlapped: 1}\n", "sign of pending"},
		{"buffer", "functions:\n\n- name: F\n  overlapped: {overlapped: 1, pending: 'false:997', buffers: [{param: 0, dir: up}]}\n", "cannot read the buffer"},
		{"role", "functions:\n\n- name: F\n  wait: {role: naps, outcomes: 'complete:*'}\n", `role "naps"`},
		{"outcome", "functions:\n\n- name: F\n  wait: {role: completes, outcomes: 'great:*'}\n", `outcome "great"`},
		{"like", "functions:\n\n- name: F\n  like: Nope\n", "not known"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := LoadUser("u.yml", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Default().With(u)
			checkUserError(t, err, 3, tt.msg)
		})
	}
}

func checkUserError(t *testing.T, err error, line int, msg string) {
	t.Helper()
	var ue *UserError
	if !errors.As(err, &ue) {
		t.Fatalf("error = %v, want a UserError", err)
	}
	if ue.File != "u.yml" || ue.Line != line || !strings.Contains(err.Error(), msg) {
		t.Errorf("error = %v, want line %d with %q", err, line, msg)
	}
}

func TestUserModelsEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "functions: []\n"} {
		if u, err := LoadUser("u.yml", []byte(text)); err != nil || u == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if db, err := Default().With(nil); err != nil || db != Default() {
		t.Error("With(nil) must be the DB itself")
	}
}

func FuzzLoadUser(f *testing.F) {
	f.Add([]byte("functions:\n- name: F\n  acquires: [{kind: k, invalid: 0, release: [G]}]\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if u, err := LoadUser("u.yml", text); err == nil {
			Default().With(u)
		}
	})
}
