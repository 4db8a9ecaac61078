using System;
using System.Runtime.InteropServices;

namespace ScopeApp;

/// <summary>Asks the library for texts, which it allocates.</summary>
internal static class Names
{
    /// <summary>FreeHGlobal frees blocks of another heap.</summary>
    internal static string? Describe(IntPtr scope)
    {
        IntPtr name = NativeMethods.scope_name(scope);
        string? text = Marshal.PtrToStringAnsi(name);
        Marshal.FreeHGlobal(name);
        return text;
    }

    internal static string? DescribeFreed(IntPtr scope)
    {
        IntPtr name = NativeMethods.scope_name(scope);
        string? text = Marshal.PtrToStringAnsi(name);
        NativeMethods.scope_free(name);
        return text;
    }
}
