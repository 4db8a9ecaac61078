static class Ext
{
    extension(string s)
    {
        public int Twice() => s.Length * 2;
        public bool Empty => s == "";
    }
    public static void operator +=(C a, int b) { }
    static void Slices(int[] xs)
    {
        if (xs is [var a, .. var rest, 5]) Use(a, rest);
        TryParse d = (text, out result) => Parse(text, out result);
        object async = 1;
        Use(async);
    }
}
