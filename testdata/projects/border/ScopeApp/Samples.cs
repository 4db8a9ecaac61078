using System;

namespace ScopeApp;

/// <summary>Reads what the library sampled.</summary>
internal static class Samples
{
    /// <summary>Says how many bytes there are, but the library counts samples of two bytes.</summary>
    internal static byte[] ReadBytes(IntPtr scope)
    {
        var samples = new byte[4096];
        NativeMethods.scope_read(scope, samples, samples.Length);
        return samples;
    }

    internal static short[] ReadSamples(IntPtr scope)
    {
        var samples = new short[2048];
        NativeMethods.scope_read_samples(scope, samples, samples.Length);
        return samples;
    }
}
