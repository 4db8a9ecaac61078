enum { SIZE = 4 };

void casts(HANDLE h, void *q, int n)
{
    OVERLAPPED ov, *po = (LPOVERLAPPED)&ov;
    take((LPVOID)&ov);
    take((LPVOID)&ov.Internal);
    take((PVOID)*q);
    take((HANDLE)-1, (HANDLE)(LONG_PTR)-1);
    take((LPVOID)(ULONG_PTR)&ov, (void *)(ULONG_PTR)&ov);
    if (q == (LPVOID)&ov || h != (HANDLE)-1)
        take(n);
    take((n) - 1, (n) & 3, (SIZE) - 1, (SIZE)-1, (MASK) & 3);
    take((LPVOID) & ov, (PHANDLE) & h, (size_t) & n, (MASK) & n, (PERMITTED) & n);
    take((HANDLE)(q), (n)(1), (take)(2));
    take(sizeof(n) - 1, (DWORD)sizeof(n));
}
