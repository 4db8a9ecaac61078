using System;
using static Native.Methods;

namespace N;

[StructLayout(LayoutKind.Sequential, Pack = 1)]
unsafe struct S(int seed) : IDisposable
{
    public fixed byte Data[16];
    public delegate* unmanaged[Stdcall]<int, void*> Callback;
    private readonly SafeHandle? handle = null;
    public int Size { get; private set; } = sizeof(int);

    [DllImport("kernel32", SetLastError = true, EntryPoint = "ReadFile")]
    static extern bool Read(IntPtr h, byte* p, uint n, out uint got, [In] NativeOverlapped* o);

    [LibraryImport("lib", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int Open(ref readonly Guid id, scoped Span<byte> to);

    public async Task<int> Run(byte[] b, int[] list)
    {
        using var file = new FileStream("x", FileMode.Open);
        using (var other = Other()) { other.Go(); }
        fixed (byte* p = b, q = &b[1])
        {
            *p = 1;
            *(int*)p = *q++;
            *p++=2;
            p->X.Y(3);
        }
        try { await F(b).ConfigureAwait(false); }
        catch (IOException e) when (e.HResult == 5) { throw; }
        finally { GC.KeepAlive(b); }
        lock (this) foreach (var (x, y) in list) { yield return x; }
        var n = list switch { [1, .. var rest] => 1, { Length: > 2 } l => 2, null => 3, _ => throw new E() };
        Span<byte> s = stackalloc byte[n > 0 ? n : 4];
        Action<int> cb = static (z) => Use(z);
        int Local(in int v) => v is int and not 3 ? v : default;
        if (b is [] or null) goto end; else this?.handle?.Dispose();
        this?.Size = 4;
        int[] all = [1, 2, .. list];
        var o = new O { A = 1, B = { 2 }, ["k"] = 3 } with { A = 2 };
        for (int i = 0, j = 1; i < n; i++, j--) continue;
        do { checked { n += (int)1L << 2; } } while (n != 0 && !done);
        switch (n) { case 1: case > 5 when ok: break; default: return $"a{n:x}"; }
    end:
        unsafe { (*p).X = (T*)null; }
        return ref s[^1] ?? @"v" + """r""";
    }
}
