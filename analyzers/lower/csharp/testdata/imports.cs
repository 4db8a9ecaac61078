namespace N;

static unsafe partial class Native
{
    const string Kernel = "kernel32.dll";
    static readonly string Lib2 = "other";

    [DllImport(Kernel, SetLastError = true, CharSet = CharSet.Unicode, EntryPoint = "ReadFileW", ExactSpelling = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static extern bool ReadFile(SafeFileHandle h, [Out] byte[] buffer, int n, out int read, NativeOverlapped* o);

    [DllImport("user32.dll", PreserveSig = false, CallingConvention = System.Runtime.InteropServices.CallingConvention.Cdecl)]
    public static extern void Plain(in RECT r, ref global::System.Int32 x);

    [LibraryImport(Native.Kernel, StringMarshalling = StringMarshalling.Utf16)]
    [UnmanagedCallConv(CallConvs = new[] { typeof(CallConvStdcall) })]
    private static partial IntPtr CreateFile(string name, delegate* unmanaged[Cdecl]<int, void*, void> cb);

    [MethodImpl(MethodImplOptions.InternalCall)]
    private extern void Internal();

    [SuppressMessage("Category", "PIN101")]
    void Outside()
    {
        // pinvet:ignore PIN101 because
        #pragma warning disable 649
        Beep(1);
        [DllImport("kernel32")] static extern bool Beep(int f);
    }
#if NET
    [DllImport("a")] static extern void Both(int a);
#else
    [DllImport("b")] static extern void Both(long a);
#endif
    void Uses()
    {
#if NET
        Both(1);
#else
        Both(2L);
#endif
    }
    void Same() { }
}
