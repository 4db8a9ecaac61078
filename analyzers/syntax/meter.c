#define _POSIX_C_SOURCE 200112L

#include "meter.h"

#include "treesitter.h"

#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

// pv_block stands in front of each block.
struct pv_block {
  pv_block *next, *prev;
  pv_meter *owner; // NULL for a block taken outside of a parse
  size_t size;
};

static _Thread_local pv_meter *current;

static void link_block(pv_block *b) {
  pv_meter *m = b->owner;
  b->prev = NULL;
  b->next = m->blocks;
  if (m->blocks) m->blocks->prev = b;
  m->blocks = b;
  m->live += b->size;
  if (m->live > m->peak) m->peak = m->live;
}

static void unlink_block(pv_block *b) {
  pv_meter *m = b->owner;
  if (b->prev) b->prev->next = b->next;
  else m->blocks = b->next;
  if (b->next) b->next->prev = b->prev;
  m->live -= b->size;
}

static void *give_up(pv_meter *m) {
  if (m && m->out) longjmp(*m->out, 1);
  abort(); // as the runtime's own allocator does
}

uint64_t pv_thread_micros(void) {
#ifdef _WIN32
  FILETIME made, ended, kernel, user;
  if (!GetThreadTimes(GetCurrentThread(), &made, &ended, &kernel, &user)) return 0;
  uint64_t k = (uint64_t)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime;
  uint64_t u = (uint64_t)user.dwHighDateTime << 32 | user.dwLowDateTime;
  return (k + u) / 10;
#else
  struct timespec t;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0) return 0;
  return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
#endif
}

// The clock is looked at once in so many calls.
enum { CALLS_PER_CLOCK = 1024 };

static void charge(pv_meter *m, size_t size) {
  if (!m) return;
  m->calls++;
  if (!m->out) return;
  if (m->max_cpu && m->calls % CALLS_PER_CLOCK == 0 && pv_thread_micros() > m->max_cpu) {
    m->slow = 1;
    give_up(m);
  }
  if ((m->max_live && m->live + size > m->max_live) || (m->max_calls && m->calls > m->max_calls)) give_up(m);
}

static void *meter_malloc(size_t size) {
  charge(current, size);
  pv_block *b = malloc(sizeof *b + size);
  if (!b) return give_up(current);
  b->owner = current;
  b->size = size;
  if (b->owner) link_block(b);
  return b + 1;
}

static void *meter_calloc(size_t count, size_t size) {
  if (size && count > SIZE_MAX / 2 / size) return give_up(current);
  void *block = meter_malloc(count * size);
  memset(block, 0, count * size);
  return block;
}

static void meter_free(void *block) {
  if (!block) return;
  pv_block *b = (pv_block *)block - 1;
  if (b->owner) unlink_block(b);
  free(b);
}

static void *meter_realloc(void *block, size_t size) {
  if (!block) return meter_malloc(size);
  pv_block *old = (pv_block *)block - 1;
  charge(old->owner, size);
  if (old->owner) unlink_block(old);
  pv_block *b = realloc(old, sizeof *b + size);
  if (!b) {
    if (old->owner) link_block(old);
    return give_up(old->owner);
  }
  b->size = size;
  if (b->owner) link_block(b);
  return b + 1;
}

void pv_meter_install(void) { ts_set_allocator(meter_malloc, meter_calloc, meter_realloc, meter_free); }

void pv_meter_enter(pv_meter *m) { current = m; }

void pv_meter_leave(void) { current = NULL; }

void pv_meter_drop(pv_meter *m) {
  for (pv_block *b = m->blocks; b;) {
    pv_block *next = b->next;
    free(b);
    b = next;
  }
  m->blocks = NULL;
  m->live = 0;
}
