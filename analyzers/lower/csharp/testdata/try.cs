unsafe class C
{
    void Plain()
    {
        try { A(); }
        catch (IOException e) when (e.HResult == 1) { B(e); }
        catch (E) { throw; }
    }

    int All()
    {
        try { return A(); }
        catch { return 2; }
        finally { B(); }
    }

    void Nested(int n)
    {
        while (n > 0)
        {
            try
            {
                try { if (n == 1) break; if (n == 2) continue; A(); }
                finally { int k = n; B(k); }
            }
            catch (Exception ex) { Log(ex); return; }
            n--;
        }
    }

    void Using(string p)
    {
        using (var s = Open(p)) { s.Read(); }
        using (A(p)) B();
        using var a = Open(p);
        if (p == null) return;
        using Stream b = Open(p), c = Open(p);
        b.Read();
    }

    async Task AwaitUsing()
    {
        await using var x = Make();
        x.Go();
    }

    void Lock()
    {
        lock (gate) { A(); if (n) return; }
    }

    void Fixed(byte[] data, string text, S s)
    {
        fixed (byte* p = data, q = &data[3])
        {
            *p = 1;
            if (data.Length == 0) return;
        }
        fixed (char* c = text) A(c);
        fixed (void* v = &s.Inner.Field) A(v);
        fixed (int* i = span) { }
    }

    void NoReturnTry()
    {
        try { throw new E(); }
        finally { B(); }
    }

    void InLoop()
    {
        foreach (var f in files)
        {
            using var s = Open(f);
            if (s.Empty) continue;
            s.Read();
        }
    }
}
