using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sonde;

internal static class Several
{
    [DllImport("kernel32.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern IntPtr CreateFileW(string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [DllImport("kernel32.dll", CharSet = CharSet.Unicode)]
    private static extern bool DeleteFileW(string name);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool CloseHandle(IntPtr handle);

    internal static bool Exists(string name)
    {
        IntPtr file = CreateFileW(name, 0, 0, IntPtr.Zero, 3, 0, IntPtr.Zero);
        /* é 😀 */ if (file == IntPtr.Zero) return false;
        CloseHandle(file);
        return true;
    }

    internal static bool Make(string name)
    {
        IntPtr file = CreateFileW(name, 0x40000000, 0, IntPtr.Zero, 1, 0, IntPtr.Zero);
        if (file == IntPtr.Zero) return false; // é 😀
        CloseHandle(file);
        return true;
    }

    internal static void Delete(string name)
    {
        if (!DeleteFileW(name)) throw new Win32Exception(Marshal.GetLastWin32Error());
    }

    internal static void Twice(IntPtr file)
    {
        CloseHandle(file);
        CloseHandle(file);
    }
}
