#ifndef DEVIO_H
#define DEVIO_H

#include <windows.h>

typedef struct device {
    HANDLE file; /* opened with FILE_FLAG_OVERLAPPED */
    HANDLE stop; /* set when the reader is to end */
} device;

typedef struct request {
    OVERLAPPED ov;
    DWORD size;
    BYTE frame[4096];
} request;

BOOL dev_open(device *dev, const wchar_t *path);
BOOL dev_open_checked(device *dev, const wchar_t *path);
void dev_close(device *dev);

BOOL dev_read(device *dev, void *frame, DWORD size, DWORD *got);
BOOL dev_read_drained(device *dev, void *frame, DWORD size, DWORD *got);

void dev_watch(device *dev, request *req);
void dev_watch_drained(device *dev, request *req);
BOOL dev_write(device *dev, request *req);
BOOL dev_write_waited(device *dev, request *req);

__declspec(dllexport) int __cdecl dev_send(device *dev, const void *frame, int length);

#endif
