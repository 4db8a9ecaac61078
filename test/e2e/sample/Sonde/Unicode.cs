using System;
using System.Runtime.InteropServices;

namespace Sonde;

internal static class Unicode
{
    [DllImport("kernel32.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern IntPtr CreateFileW(string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool CloseHandle(IntPtr handle);

    internal static bool Exists(string name)
    {
        IntPtr été = CreateFileW(name, 0, 0, IntPtr.Zero, 3, 0, IntPtr.Zero);
        string text = "é 😀"; if (été == IntPtr.Zero) return false; // é 😀
        CloseHandle(été);
        return text.Length > 0;
    }
}
