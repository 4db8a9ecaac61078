int half(int a)
{
    use(a;
    if (a) {
        HANDLE h = make(;
        drop(h);
    }
    return a;
}

int fine(int a)
{
    return use(a);
}

int weird(int a)
{
    a = @ 3;
    break;
    continue;
    case 4: use(a);
    __leave;
    a + ;
    goto nowhere;
    return a;
}

void labels(void)
{
again:
    use(1);
again:
    use(2);
    goto again;
}

int unclosed(int a)
{
    if (a) {
        use(a);
    return a;
}
