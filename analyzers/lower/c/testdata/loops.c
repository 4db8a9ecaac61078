void plain(int n)
{
    while (n > 0) {
        HANDLE h = make(n);
        if (!h)
            break;
        if (h == skip_me)
            continue;
        drop(h);
        n--;
    }
    after();
}

int once(void)
{
    int err = 0;
    do {
        if (!step(1))
            break;
        if (!step(2))
            continue;
        err = 1;
    } while (0);
    return err;
}

void forever(void)
{
    for (;;) {
        if (stop())
            return;
    }
}

int while_true(int x)
{
    while (TRUE) {
        x = next(x);
        if (x == 3)
            break;
    }
    return x;
}

void never_ends(void)
{
    while (1)
        spin();
    unreachable_call();
}

void counting(int n)
{
    int total = 0;
    for (int i = 0, j = n; i < j; i++, j--) {
        if (i == 3)
            continue;
        for (int k = 0; k < 4; ++k)
            if (k == i)
                break;
        total += i;
    }
    use(total);
}

void until(int n)
{
    do
        n = next(n);
    while (n != 0 && n != 7);
}
