#include <stdlib.h>
#include <string.h>

#include "scope.h"

char *scope_name(struct scope *s)
{
    size_t size = strlen(s->name) + 1;
    char *name = malloc(size);
    if (name != NULL)
        memcpy(name, s->name, size);
    return name;
}

void scope_free(void *block)
{
    free(block);
}
