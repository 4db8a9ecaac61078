#include <windows.h>
#define LIMIT 4

typedef struct _REQ { OVERLAPPED ov; char *buf; unsigned flags : 3; union { int a; long b; } u; } REQ, *PREQ;
typedef VOID (CALLBACK *DONE)(DWORD code, LPOVERLAPPED ov);
enum kind { A = 1, B, C };
static const int table[LIMIT] = { [0] = 1, 2, };
extern int g;

_Success_(return != FALSE)
BOOL WINAPI Start(_In_ HANDLE h, _Out_writes_bytes_(n) void *p, DWORD n, PREQ r)
{
    DWORD got = 0, *q = &got;
    REQ local = { .buf = p, .flags = 1 };
    __try {
        if (!ReadFile(h, p, n, &got, &r->ov) && GetLastError() != ERROR_IO_PENDING)
            goto fail;
        else
            __leave;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return FALSE;
    }
    for (int i = 0; i < LIMIT; i++, q++) {
        switch (table[i]) {
        case A:
            *q = (DWORD)i;
        case B:
            break;
        default:
            continue;
        }
    }
    do { got = got ? got - 1 : sizeof(REQ) + sizeof got; } while (got > 0);
    FOREACH(r, list) { (*r->u.cb)(1, "a" "b", L'x'); }
    free((void *)r->buf), r = NULL;
    return TRUE;
fail:
    CloseHandle(h);
    return FALSE;
}
