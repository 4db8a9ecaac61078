using System;
var n = args.Length;
using var f = Open(n);
if (n == 0) return 1;
Helper(n);
return 0;
void Helper(int k) { Console.WriteLine(k + n); }
class Other { void M() { } }
