#include "bridge.h"
#include "meter.h"

#include <stdlib.h>

struct pv_parser {
  TSParser *parser;
  pv_meter meter;
};

void pv_setup(void) { pv_meter_install(); }

pv_parser *pv_parser_new(const TSLanguage *language) {
  pv_parser *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  jmp_buf out;
  p->meter.out = &out;
  pv_meter_enter(&p->meter);
  if (setjmp(out) == 0) {
    p->parser = ts_parser_new();
    ts_parser_set_language(p->parser, language);
  } else {
    p->parser = NULL;
  }
  pv_meter_leave();
  p->meter.out = NULL;
  if (!p->parser) {
    pv_parser_delete(p);
    return NULL;
  }
  return p;
}

// The parser's memory is dropped rather than given back by the runtime: after a
// jump out of it the parser is in no state to do that.
void pv_parser_delete(pv_parser *p) {
  pv_meter_drop(&p->meter);
  free(p);
}

typedef struct {
  pv_node *nodes;
  uint32_t count, capacity;
} pv_buffer;

static bool reserve(pv_buffer *b) {
  if (b->count < b->capacity) return true;
  uint32_t capacity = b->capacity * 2;
  pv_node *nodes = realloc(b->nodes, (size_t)capacity * sizeof *nodes);
  if (!nodes) return false;
  b->nodes = nodes;
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

// flatten writes the tree in preorder. The loop holds no stack of its own: the
// parents are in the array already.
static bool flatten(TSNode root, uint32_t max_depth, pv_buffer *b) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  int32_t parent = -1;
  uint32_t depth = 0;
  bool ok = true;
  for (;;) {
    if (!(ok = reserve(b))) break;
    int32_t self = (int32_t)b->count++;
    fill(&b->nodes[self], ts_tree_cursor_current_node(&cursor), ts_tree_cursor_current_field_id(&cursor), parent);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      if (depth < max_depth) {
        parent = self;
        depth++;
        continue;
      }
      b->nodes[self].flags |= PV_CUT;
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

// parse is what runs inside the meter. The buffer is not the meter's.
static int parse(pv_parser *p, const char *text, uint32_t length, uint32_t max_depth, pv_buffer *b) {
  TSTree *tree = ts_parser_parse_string(p->parser, NULL, text, length);
  if (!tree) return PV_NO_TREE;
  b->capacity = length / 4 + 64;
  b->nodes = malloc((size_t)b->capacity * sizeof *b->nodes);
  bool ok = b->nodes != NULL && flatten(ts_tree_root_node(tree), max_depth, b);
  ts_tree_delete(tree);
  return ok ? PV_OK : PV_NO_MEMORY;
}

pv_result pv_parse(pv_parser *p, const char *text, uint32_t length, pv_limits limits) {
  pv_buffer b = {NULL, 0, 0};
  pv_buffer *volatile buffer = &b;
  pv_meter *m = &p->meter;
  volatile int status = PV_TOO_COSTLY;
  jmp_buf out;
  m->calls = 0;
  m->peak = m->live;
  m->max_calls = limits.calls;
  m->max_live = limits.bytes;
  m->max_cpu = limits.cpu ? pv_thread_micros() + limits.cpu : 0;
  m->out = &out;
  ts_parser_set_timeout_micros(p->parser, limits.micros);
  pv_meter_enter(m);
  if (setjmp(out) == 0) status = parse(p, text, length, limits.depth, buffer);
  pv_meter_leave();
  m->out = NULL;
  if (status != PV_OK) {
    free(buffer->nodes);
    buffer->nodes = NULL;
    buffer->count = 0;
  }
  pv_result result = {buffer->nodes, buffer->count, status, m->calls, m->peak};
  return result;
}

void pv_free(pv_node *nodes) { free(nodes); }
