int open_both(const char *a, const char *b)
{
    HANDLE first = INVALID_HANDLE_VALUE, second = NULL;
    int ok = 0;

    first = CreateFileA(a);
    if (first == INVALID_HANDLE_VALUE)
        goto cleanup;
    {
        OVERLAPPED ov = {0};
        if (!ReadFile(first, 0, 0, 0, &ov))
            goto cleanup;
    }
    if ((second = CreateFileA(b)) == NULL)
        goto close_first;
    ok = 1;
    CloseHandle(second);
close_first:
    CloseHandle(first);
cleanup:
    return ok;
}

int retry(void)
{
    int n = 0;
again:
    {
        char buf[16];
        if (read_some(buf) < 0) {
            n++;
            goto again;
        }
    }
    return n;
}

void into_block(int x)
{
    for (int i = 0; i < x; i++) {
        HANDLE h = make(i);
        if (!h)
            goto inner;
        drop(h);
    }
    if (x) {
        int y = 0;
inner:
        y = 1;
        use(y);
    }
}

void skip(int x)
{
    for (;;) {
        HANDLE h = make(x);
        if (!h)
            goto next;
        drop(h);
next:
        x--;
        if (x < 0)
            return;
    }
}

void dead_label(void)
{
    return;
unused:
    never();
}
