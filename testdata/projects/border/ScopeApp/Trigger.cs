using System.Runtime.InteropServices;

namespace ScopeApp;

/// <summary>When the scope starts to sample. It is packed here, but not on the C side.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Trigger
{
    internal byte Channel;
    internal int Level;
    internal double Holdoff;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TriggerSettings
{
    internal byte Channel;
    internal int Level;
    internal double Holdoff;
}
