class C
{
    int F(int a, int b)
    {
        int x = 1, y;
        y = x;
        if (a > 0) { int z = a; x += z; }
        else if (b == 0 || !(a != 2 && b < 3)) x++;
        else return x;
        if (true) y = 2; else y = 3;
        ;
        checked { x--; }
        return y;
    }

    void Loops(int n, int[] list, List<(int, string)> pairs)
    {
        while (n > 0) { n--; if (n == 3) continue; if (n == 2) break; }
        while (true) { if (n == 1) break; n++; }
        do { int k = n; n = k - 1; } while (n > 0);
        for (int i = 0, j = 1; i < n; i++, j--) { list[i] = j; }
        for (;;) { if (n > 9) return; n++; }
    }

    void Each(int[] list, List<(int, string)> pairs)
    {
        foreach (int v in list) Use(v);
        foreach (var (a, b) in pairs) { if (a == 0) continue; Use(b); }
        foreach (ref var r in span) r = 1;
        foreach (this.x in list) { }
    }

    async Task Async(IAsyncEnumerable<int> s)
    {
        await foreach (var v in s) await Use(v);
        var t = await Get().ConfigureAwait(false);
    }

    IEnumerable<int> Iter(int n)
    {
        yield return n;
        if (n == 0) yield break;
        yield return n + 1;
    }

    int Switch(int k, object o)
    {
        switch (k)
        {
            case 1:
            case 2: k = 5; break;
            case 3: { int q = k; goto case 1; }
            case A.B: return 1;
            default: k = 0; goto default2;
            case 7: goto default;
        }
        default2:
        switch (o)
        {
            case null: return 0;
            case string s when s.Length > 3: return s.Length;
            case string s: Use(s); break;
            case int and (> 3 or < 1): throw new E();
        }
        return k;
    }

    void Jumps(int n)
    {
        again:
        if (n > 0) { int z = n; n = z - 1; goto again; }
        if (n == -1) goto done;
        Use(n);
        done: return;
        Use(1);
    }

    void Endless() { while (true) { } }
    void DoOnce(int n) { do { n++; if (n > 3) break; } while (false); Use(n); }

    void Locals()
    {
        int c = 2;
        Add(1);
        return;
        int Add(int d) { c += d; return Twice(c); }
        static int Twice(int e) => e * 2;
    }

    bool Lambdas(int k)
    {
        Func<int, int> f = x => x + k;
        Action g = () => { k++; this.field2 = k; };
        var h = async delegate (string s) { await Use(s); };
        Run((ref int p, out int q) => { p = 1; q = p; });
        f(3);
        g.Invoke();
        return list.Any(v => v > k && v < 9);
    }
}
