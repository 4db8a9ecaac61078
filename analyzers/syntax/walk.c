#include "parser.h"
#include "subtree.h"

#include <stdlib.h>

// pv_walk flattens a tree without the runtime's cursor, which keeps count of much that nobody asks for: flattening
// was an eighth of parsing.

static inline bool visible(pv_subtree s) { return s.small.is_inline ? s.small.visible : s.large->visible; }
static inline bool extra(pv_subtree s) { return s.small.is_inline ? s.small.extra : s.large->extra; }
static inline bool named(pv_subtree s) { return s.small.is_inline ? s.small.named : s.large->named; }
static inline bool missing(pv_subtree s) { return s.small.is_inline ? s.small.is_missing : s.large->is_missing; }
static inline TSSymbol symbol(pv_subtree s) { return s.small.is_inline ? s.small.symbol : s.large->symbol; }
static inline uint32_t padding(pv_subtree s) { return s.small.is_inline ? s.small.padding_bytes : s.large->padding.bytes; }
static inline uint32_t size(pv_subtree s) { return s.small.is_inline ? s.small.size_bytes : s.large->size.bytes; }
static inline bool error_below(pv_subtree s) { return missing(s) || (!s.small.is_inline && s.large->error_cost > 0); }

static inline uint32_t visible_children(pv_subtree s) {
  return s.small.is_inline || s.large->child_count == 0 ? 0 : s.large->visible_child_count;
}

// level is a subtree whose children are walked. A hidden one has no node: its children are those of the node above.
typedef struct {
  const pv_heap_data *of;
  const pv_field_entry *fields, *fields_end;
  const TSSymbol *aliases; // by place among the children that are not extra; NULL: none has another name
  uint32_t next;           // child
  uint32_t place;          // of it among those that are not extra
  uint32_t at;             // first byte of the child, or of what is in front of it
  int32_t node;            // of it or above it
  TSFieldId field;         // of a hidden subtree
  bool hidden;
} level;

typedef struct {
  level *levels;
  uint32_t count, capacity;
} stack;

static bool push(stack *s, const pv_grammar *g, const pv_heap_data *of, uint32_t at, int32_t node, TSFieldId field, bool hidden) {
  if (s->count == s->capacity) {
    uint32_t capacity = s->capacity ? 2 * s->capacity : 64;
    level *levels = realloc(s->levels, capacity * sizeof *levels);
    if (!levels) return false;
    s->levels = levels;
    s->capacity = capacity;
  }
  level *l = &s->levels[s->count++];
  *l = (level){.of = of, .at = at, .node = node, .field = field, .hidden = hidden};
  uint16_t production = of->production_id;
  if (g->field_count > 0) {
    pv_field_slice slice = g->field_slices[production];
    l->fields = g->field_entries + slice.index;
    l->fields_end = l->fields + slice.length;
  }
  if (production) l->aliases = g->alias_sequences + (size_t)production * g->max_alias_sequence_length;
  return true;
}

static bool room_for_one(pv_flat *b) {
  if (b->count < b->capacity) return true;
  pv_node *nodes = realloc(b->nodes, 2 * (size_t)b->capacity * sizeof *nodes);
  if (!nodes) return false;
  b->nodes = nodes;
  b->capacity *= 2;
  return true;
}

static void write(pv_node *n, const pv_grammar *g, pv_subtree s, TSSymbol alias, uint32_t start, TSFieldId field, int32_t parent) {
  TSSymbol kind = alias ? alias : symbol(s);
  bool has_name = alias ? g->symbol_metadata[alias].named : named(s);
  if (kind != PV_SYMBOL_ERROR) kind = g->public_symbols[kind];
  *n = (pv_node){
      .start = start, .end = start + size(s), .parent = parent, .kind = kind, .field = (uint8_t)field, .error_below = error_below(s),
      .flags = (has_name ? PV_NAMED : 0) | (kind == PV_SYMBOL_ERROR ? PV_ERROR : 0) | (missing(s) ? PV_MISSING : 0) | (extra(s) ? PV_EXTRA : 0)};
}

static TSFieldId field_of(const level *l, bool is_extra, uint32_t place) {
  if (is_extra) return 0;
  for (const pv_field_entry *e = l->fields; e < l->fields_end; e++) {
    if (!e->inherited && e->child == place) return e->field;
  }
  return l->hidden ? l->field : 0;
}

bool pv_walk(const TSTree *tree, uint32_t max_depth, pv_flat *b) {
  const pv_subtree root = ((const pv_tree *)tree)->root;
  const pv_grammar *g = (const pv_grammar *)((const pv_tree *)tree)->language;
  if (!room_for_one(b)) return false;
  write(&b->nodes[0], g, root, 0, padding(root), 0, -1);
  b->count = 1;
  stack s = {0};
  uint32_t depth = 0; // of the node whose children are walked
  bool ok = true;
  if (visible_children(root) > 0) {
    if (max_depth == 0) {
      b->nodes[0].flags |= PV_CUT;
      b->cut = true;
    } else {
      ok = push(&s, g, root.large, b->nodes[0].start, 0, 0, false);
    }
  }
  b->nodes[0].next = 1;
  while (ok && s.count > 0) {
    level *l = &s.levels[s.count - 1];
    if (l->next == l->of->child_count) {
      b->nodes[l->node].next = (int32_t)b->count;
      depth -= !l->hidden;
      s.count--;
      continue;
    }
    const pv_subtree c = ((const pv_subtree *)l->of - l->of->child_count)[l->next];
    bool is_extra = extra(c);
    TSSymbol alias = 0;
    uint32_t place = l->place;
    if (!is_extra) {
      if (l->aliases) alias = l->aliases[place];
      l->place++;
    }
    uint32_t start = l->next > 0 ? l->at + padding(c) : l->at;
    l->next++;
    l->at = start + size(c);
    bool below = visible_children(c) > 0;
    if (visible(c) || alias) {
      if (!(ok = room_for_one(b))) break;
      int32_t self = (int32_t)b->count++;
      write(&b->nodes[self], g, c, alias, start, field_of(l, is_extra, place), l->node);
      b->nodes[self].next = (int32_t)b->count;
      if (!below) continue;
      if (depth + 1 < max_depth) {
        depth++;
        ok = push(&s, g, c.large, start, self, 0, false);
      } else {
        b->nodes[self].flags |= PV_CUT;
        b->cut = true;
      }
    } else if (below) {
      ok = push(&s, g, c.large, start, l->node, field_of(l, is_extra, place), true);
    }
  }
  free(s.levels);
  return ok;
}
