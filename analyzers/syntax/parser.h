// What parser.c, flatten.c and document.c share.
#ifndef PINVET_PARSER_H
#define PINVET_PARSER_H

#include "bridge.h"
#include "meter.h"

struct pv_parser {
  TSParser *parser;
  TSTree *tree; // what pv_parse kept, or NULL; the meter's
  pv_meter meter;
};

// pv_metered runs work inside the parser's meter. After any status but PV_OK, which is also what it
// returns when work was ended by a limit, the parser can only be deleted.
int pv_metered(pv_parser *, pv_limits, int (*work)(void *), void *arg);

// pv_mark is what a document remembers of a node besides what Go sees.
typedef struct {
  const void *id; // the runtime's subtree; NULL for a node without children
  uint32_t depth;
} pv_mark;

// pv_flat is a tree in preorder.
typedef struct {
  pv_node *nodes;
  pv_mark *marks; // of nodes, or NULL
  uint32_t count, capacity;
  uint32_t deepest; // of the marks
  bool cut;         // somewhere the tree was too deep
  uint32_t *table;  // indexes of nodes by the hash of their id, plus 1
  uint32_t slots;   // of table, a power of two
} pv_flat;

bool pv_flat_begin(pv_flat *, uint32_t length, bool marks); // empties it; false: out of memory
void pv_flat_free(pv_flat *);
bool pv_flat_index(pv_flat *); // fills table

// pv_walk writes a tree, without marks. false: out of memory.
bool pv_walk(const TSTree *, uint32_t max_depth, pv_flat *);

// pv_flatten writes a tree by the runtime's own functions. Subtrees that old, an indexed flat, has too are copied from there. false:
// out of memory.
bool pv_flatten(TSNode root, uint32_t max_depth, pv_flat *, const pv_flat *old);

#endif
