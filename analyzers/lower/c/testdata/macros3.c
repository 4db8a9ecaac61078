#define WHEN_READY if (ready)
#define TWICE for (int k = 0; k < 2; k++)
#define SAVE saved = errno;

// A name on a line of its own is a macro, not the type of what is set on the next line.
int alone(struct dev *p, HANDLE *out, HANDLE *list, int i)
{
    HANDLE h;
    int saved;
    BEGIN_UNLOCKED
    h = open_it(p, 1);
    END_UNLOCKED
    Lib_BEGIN /* why */
        h = open_it(p, 2);
    Lib_END
    BEGIN_UNLOCKED
    p->h = open_it(p, 3);
    END_UNLOCKED
    BEGIN_UNLOCKED
    *out = open_it(p, 4);
    END_UNLOCKED
    BEGIN_UNLOCKED
    list[i] = open_it(p, 5);
    END_UNLOCKED
    BEGIN_UNLOCKED
    shared = open_it(p, 6);
    END_UNLOCKED
    BEGIN_UNLOCKED
    i += 7;
    END_UNLOCKED;
    SAVE
    i = 8;
    WHEN_READY
        i = 9;
    TWICE
        i++;
    Lib_LEAVE
    return use(h);
}

// These are declarations.
int types(void)
{
    DWORD
    n = 1;
    PLACE_OF_WORK
        work = start();
    struct item
        first = {2};
    ITEM
    items[] = {3};
    HANDLE h = 0, *
        p = 0;
    static NUMBER
    m = 4;
    return n + m;
}
