#ifndef SCOPE_H
#define SCOPE_H

#include <stddef.h>
#include <stdint.h>

#define SCOPE_CHANNELS 4

struct scope {
    uint8_t *frame; /* filled whenever samples come in */
    int frame_size;
    int16_t latest[4096];
    int64_t position;
    int32_t trigger_level;
    char name[32];
};

/* The frame belongs to the caller, and is filled until scope_detach. */
int scope_attach(struct scope *s, uint8_t *frame, int size);
void scope_detach(struct scope *s);

/* count is a number of samples. */
int scope_read(struct scope *s, int16_t *samples, int count);

struct trigger {
    uint8_t channel;
    int32_t level;
    double holdoff;
};

void scope_trigger(struct scope *s, const struct trigger *trigger);
void scope_seek(struct scope *s, int64_t position);

/* The text is to be freed by scope_free. */
char *scope_name(struct scope *s);
void scope_free(void *block);

#endif
