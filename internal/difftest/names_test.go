package difftest

import (
	"fmt"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
)

// TestFilesByOtherNames: files that say by no name of a type what they use are read where something comes of them.
func TestFilesByOtherNames(t *testing.T) {
	const native = `using System; using System.Runtime.InteropServices;
namespace N { public static class Win { [DllImport("kernel32", CharSet = CharSet.Unicode)] public static extern IntPtr CreateEventW(IntPtr a, bool m, bool s, string n);
[DllImport("kernel32")] public static extern bool CloseHandle(IntPtr h); } }
`
	const helper = `using System; namespace N {
public static class Helper { public static void Drop(IntPtr h) { Win.CloseHandle(h); } public static IntPtr Open() => Win.CreateEventW(IntPtr.Zero, true, false, null); }
public class V { public void Drop(IntPtr h) { Helper.Drop(h); } } }
`
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"a global using of a class with a helper": {[]string{
			"global using static N.Helper;\n",
			"class U { void M() { var h = Open(); h.ToString(); } }\n",
		}, "PIN402"},
		"a global using of a class with imports": {[]string{
			"global using static N.Win;\n",
			"class U { void M(System.IntPtr p) { CloseHandle(p); CloseHandle(p); } }\n",
		}, "PIN404"},
		"a global alias": {[]string{
			"global using H = N.Helper;\n",
			"class U { void M() { var h = H.Open(); h.ToString(); } }\n",
		}, "PIN402"},
		"a global alias as a base": {[]string{
			"global using Other = Base;\n",
			"public abstract class Base { public abstract void Do(System.IntPtr h); }\n",
			"class D : Other { public override void Do(System.IntPtr h) { N.Helper.Drop(h); } }\n",
			"class U { void M(Base b, System.IntPtr p) { b.Do(p); b.Do(p); } }\n",
		}, "PIN404"},
		"a keyword as a name": {[]string{
			"class U { void M(N.V @namespace, System.IntPtr p) { @namespace.Drop(p); @namespace.Drop(p); } }\n",
		}, "PIN404"},
		"a keyword as the name of a field": {[]string{
			"class F { public N.V @event; }\n",
			"class U { void M(F f, System.IntPtr p) { f.@event.Drop(p); f.@event.Drop(p); } }\n",
		}, "PIN404"},
		"an indexer behind a nested type": {[]string{
			"public class T { class In { } public N.V this[int i] => null; }\n",
			"class F { public T all; }\n",
			"class U { void M(F f, System.IntPtr p) { f.all[0].Drop(p); f.all[0].Drop(p); } }\n",
		}, "PIN404"},
		"an extension method of a reference": {[]string{
			"static class E { public static void Kill(ref this System.IntPtr h) => N.Helper.Drop(h); }\n",
			"class U { void M(System.IntPtr p) { p.Kill(); p.Kill(); } }\n",
		}, "PIN404"},
		"a class outside of namespaces goes before others": {[]string{
			"class W { public void Drop(System.IntPtr h) { } }\nnamespace Q { class R { } }\n",
			"namespace Far { class W { public void Drop(System.IntPtr h) { N.Helper.Drop(h); } } }\n",
			"using Far; class U { W w; void M(System.IntPtr p) { w.Drop(p); w.Drop(p); } }\n",
		}, ""},
	} {
		o := check.Options{Root: t.TempDir(), Overlay: map[string][]byte{"native.cs": []byte(native), "helper.cs": []byte(helper)}}
		for i, text := range c.files {
			o.Overlay[fmt.Sprintf("f%d.cs", i)] = []byte(text)
		}
		parted := o
		o.NoFilter, parted.AllParts = true, true
		x, y := Run(t, parted), Run(t, o)
		codes := ""
		for _, f := range y.Findings {
			codes += f.Code
		}
		if codes != c.want {
			t.Errorf("%s: %q", name, codes)
		}
		t.Run(name, func(t *testing.T) { Equal(t, Findings(x.Findings), Findings(y.Findings)) })
	}
}
