class C
{
    void Capture(int a)
    {
        Action outer = () =>
        {
            int b = a;
            Action inner = () => { a = b; this.Go(); Local(); };
            inner();
        };
        {
            int late = 1;
            Local();
            void Local() { late++; Local(); Other(a); }
        }
        void Other(int x) => a = x;
    }

    void SwitchInLoop(int[] xs)
    {
        foreach (var x in xs)
        {
            switch (x)
            {
                case 0: continue;
                case 1:
                    try { if (x == 1) goto case 2; break; }
                    finally { Done(); }
                case 2:
                    return;
            }
            After(x);
        }
    }

    int AllReturn(object o)
    {
        switch (o)
        {
            case int i when i > 0: return i;
            default: return 0;
        }
    }

    void GotoUsing(int n)
    {
        using var s = Open();
        again:
        if (n == 0) goto end;
        n--;
        if (n == 5) goto again;
        s.Use();
        end:
        s.Close();
    }

    int Throws(string s, bool b)
    {
        var n = b ? s : throw new A();
        if (n is null) throw new B();
        int Len() => throw new E();
        return s switch { "a" => 1, var t => t.Length };
    }

    bool Loops(Stack<int> st)
    {
        while (st.TryPop(out var v) && v is > 0 and < 9) { if (v == 4) return true; }
        for (var e = st.First; e != null; e = e.Next) if (e.Bad) break;
        do if (Try(out int k) || k == 1) continue; while (Again());
        return false;
    }

    void CatchReturn()
    {
        for (;;)
        {
            try { Step(); }
            catch (Exception e) when (Filter(e)) { break; }
            catch (Exception) { continue; }
            Rest();
        }
    }

    void FixedJumps(byte[] a)
    {
        while (Go())
            unsafe
            {
                fixed (byte* p = a)
                    fixed (byte* q = &p[1])
                    {
                        if (Stop()) break;
                        if (Skip()) continue;
                        try { Use(p, q); } finally { Clean(); }
                    }
            }
    }

    async IAsyncEnumerable<int> Stream()
    {
        await using var r = await OpenAsync();
        lock (this) { yield return await r.NextAsync(); }
    }

    object this[int i] => i < 0 ? throw new X() : list[i];

    (int, string) Tuples() { var t = (1, "a"); (var p, (int q, _)) = (t.Item1, Nest()); return (p, null); }
}
