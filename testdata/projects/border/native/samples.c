#include <string.h>

#include "scope.h"

static void copy(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

int scope_read(struct scope *s, int16_t *samples, int count)
{
    copy(samples, s->latest, count * sizeof(int16_t));
    return count;
}
