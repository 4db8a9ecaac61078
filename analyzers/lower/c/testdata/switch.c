int fall(int x)
{
    int r = 0;
    switch (next(x)) {
    case 1:
        r = 1;
    case 2:
        r += 2;
        break;
    default:
        r = 9;
    case WAIT_OBJECT_0:
        done();
        return r;
    case WAIT_TIMEOUT:
    case WAIT_FAILED: {
        HANDLE h = make(x);
        if (h)
            break;
        r = 5;
        break;
    }
    }
    return r;
}

int all_return(int x)
{
    switch (x) {
    case 'a':
        return 1;
    case 1 ... 5:
        return 2;
    default:
        return 3;
    }
}

void in_loop(int x)
{
    while (x) {
        int y;
        switch (x) {
        case 1:
            continue;
        case 2:
            switch (y = next(x)) {
            case 3:
                break;
            }
            inner();
            break;
        }
        x--;
    }
}

void duff(int n)
{
    switch (n % 2) {
        int hidden;
    case 0:
        do {
            step();
    case 1:
            hidden = step();
            use(hidden);
        } while (--n > 0);
    }
}

void no_case(int x)
{
    switch (x) {
        never();
    }
    after();
}
