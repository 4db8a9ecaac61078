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

    // The position is a 64-bit number in C.
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern void scope_seek(IntPtr scope, int position);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, EntryPoint = "scope_seek")]
    internal static extern void scope_seek_to(IntPtr scope, long position);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    internal static extern void scope_trigger(IntPtr scope, ref Trigger trigger);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, EntryPoint = "scope_trigger")]
    internal static extern void scope_trigger_on(IntPtr scope, ref TriggerSettings trigger);
}
