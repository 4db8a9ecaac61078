struct point { int x, y; };
struct shape { struct point at; int kind; HANDLE h; char name[8]; struct { int in; }; };
typedef char PATH[260];

static HANDLE g_handle = INVALID_HANDLE_VALUE;
static struct point g_points[] = { {1, 2}, {3, 4} };
static BOOL (*g_table[])(int) = { first, second };
struct shape g_shape = { .h = INVALID_HANDLE_VALUE, .at = {1, 2} };

void inits(HANDLE h)
{
    OVERLAPPED a = {0}, b = {};
    OVERLAPPED c = { .hEvent = h, .Offset = 0 };
    struct shape s = { {1, 0}, 2, h, "abc", .in = 5 };
    struct point ps[3] = { [1] = { .y = 7 }, {8, 9} };
    HANDLE hs[] = { h, NULL, make() };
    char text[] = "hello";
    char *p = { 0 };
    WSABUF w = { 4, text };
    SECURITY_ATTRIBUTES sa = { sizeof(sa), NULL, 0 };
    static HANDLE once = NULL;
    static OVERLAPPED keep;
    PATH path;
    int x = 1, *y = &x, z[2];
    struct shape t = { .at.x = 3, .at = { 4 } };
    use(path, keep, once);
    for (;;) {
        struct point q = { x };
        use(&q);
        if (x)
            break;
    }
}
