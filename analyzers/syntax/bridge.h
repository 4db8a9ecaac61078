// What the Go side calls: one function that parses and flattens.
#ifndef PINVET_BRIDGE_H
#define PINVET_BRIDGE_H

#include "treesitter.h"

// pv_node is the C side of Node in tree.go: same size, same order.
typedef struct {
  uint32_t start, end;
  int32_t next, parent;
  uint16_t kind;
  uint8_t field;
  uint8_t flags;
  uint32_t error_below; // 1 if the node or one below it is ERROR or MISSING
} pv_node;

enum { PV_NAMED = 1, PV_ERROR = 2, PV_MISSING = 4, PV_EXTRA = 8 };

typedef struct {
  pv_node *nodes; // freed by pv_free
  uint32_t count;
  int status;
} pv_result;

enum { PV_OK = 0, PV_NO_TREE = 1, PV_NO_MEMORY = 2 };

// pv_language returns the language in a form that the runtime accepts, or NULL.
const TSLanguage *pv_language(const TSLanguage *);

// pv_parse parses text with a parser whose language is set.
pv_result pv_parse(TSParser *, const char *text, uint32_t length, uint64_t timeout_micros);
void pv_free(pv_node *);

#endif
