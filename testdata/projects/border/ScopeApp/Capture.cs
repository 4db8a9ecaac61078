using System;

namespace ScopeApp;

/// <summary>Gives the library a frame to fill.</summary>
internal sealed unsafe class Capture
{
    private readonly IntPtr _scope;
    private readonly byte[] _frame = new byte[64 * 1024];
    private readonly byte[] _steady = GC.AllocateArray<byte>(64 * 1024, pinned: true);

    internal Capture(IntPtr scope) => _scope = scope;

    /// <summary>The frame is pinned while this runs, and no longer.</summary>
    internal void Start()
    {
        fixed (byte* frame = _frame)
        {
            Attach(frame, _frame.Length);
        } // from here on the collector may move what the library still fills
    }

    /// <summary>The frame lies on the pinned object heap and stays there.</summary>
    internal void StartPinned()
    {
        fixed (byte* frame = _steady)
        {
            Attach(frame, _steady.Length);
        }
    }

    internal void Stop() => NativeMethods.scope_detach(_scope);

    private void Attach(byte* frame, int size)
    {
        if (NativeMethods.scope_attach(_scope, frame, size) != 0)
            throw new InvalidOperationException("the scope takes no frame");
    }
}
