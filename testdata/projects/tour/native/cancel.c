#include "devio.h"

#include <stdlib.h>

/* Reads into the request until the reader is told to stop. */
void dev_watch(device *dev, request *req)
{
    if (!ReadFile(dev->file, req->frame, sizeof req->frame, NULL, &req->ov) && GetLastError() != ERROR_IO_PENDING) {
        free(req);
        return;
    }
    WaitForSingleObject(dev->stop, INFINITE);
    CancelIoEx(dev->file, &req->ov);
    free(req); /* a cancelled read is not a finished read */
}

void dev_watch_drained(device *dev, request *req)
{
    DWORD got;

    if (!ReadFile(dev->file, req->frame, sizeof req->frame, NULL, &req->ov) && GetLastError() != ERROR_IO_PENDING) {
        free(req);
        return;
    }
    WaitForSingleObject(dev->stop, INFINITE);
    CancelIoEx(dev->file, &req->ov);
    GetOverlappedResult(dev->file, &req->ov, &got, TRUE);
    free(req);
}

/* Writes the request's frame. */
BOOL dev_write(device *dev, request *req)
{
    DWORD done;
    BOOL ok;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    if (event == NULL)
        return FALSE;
    ZeroMemory(&req->ov, sizeof req->ov);
    req->ov.hEvent = event;
    ok = WriteFile(dev->file, req->frame, req->size, NULL, &req->ov);
    if (!ok && GetLastError() != ERROR_IO_PENDING) {
        CloseHandle(event);
        return FALSE;
    }
    CloseHandle(event); /* the write will signal whatever has this handle by then */
    return GetOverlappedResult(dev->file, &req->ov, &done, TRUE) && done == req->size;
}

BOOL dev_write_waited(device *dev, request *req)
{
    DWORD done = 0;
    BOOL ok;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    if (event == NULL)
        return FALSE;
    ZeroMemory(&req->ov, sizeof req->ov);
    req->ov.hEvent = event;
    ok = WriteFile(dev->file, req->frame, req->size, NULL, &req->ov);
    if (!ok && GetLastError() != ERROR_IO_PENDING) {
        CloseHandle(event);
        return FALSE;
    }
    ok = GetOverlappedResult(dev->file, &req->ov, &done, TRUE);
    CloseHandle(event);
    return ok && done == req->size;
}
