#define CHECK(x, act) if (!(x)) { act; }
#define RETURN_IF_FAILED(hr) if (FAILED(hr)) return hr;
#define SAFE_CLOSE(h) do { if (h) { CloseHandle(h); (h) = NULL; } } while (0)
#define VALID(h) ((h) != INVALID_HANDLE_VALUE)
#define CLOSE(h) CloseHandle(h)
#define TWO(a, b) first(a); second(b)
#define FOREACH(i, n) for (i = 0; i < (n); i++)
#define CLEANUP() CloseHandle(handle)
#define FAIL goto fail
#define CUR (ctx->current)
#define JOIN(a, b) a##b(#a)
#define FIELD(p, f) ((p)->f)
#define LOGF(fmt, ...) log_it(fmt, __VA_ARGS__)
#define RECURSE(x) RECURSE(x + 1)
#define BROKEN(x) { if (x
#define ADDR(x) init(&x)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define WITH_LOCK(l) for (lock(l); held(l); unlock(l))

int jumps(HANDLE h, int n)
{
    CHECK(n > 0, goto fail);
    CHECK(n < 9, return -1)
    RETURN_IF_FAILED(step(n));
    if (n == 5)
        FAIL;
    UNKNOWN_CHECK(n, goto fail);
    return 0;
fail:
    SAFE_CLOSE(h);
    return 1;
}

void by_name(HANDLE h)
{
    CLOSE(h);
    TWO(h, 1);
    if (VALID(h) && LIKELY(h))
        use(VALID(h));
    LOGF("%d %d", 1, 2);
}

void by_text(struct ctx *ctx, int i)
{
    HANDLE handle = make();
    OVERLAPPED ov;
    FOREACH(i, 3)
        use(i);
    FOREACH(i, 4) {
        if (i == 2)
            break;
    }
    CLEANUP();
    CUR = NULL;
    use(CUR->next);
    JOIN(us, e);
    FIELD(ctx, h) = handle;
    ADDR(ov);
    RECURSE(1);
    BROKEN(2);
    WITH_LOCK(ctx)
    {
        use(5);
    }
}

void unknown(int a)
{
    LIST_FOREACH(a, list) { use(a); if (a) break; }
    STATEMENT
    use(1);
    NOSEMI(a)
    use(2);
    BARE;
    UNUSED(a);
    for_each_item(a, x)
        use(3);
}
