#include "devio.h"

/* Opens the device and the event that ends its reader. */
BOOL dev_open(device *dev, const wchar_t *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;

    HANDLE stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (stop == NULL)
        return FALSE; /* the file stays open */

    dev->file = file;
    dev->stop = stop;
    return TRUE;
}

BOOL dev_open_checked(device *dev, const wchar_t *path)
{
    HANDLE stop = NULL;
    HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;

    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (stop == NULL)
        goto fail;

    dev->file = file;
    dev->stop = stop;
    return TRUE;

fail:
    CloseHandle(file);
    return FALSE;
}

void dev_close(device *dev)
{
    CloseHandle(dev->stop);
    CloseHandle(dev->file);
}
