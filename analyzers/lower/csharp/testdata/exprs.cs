unsafe class C
{
    string name;
    void Assign(int a, int[] arr, S s, C other)
    {
        int b = a = 3;
        a += 2; a <<= 1; b = a++ + --a;
        arr[a] = b; arr[^1] = 2; other.name = "x"; this.name = "y"; name = null;
        s.Inner.Value = 1;
        name ??= "d";
        string t = name ?? "e";
        string u = name ?? throw new E();
        other.Changed += OnChanged;
        A.B.C = D.E;
        base.Name = "z";
        global::N.T<int>.Static = 4;
        var slice = arr[1..^2];
        (a, b) = (b, a);
        var (m, n) = Pair();
        (int q, var w) = (1, 2);
        (s.A, _) = Pair();
        _ = Get();
        long l = 0xFFFF_FFFFu; char c = '\x41'; double d = 1.5; bool no = false; int neg = -5;
    }

    bool Logic(int a, string s, object o)
    {
        bool x = a > 1 && s != null;
        bool y = !x || a == 2;
        bool z = !(o is string);
        int k = a > 0 ? 1 : 2;
        int r = a switch { 1 => 10, 2 or 3 => 20, > 9 when x => 30, _ => throw new E() };
        if (o is string t && t.Length > 0) Use(t);
        if (o is not null) Use(o);
        if (o is { Length: > 3, Inner.Name: "q" } named) Use(named);
        if (o is Point(var px, 2) or [1, .., var last]) Use(px);
        if (!(o is int i)) return false;
        return x ? y : i is 3 or 4;
    }

    void NullCond(C a)
    {
        a?.Run(1);
        var v = a?.Next?.Name.Length;
        var e = a?.List[0];
        var f = a?[3];
        a?.Next.Go()?.Stop();
        a?.name = "n";
        field1?.Dispose();
    }

    void Calls(C c, int x, out int r, ref S s, Func<int, int> d, delegate*<int, void> fp)
    {
        Plain(x, y: 2);
        A.B.Static<int>(x);
        c.Method(c.name, out int o, ref s, in x);
        Out(out var v, out _, out r);
        this.Own(); base.Own(); name.Trim().ToUpper();
        d(1); fp(x); (c ?? this).Method(1);
        table[x](2);
        new C(1) { name = "n", Inner = { V = 2 }, [3] = 4 }.Go();
        List<int> list = new() { 1, 2, };
        var dict = new Dictionary<string, int> { { "a", 1 }, ["b"] = 2 };
        string.Format("{0}", x);
        int.Parse(name);
        nameof(c.name).ToString();
        F(typeof(S), sizeof(S), default(S), default, $"a{x}{c.name:X2}");
        r = x;
        ref int rr = ref s.F;
        rr = 5;
        rr = ref s.G;
        Use(rr, ref rr);
    }

    void Make(int n, int[] old)
    {
        byte[] a = new byte[n];
        int[] b = { 1, 2 };
        var c = new[] { n, 2 };
        var d = new byte[2][];
        var e = new int[2, n];
        byte* p = stackalloc byte[n];
        Span<int> q = stackalloc[] { 1, 2 };
        Span<byte> r = n < 9 ? stackalloc byte[4] : new byte[n];
        int[] s = [1, .. old, n];
        var t = new { A = n, old, name.Length };
        var u = (n, Name: name);
        var w = u with { n = 3 };
        var v = (byte)n; var x = t as object; var y = (IntPtr)(void*)p;
        Func<C> mk = () => new(2);
    }

    void Pointers(int* p, S* s, byte** pp, void* v)
    {
        *p = 1; int a = *p; p[2] = a; s->X = 3; s->Inner.Y = *(int*)v;
        *(int*)v = 4; *(p + 1) = 5; *p++ = 6; **pp = 7; p = &a; Use(&s->X, *s); s->Call(1);
        (*s).X = 8; *&a = 9; byte b = *pp[1]; --*p;
    }

    void Query(int[] xs)
    {
        var r = from x in xs where x > 1 let y = x * 2 join z in other on y equals z orderby z select x + y;
    }

    void Joined(nint h, object o)
    {
        if (h is not 0 and not -1) Use(h);
        if (h is not 0 or 1 and not 2) Use(h);
        if (h is not (0 or 1)) Use(h);
        if (o is not null and S s) Use(s);
    }

    unsafe void ByReference(nint* at, nint h)
    {
        At(at) = h;
        System.Runtime.CompilerServices.Unsafe.AsRef<nint>(at) = h;
    }
}
