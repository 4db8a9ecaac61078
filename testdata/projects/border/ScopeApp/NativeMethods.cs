using System;
using System.Runtime.InteropServices;

namespace ScopeApp;

/// <summary>The C library in ../native, as C# sees it.</summary>
internal static unsafe class NativeMethods
{
    private const string Library = "scope";

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern int scope_attach(IntPtr scope, byte* frame, int size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern void scope_detach(IntPtr scope);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern int scope_read(IntPtr scope, byte[] samples, int count);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, EntryPoint = "scope_read")]
    internal static extern int scope_read_samples(IntPtr scope, short[] samples, int count);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern IntPtr scope_name(IntPtr scope);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern void scope_free(IntPtr block);
}
