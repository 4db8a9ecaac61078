using System;
using System.IO;
using System.Runtime.InteropServices;

namespace DeviceTool;

/// <summary>Hands frames to the C library.</summary>
internal static class FrameSender
{
    internal static void Send(IntPtr device, byte[] frame)
    {
        GCHandle pin = GCHandle.Alloc(frame, GCHandleType.Pinned);
        int sent = NativeMethods.dev_send(device, pin.AddrOfPinnedObject(), frame.Length);
        if (sent < frame.Length)
            return; // the frame stays pinned for ever

        pin.Free();
    }

    internal static void SendGuarded(IntPtr device, byte[] frame)
    {
        GCHandle pin = GCHandle.Alloc(frame, GCHandleType.Pinned);
        try
        {
            int sent = NativeMethods.dev_send(device, pin.AddrOfPinnedObject(), frame.Length);
            if (sent < frame.Length)
                throw new IOException($"{sent} of {frame.Length} bytes were sent");
        }
        finally
        {
            pin.Free();
        }
    }
}
