int short_circuit(struct dev *d, int n)
{
    if (d && d->open && (n > 0 || d->force))
        return 1;
    if (!(d == NULL || !n))
        return 2;
    return 0;
}

HANDLE assign_in_condition(const char *name)
{
    HANDLE h;
    DWORD err;
    if ((h = CreateFileA(name)) == INVALID_HANDLE_VALUE && (err = GetLastError()) != 0)
        return NULL;
    while ((err = next(h)) != ERROR_SUCCESS)
        log_it(err);
    return h;
}

int values(int a, int b)
{
    int both = a && b;
    int not_either = !(a || b);
    int max = a > b ? a : b;
    int gnu = a ?: b;
    return both + not_either + max + gnu;
}

void effects(int a, struct ctx *c)
{
    a && use(a);
    a || use(1);
    a ? use(2) : use(3);
    (void)use(4), use(5);
    c->count++;
    --c->total;
    c->count += a;
    c->flags |= 4;
    (void)a;
}

int in_condition(int a, int b)
{
    if (a ? b : use(a))
        return 1;
    if ((use(b), a))
        return 2;
    if (a++ < 3)
        return 3;
    if (__builtin_expect(!a, 0))
        return 4;
    if (0)
        return 5;
    if (1)
        return 6;
    return 7;
}

int call_in_argument(int a)
{
    return use(a && use(1), a ? use(2) : 0);
}
