#include "devio.h"

#define READ_TIMEOUT 500

/* Reads a frame, but not for longer than half a second. */
BOOL dev_read(device *dev, void *frame, DWORD size, DWORD *got)
{
    OVERLAPPED ov = {0};
    BOOL ok = FALSE;

    ov.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (ov.hEvent == NULL)
        return FALSE;

    if (ReadFile(dev->file, frame, size, NULL, &ov)) {
        ok = GetOverlappedResult(dev->file, &ov, got, TRUE);
    } else if (GetLastError() == ERROR_IO_PENDING) {
        if (WaitForSingleObject(ov.hEvent, READ_TIMEOUT) == WAIT_TIMEOUT)
            return FALSE; /* the read goes on and writes to this stack frame */
        ok = GetOverlappedResult(dev->file, &ov, got, TRUE);
    }
    CloseHandle(ov.hEvent);
    return ok;
}

BOOL dev_read_drained(device *dev, void *frame, DWORD size, DWORD *got)
{
    OVERLAPPED ov = {0};
    BOOL ok = FALSE;

    ov.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (ov.hEvent == NULL)
        return FALSE;

    if (ReadFile(dev->file, frame, size, NULL, &ov)) {
        ok = GetOverlappedResult(dev->file, &ov, got, TRUE);
    } else if (GetLastError() == ERROR_IO_PENDING) {
        if (WaitForSingleObject(ov.hEvent, READ_TIMEOUT) == WAIT_TIMEOUT)
            CancelIoEx(dev->file, &ov);
        ok = GetOverlappedResult(dev->file, &ov, got, TRUE);
    }
    CloseHandle(ov.hEvent);
    return ok;
}
