// Blocks of one owner, which can be freed one by one or all at once.
//
// A parse takes a block for every few bytes of text, most of them small and soon given back. Blocks of one size lie
// together, so that taking one is a step in a list, and what is next to it is what was taken next.
#ifndef PINVET_POOL_H
#define PINVET_POOL_H

#include <stddef.h>
#include <stdint.h>

enum {
  POOL_STEP = 16,     // sizes of small blocks are multiples of this
  POOL_CLASSES = 32,  // larger ones than this many steps are the system's
  POOL_SLAB = 32 << 10,
};

typedef struct pv_slab pv_slab;
typedef struct pv_large pv_large;

typedef struct {
  pv_slab *open[POOL_CLASSES]; // of each size those with room
  pv_slab *slabs;              // all
  pv_large *large;
} pv_pool;

void *pv_pool_take(pv_pool *, size_t size); // from no pool: a block of its own; NULL: there is no memory
void *pv_pool_resize(void *block, size_t size); // NULL: there is no memory, and the block is as it was
void pv_pool_give(void *block);
pv_pool *pv_pool_of(void *block); // NULL: it was taken from none
size_t pv_pool_size(void *block); // its room, which may be a little more than was asked for
void pv_pool_drop(pv_pool *); // gives back all blocks

#endif
