HANDLE open_it(const char *name)
{
#ifdef _WIN32
    return CreateFileA(name);
#else
    return open(name, 0);
#endif
}

#ifdef USE_EVENT
static void wait_it(HANDLE h) { WaitForSingleObject(h, INFINITE); }
#else
static void wait_it(HANDLE h) { Sleep(10); }
#endif

void common(void)
{
    wait_it(0);
}

struct both {
#ifdef _WIN32
    HANDLE h;
#else
    int fd;
#endif
    int tail;
};

int braces(int x)
{
#if FEATURE
    if (x) {
#else
    while (x) {
#endif
        x = use(x);
    }
    return x;
}
