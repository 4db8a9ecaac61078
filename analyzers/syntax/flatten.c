#include "parser.h"

#include <stdlib.h>
#include <string.h>

bool pv_flat_begin(pv_flat *b, uint32_t length, bool marks) {
  b->count = b->deepest = 0;
  b->cut = false;
  if (b->nodes) return true;
  b->capacity = length / 4 + 64;
  b->nodes = malloc((size_t)b->capacity * sizeof *b->nodes);
  if (marks) b->marks = malloc((size_t)b->capacity * sizeof *b->marks);
  return b->nodes && (!marks || b->marks);
}

void pv_flat_free(pv_flat *b) {
  free(b->nodes);
  free(b->marks);
  free(b->table);
  memset(b, 0, sizeof *b);
}

static bool reserve(pv_flat *b, uint32_t more) {
  if (more <= b->capacity - b->count) return true;
  uint32_t capacity = b->capacity * 2;
  if (capacity - b->count < more) capacity = b->count + more;
  pv_node *nodes = realloc(b->nodes, (size_t)capacity * sizeof *nodes);
  if (!nodes) return false;
  b->nodes = nodes;
  if (b->marks) {
    pv_mark *marks = realloc(b->marks, (size_t)capacity * sizeof *marks);
    if (!marks) return false;
    b->marks = marks;
  }
  b->capacity = capacity;
  return true;
}

static void fill(pv_node *n, TSNode node, TSFieldId field, int32_t parent) {
  n->start = ts_node_start_byte(node);
  n->end = ts_node_end_byte(node);
  n->next = 0;
  n->parent = parent;
  n->kind = ts_node_symbol(node);
  n->field = (uint8_t)field;
  n->flags = (ts_node_is_named(node) ? PV_NAMED : 0) | (ts_node_is_error(node) ? PV_ERROR : 0) |
             (ts_node_is_missing(node) ? PV_MISSING : 0) | (ts_node_is_extra(node) ? PV_EXTRA : 0);
  n->error_below = ts_node_has_error(node);
}

// identity is the address of the runtime's subtree, which a tree that was made with the help of an
// older one shares with that. The id of a node is the place where its parent holds that address; nodes
// without children may be held by value.
static const void *identity(TSNode node) {
  const void *subtree;
  if (ts_node_child_count(node) == 0) return NULL;
  memcpy(&subtree, node.id, sizeof subtree);
  return subtree;
}

static uint32_t hash(const void *id) { return (uint32_t)(((uintptr_t)id >> 4) * 2654435761u); }

// Smaller subtrees are walked: to look them up would cost as much.
enum { SMALLEST = 8 };

bool pv_flat_index(pv_flat *b) {
  uint32_t wanted = 0;
  for (uint32_t i = 0; i < b->count; i++) wanted += b->marks[i].id && b->nodes[i].next - (int32_t)i >= SMALLEST;
  uint32_t slots = 64;
  while (slots < 2 * wanted) slots *= 2;
  if (slots > b->slots) {
    free(b->table);
    b->slots = 0;
    b->table = malloc((size_t)slots * sizeof *b->table);
    if (!b->table) return false;
    b->slots = slots;
  }
  memset(b->table, 0, (size_t)b->slots * sizeof *b->table);
  for (uint32_t i = 0; i < b->count; i++) {
    if (!b->marks[i].id || b->nodes[i].next - (int32_t)i < SMALLEST) continue;
    uint32_t h = hash(b->marks[i].id);
    while (b->table[h & (b->slots - 1)]) h++;
    b->table[h & (b->slots - 1)] = i + 1;
  }
  return true;
}

// find returns the index of the node with that id, or -1.
static int32_t find(const pv_flat *b, const void *id) {
  if (!id || !b || !b->slots) return -1;
  for (uint32_t h = hash(id);; h++) {
    uint32_t i = b->table[h & (b->slots - 1)];
    if (!i) return -1;
    if (b->marks[i - 1].id == id) return (int32_t)i - 1;
  }
}

// copy puts what is below node from of old below node self. The node itself is filled: what it is to
// its parent may differ.
static bool copy(pv_flat *b, int32_t self, const pv_flat *old, int32_t from) {
  uint32_t below = (uint32_t)(old->nodes[from].next - from) - 1;
  if (!reserve(b, below)) return false;
  uint32_t bytes = b->nodes[self].start - old->nodes[from].start;
  uint32_t depth = b->marks[self].depth - old->marks[from].depth;
  int32_t shift = self - from;
  for (uint32_t i = 1; i <= below; i++) {
    pv_node *n = &b->nodes[self + i];
    pv_mark *m = &b->marks[self + i];
    *n = old->nodes[from + i];
    *m = old->marks[from + i];
    n->start += bytes;
    n->end += bytes;
    n->next += shift;
    n->parent += shift;
    m->depth += depth;
    if (m->depth > b->deepest) b->deepest = m->depth;
    if (n->flags & PV_CUT) b->cut = true;
  }
  b->count += below;
  return true;
}

// fits tells whether a subtree of old would be cut at another depth as it is there.
static bool fits(const pv_flat *old, int32_t from, uint32_t depth, uint32_t max_depth) {
  uint32_t was = old->marks[from].depth;
  return was == depth || (!old->cut && old->deepest - was + depth <= max_depth);
}

// The loop holds no stack of its own: the parents are in the array already.
bool pv_flatten(TSNode root, uint32_t max_depth, pv_flat *b, const pv_flat *old) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  int32_t parent = -1;
  uint32_t depth = 0;
  bool ok = true;
  for (;;) {
    if (!(ok = reserve(b, 1))) break;
    int32_t self = (int32_t)b->count++;
    TSNode node = ts_tree_cursor_current_node(&cursor);
    fill(&b->nodes[self], node, ts_tree_cursor_current_field_id(&cursor), parent);
    int32_t known = -1;
    if (b->marks) {
      b->marks[self].id = identity(node);
      b->marks[self].depth = depth;
      if (depth > b->deepest) b->deepest = depth;
      known = find(old, b->marks[self].id);
    }
    if (known >= 0 && fits(old, known, depth, max_depth)) {
      if (!(ok = copy(b, self, old, known))) break;
    } else if (ts_tree_cursor_goto_first_child(&cursor)) {
      if (depth < max_depth) {
        parent = self;
        depth++;
        continue;
      }
      b->nodes[self].flags |= PV_CUT;
      b->cut = true;
      ts_tree_cursor_goto_parent(&cursor);
    }
    b->nodes[self].next = (int32_t)b->count;
    while (parent >= 0 && !ts_tree_cursor_goto_next_sibling(&cursor)) {
      b->nodes[parent].next = (int32_t)b->count;
      parent = b->nodes[parent].parent;
      depth--;
      ts_tree_cursor_goto_parent(&cursor);
    }
    if (parent < 0) break;
  }
  ts_tree_cursor_delete(&cursor);
  return ok;
}
