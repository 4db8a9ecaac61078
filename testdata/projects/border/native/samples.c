#include <string.h>

#include "scope.h"

static void copy(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

void scope_seek(struct scope *s, int64_t position)
{
    s->position = position;
}

void scope_trigger(struct scope *s, const struct trigger *trigger)
{
    s->trigger_level = trigger->level;
}

int scope_read(struct scope *s, int16_t *samples, int count)
{
    copy(samples, s->latest, count * sizeof(int16_t));
    return count;
}
