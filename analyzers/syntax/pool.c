#include "pool.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// head stands in front of each block. Blocks are as aligned as those of malloc.
typedef union {
  pv_slab *slab; // NULL: a large block
  char room[16];
} head;

struct pv_slab {
  pv_pool *pool;
  pv_slab *next, *prev;           // of all
  pv_slab *next_open, *prev_open; // of those with room
  void *free;                     // blocks that were given back, each holds the next
  uint32_t unused, used;          // offset of what was never taken; blocks that are held
  uint32_t class;
  bool is_open;
};

struct pv_large {
  pv_large *next, *prev;
  size_t size;
  pv_pool *pool;
  head head;
};

enum { FIRST = (sizeof(pv_slab) + 15) & ~15 };

static uint32_t stride(uint32_t class) { return (class + 1) * POOL_STEP + (uint32_t)sizeof(head); }

static uint32_t class_of(size_t size) { return size ? (uint32_t)((size - 1) / POOL_STEP) : 0; }

static void open_slab(pv_pool *p, pv_slab *s) {
  s->is_open = true;
  s->prev_open = NULL;
  s->next_open = p->open[s->class];
  if (s->next_open) s->next_open->prev_open = s;
  p->open[s->class] = s;
}

static void close_slab(pv_pool *p, pv_slab *s) {
  s->is_open = false;
  if (s->prev_open) s->prev_open->next_open = s->next_open;
  else p->open[s->class] = s->next_open;
  if (s->next_open) s->next_open->prev_open = s->prev_open;
}

static pv_slab *new_slab(pv_pool *p, uint32_t class) {
  pv_slab *s = malloc(POOL_SLAB);
  if (!s) return NULL;
  s->pool = p;
  s->prev = NULL;
  s->next = p->slabs;
  if (s->next) s->next->prev = s;
  p->slabs = s;
  s->free = NULL;
  s->unused = FIRST;
  s->used = 0;
  s->class = class;
  open_slab(p, s);
  return s;
}

static void *take_small(pv_pool *p, uint32_t class) {
  pv_slab *s = p->open[class];
  if (!s && !(s = new_slab(p, class))) return NULL;
  void *block = s->free;
  if (block) {
    memcpy(&s->free, block, sizeof s->free);
  } else {
    head *h = (head *)((char *)s + s->unused);
    s->unused += stride(class);
    h->slab = s;
    block = h + 1;
  }
  s->used++;
  if (!s->free && s->unused + stride(class) > POOL_SLAB) close_slab(p, s);
  return block;
}

static void give_small(pv_pool *p, pv_slab *s, void *block) {
  memcpy(block, &s->free, sizeof s->free);
  s->free = block;
  s->used--;
  if (!s->is_open) open_slab(p, s);
  if (s->used || (!s->next_open && !s->prev_open)) return; // the last with room stays
  close_slab(p, s);
  if (s->prev) s->prev->next = s->next;
  else p->slabs = s->next;
  if (s->next) s->next->prev = s->prev;
  free(s);
}

static void link_large(pv_large *b) {
  pv_pool *p = b->pool;
  if (!p) return;
  b->prev = NULL;
  b->next = p->large;
  if (b->next) b->next->prev = b;
  p->large = b;
}

static void unlink_large(pv_large *b) {
  pv_pool *p = b->pool;
  if (!p) return;
  if (b->prev) b->prev->next = b->next;
  else p->large = b->next;
  if (b->next) b->next->prev = b->prev;
}

static pv_large *large_of(void *block) { return (pv_large *)((char *)block - sizeof(pv_large)); }

static bool is_small(size_t size) { return size <= POOL_CLASSES * POOL_STEP; }

void *pv_pool_take(pv_pool *p, size_t size) {
  if (p && is_small(size)) return take_small(p, class_of(size));
  if (size > SIZE_MAX - sizeof(pv_large)) return NULL;
  pv_large *b = malloc(sizeof *b + size);
  if (!b) return NULL;
  b->size = size;
  b->pool = p;
  b->head.slab = NULL;
  link_large(b);
  return b + 1;
}

static pv_slab *slab_of(void *block) { return ((head *)block - 1)->slab; }

pv_pool *pv_pool_of(void *block) { return slab_of(block) ? slab_of(block)->pool : large_of(block)->pool; }

size_t pv_pool_size(void *block) {
  return slab_of(block) ? (size_t)(slab_of(block)->class + 1) * POOL_STEP : large_of(block)->size;
}

void pv_pool_give(void *block) {
  if (slab_of(block)) {
    give_small(slab_of(block)->pool, slab_of(block), block);
    return;
  }
  unlink_large(large_of(block));
  free(large_of(block));
}

static void *resize_large(pv_large *old, size_t size) {
  if (size > SIZE_MAX - sizeof *old) return NULL;
  unlink_large(old);
  pv_large *b = realloc(old, sizeof *b + size);
  if (!b) {
    link_large(old);
    return NULL;
  }
  b->size = size;
  link_large(b);
  return b + 1;
}

void *pv_pool_resize(void *block, size_t size) {
  pv_slab *s = slab_of(block);
  pv_pool *p = pv_pool_of(block);
  if (s && is_small(size) && class_of(size) == s->class) return block;
  if (!s && !(p && is_small(size))) return resize_large(large_of(block), size);
  size_t held = pv_pool_size(block);
  void *now = pv_pool_take(p, size);
  if (!now) return NULL;
  memcpy(now, block, held < size ? held : size);
  pv_pool_give(block);
  return now;
}

void pv_pool_drop(pv_pool *p) {
  for (pv_slab *s = p->slabs; s;) {
    pv_slab *next = s->next;
    free(s);
    s = next;
  }
  for (pv_large *b = p->large; b;) {
    pv_large *next = b->next;
    free(b);
    b = next;
  }
  memset(p, 0, sizeof *p);
}
