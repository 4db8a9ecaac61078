int finally_all(HANDLE h, int n)
{
    int result = 0;
    __try {
        OVERLAPPED ov = {0};
        if (n == 0)
            __leave;
        if (n == 1)
            return 7;
        start(h, &ov);
    }
    __finally {
        CloseHandle(h);
    }
    result = 1;
    return result;
}

int except_plain(char *p)
{
    int v = 0;
    __try {
        v = *p;
        if (v == 2)
            __leave;
        use(v);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        v = -1;
    }
    return v;
}

int except_filter(char *p)
{
    __try {
        touch(p);
    } __except (filter(GetExceptionCode())) {
        return 1;
    }
    return 0;
}

void nested(HANDLE a, HANDLE b)
{
    while (more()) {
        __try {
            __try {
                if (!work(a))
                    break;
                if (!work(b))
                    goto out;
                if (work(0))
                    continue;
            }
            __finally {
                CloseHandle(b);
            }
            between();
        }
        __finally {
            CloseHandle(a);
        }
    }
    normal();
out:
    end();
}

NTSTATUS without_underscores(PVOID p)
{
    NTSTATUS status = 0;
    try {
        Probe(p);
        if (!p)
            return 5;
    } finally {
        Release(p);
    }
try { Probe(p); } except(EXCEPTION_EXECUTE_HANDLER) { status = 1; }
    return status;
}
