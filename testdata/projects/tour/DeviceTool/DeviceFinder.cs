using System;
using Microsoft.Win32.SafeHandles;

namespace DeviceTool;

/// <summary>Finds out what is there.</summary>
internal static unsafe class DeviceFinder
{
    internal static bool Probe(string path)
    {
        IntPtr device = NativeMethods.CreateFileW(
            path, NativeMethods.GenericRead, 0, IntPtr.Zero, NativeMethods.OpenExisting, NativeMethods.FileFlagOverlapped, IntPtr.Zero);
        if (device == IntPtr.Zero) // a failed CreateFileW gives -1
            return false;

        Console.WriteLine($"{path} answers");
        return true; // and nobody closes the device
    }

    internal static SafeFileHandle? ProbeChecked(string path)
    {
        IntPtr device = NativeMethods.CreateFileW(
            path, NativeMethods.GenericRead, 0, IntPtr.Zero, NativeMethods.OpenExisting, NativeMethods.FileFlagOverlapped, IntPtr.Zero);
        if (device == NativeMethods.InvalidHandle)
            return null;

        return new SafeFileHandle(device, ownsHandle: true);
    }

    internal static int CountLogs(string folder)
    {
        byte* data = stackalloc byte[592];
        IntPtr search = NativeMethods.FindFirstFileW(folder + @"\*.log", data);
        if (search == NativeMethods.InvalidHandle)
            return 0;

        int count = 1;
        while (NativeMethods.FindNextFileW(search, data))
            count++;

        NativeMethods.CloseHandle(search); // a search is no kernel handle
        return count;
    }

    internal static int CountLogsProperly(string folder)
    {
        byte* data = stackalloc byte[592];
        IntPtr search = NativeMethods.FindFirstFileW(folder + @"\*.log", data);
        if (search == NativeMethods.InvalidHandle)
            return 0;

        try
        {
            int count = 1;
            while (NativeMethods.FindNextFileW(search, data))
                count++;
            return count;
        }
        finally
        {
            NativeMethods.FindClose(search);
        }
    }
}
