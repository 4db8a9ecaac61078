typedef struct _CTX {
    OVERLAPPED ov;
    char buf[64];
    HANDLE h[4];
    struct _CTX *next;
    struct { int x; char tail[8]; } in;
    BOOL (WINAPI *cancel)(HANDLE, LPOVERLAPPED);
} CTX, *PCTX;

static char global_buf[128];
static BOOL (*global_fn)(int);
extern HANDLE global_handle;

void arrays(CTX *c, PCTX p, CTX v, char q[16])
{
    char local[32], grid[2][8];
    char *cp = local;
    take(local);
    take(&local);
    take(&local[0]);
    take(local + 4);
    take(local[3]);
    take(grid[1]);
    take(grid[1][2]);
    take(c->buf);
    take(p->next->buf);
    take(v.buf);
    take(&v.ov);
    take(&c->ov);
    take(c->h[1]);
    take(p->in.tail);
    take(q);
    take(&q);
    take(global_buf);
    take(unknown->buf);
    take(*cp);
    take(&*cp);
    take(*c->h);
}

void calls(CTX *c, BOOL (*fn)(int), struct ops *ops)
{
    BOOL (WINAPI *loaded)(HANDLE, LPOVERLAPPED);
    fn(1);
    (*fn)(2);
    c->cancel(c->h[0], &c->ov);
    ops->table[2].run(3);
    global_fn(4);
    get_fn()(5);
    loaded = (void *)GetProcAddress(global_handle, "CancelIoEx");
    loaded(0, 0);
    callback(arrays, &arrays);
    get()->field = 6;
    get_struct().member = 7;
}

void casts(void *p, int a, int b)
{
    HANDLE h = (HANDLE)(LONG_PTR)-1;
    DWORD_PTR d = (DWORD_PTR)p + sizeof(OVERLAPPED);
    int x = (a) - b + (a) & b;
    int y = (int)(b);
    HANDLE z = (HANDLE)(p);
    ((CTX *)p)->h[0] = h;
    *(DWORD *)p = sizeof *p + sizeof(a) + sizeof a + sizeof(struct _CTX);
    x = offsetof(CTX, buf) + _Alignof(int);
    *((char *)p + 3) = 'x';
}

void literals(void)
{
    use(10u, 0x1F, 017, 0xFFFFFFFFFFFFFFFFull, 1.5, 'a', '\n', L'\x41', "a" "b", L"wide", NULL, TRUE, false);
    use((OVERLAPPED){0}, &(CTX){ .h = { 0, make() } }, (int[]){1, 2});
}

int odd(int a)
{
    int v = ({ int t = a; t + 1; });
    int g = _Generic(a, char *: use(1), int: use(2), default: use(3));
    __asm__ volatile("nop" : "=r"(a) : "r"(v));
    return v, g;
}

void order(int *p, int i)
{
    *p++ = i++;
    p[i] = p[i + 1] = 0;
    p->a.b->c[i].d = *p->q;
}
