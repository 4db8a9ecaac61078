#include "devio.h"

#include <string.h>

/* What the C# side calls: copies the frame, so that it may be unpinned afterwards. */
__declspec(dllexport) int __cdecl dev_send(device *dev, const void *frame, int length)
{
    request req;

    if (length < 0 || (size_t)length > sizeof req.frame)
        return -1;
    memcpy(req.frame, frame, (size_t)length);
    req.size = (DWORD)length;
    return dev_write_waited(dev, &req) ? length : 0;
}
