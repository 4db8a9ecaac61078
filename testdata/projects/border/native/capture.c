#include "scope.h"

static void attach(struct scope *s, uint8_t *frame, int size)
{
    s->frame_size = size;
    s->frame = frame;
}

int scope_attach(struct scope *s, uint8_t *frame, int size)
{
    if (frame == NULL || size < SCOPE_CHANNELS)
        return -1;
    attach(s, frame, size);
    return 0;
}

void scope_detach(struct scope *s)
{
    s->frame = NULL;
}

/* Called by the driver, on a thread of its own. */
void scope_feed(struct scope *s, int channel, uint8_t value)
{
    if (s->frame != NULL)
        s->frame[channel % SCOPE_CHANNELS] = value;
}
