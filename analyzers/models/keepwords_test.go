package models

import (
	"slices"
	"testing"
)

func TestNamedKeeper(t *testing.T) {
	for _, c := range []struct {
		function, delegate string
		want               bool
	}{
		{"libvlc_event_attach", "EventCallback", true},
		{"SDL_AddEventWatch", "EventFilter", true},
		{"glfwSetKeyCallback", "KeyFun", true},
		{"lua_sethook", "LuaHookFunction", true},
		{"TF_NewTensor", "Deallocator", true},
		{"g_object_weak_ref", "WeakNotify", true},
		{"git_reference_foreach", "ForEachCallback", false},
		{"EnumResourceCallbacks", "EnumProc", false},
		{"list_set_sort", "Comparer", false},
		{"event_detach", "EventCallback", false},
		{"device_on_change", "ChangeProc", false},
		{"resettle", "Proc", false},
	} {
		if got := NamedKeeper(c.function, c.delegate); got != c.want {
			t.Errorf("NamedKeeper(%q, %q) = %v", c.function, c.delegate, got)
		}
	}
}

func TestNameWords(t *testing.T) {
	for name, want := range map[string][]string{
		"SDL_AddEventWatch": {"sdl", "add", "event", "watch"},
		"LibVLCEventAttach": {"lib", "vlc", "event", "attach"},
		"uc_hook_add":       {"uc", "hook", "add"},
		"on2Set":            {"on", "set"},
		"":                  nil,
	} {
		if got := nameWords(name); !slices.Equal(got, want) {
			t.Errorf("nameWords(%q) = %q, want %q", name, got, want)
		}
	}
}
