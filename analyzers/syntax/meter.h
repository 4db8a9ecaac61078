// Memory of the runtime, with a limit that holds.
//
// The runtime stops on a timeout or a flag only between steps, and a single
// step of its error recovery can take gigabytes. So every block that a parser
// takes is in a pool of its own; when a limit is passed, the allocator jumps out
// of the runtime and the whole pool is freed, the parser with it.
#ifndef PINVET_METER_H
#define PINVET_METER_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include "pool.h"

typedef struct {
  pv_pool pool;        // all that is held
  uint64_t live, peak; // bytes
  uint64_t calls;
  uint64_t max_live, max_calls; // 0 means no limit
  uint64_t max_cpu;             // of this thread's processor time, in microseconds; 0 means no limit
  int slow;                     // the limit that was passed is one of time
  jmp_buf *out;                 // where to go when a limit is passed; NULL: nowhere
} pv_meter;

void pv_meter_install(void); // makes the runtime use this allocator
void pv_meter_enter(pv_meter *); // this thread's blocks belong to the meter from here on
void pv_meter_leave(void);
uint64_t pv_thread_micros(void); // processor time that this thread has used
void pv_meter_drop(pv_meter *); // frees all blocks

#endif
