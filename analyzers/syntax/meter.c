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

static _Thread_local pv_meter *current;

// owner is the meter whose pool holds the block; NULL for one taken outside of a parse.
static pv_meter *owner(void *block) { return (pv_meter *)pv_pool_of(block); }

// count notes that the meter holds so many bytes more.
static void count(pv_meter *m, uint64_t more) {
  if (!m) return;
  m->live += more;
  if (m->live > m->peak) m->peak = m->live;
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
  void *block = pv_pool_take(current ? &current->pool : NULL, size);
  if (!block) return give_up(current);
  count(current, pv_pool_size(block));
  return block;
}

static void *meter_calloc(size_t count, size_t size) {
  if (size && count > SIZE_MAX / 2 / size) return give_up(current);
  void *block = meter_malloc(count * size);
  memset(block, 0, count * size);
  return block;
}

static void meter_free(void *block) {
  if (!block) return;
  pv_meter *m = owner(block);
  if (m) m->live -= pv_pool_size(block);
  pv_pool_give(block);
}

static void *meter_realloc(void *block, size_t size) {
  if (!block) return meter_malloc(size);
  pv_meter *m = owner(block);
  charge(m, size);
  uint64_t before = pv_pool_size(block);
  void *now = pv_pool_resize(block, size);
  if (!now) return give_up(m);
  if (m) m->live -= before;
  count(m, pv_pool_size(now));
  return now;
}

void pv_meter_install(void) { ts_set_allocator(meter_malloc, meter_calloc, meter_realloc, meter_free); }

void pv_meter_enter(pv_meter *m) { current = m; }

void pv_meter_leave(void) { current = NULL; }

void pv_meter_drop(pv_meter *m) {
  pv_pool_drop(&m->pool);
  m->live = 0;
}
