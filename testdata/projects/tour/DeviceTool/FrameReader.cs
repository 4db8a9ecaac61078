using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace DeviceTool;

/// <summary>Reads frames from a device that was opened for overlapped I/O.</summary>
internal sealed unsafe class FrameReader
{
    private readonly SafeFileHandle _device;

    internal FrameReader(SafeFileHandle device) => _device = device;

    /// <summary>Starts a read; <paramref name="done"/> is signalled when the frame is there.</summary>
    internal NativeOverlapped* Start(byte[] frame, IntPtr done)
    {
        var overlapped = (NativeOverlapped*)Marshal.AllocHGlobal(sizeof(NativeOverlapped));
        *overlapped = default;
        overlapped->EventHandle = done;
        fixed (byte* p = frame)
        {
            if (!NativeMethods.ReadFile(_device, p, (uint)frame.Length, null, overlapped))
            {
                int error = Marshal.GetLastWin32Error();
                if (error != NativeMethods.ErrorIoPending)
                {
                    Marshal.FreeHGlobal((IntPtr)overlapped);
                    throw new Win32Exception(error);
                }
            }
        }
        // From here on the array may move, and the device still writes to where it was.
        return overlapped;
    }

    /// <summary>Reads one frame and returns when it is there.</summary>
    internal int ReadAndWait(byte[] frame, NativeOverlapped* overlapped)
    {
        fixed (byte* p = frame)
        {
            if (!NativeMethods.ReadFile(_device, p, (uint)frame.Length, null, overlapped))
            {
                int error = Marshal.GetLastWin32Error();
                if (error != NativeMethods.ErrorIoPending)
                    throw new Win32Exception(error);
            }

            NativeMethods.GetOverlappedResult(_device, overlapped, out uint read, wait: true);
            return (int)read;
        }
    }
}
