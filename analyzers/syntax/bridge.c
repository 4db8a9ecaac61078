#include "bridge.h"

#include <stdlib.h>
#include <string.h>

// pv_language_v15 is the head of a grammar of ABI 15. ABI 14 is its prefix up to
// and including primary_state_ids, except that the entries of lex_modes have
// two fields there and three here.
typedef struct {
  uint32_t abi_version, symbol_count, alias_count, token_count;
  uint32_t external_token_count, state_count, large_state_count;
  uint32_t production_id_count, field_count;
  uint16_t max_alias_sequence_length;
  const void *tables_a[12]; // parse_table .. alias_sequences
  const void *lex_modes;
  const void *lex_fn, *keyword_lex_fn;
  TSSymbol keyword_capture_token;
  const void *external_scanner[7];
  const void *primary_state_ids;
} pv_language_v14;

typedef struct {
  pv_language_v14 head;
  const char *name;
  const TSSymbol *reserved_words;
  uint16_t max_reserved_word_set_size;
} pv_language_v15;

typedef struct { uint16_t lex_state, external_lex_state; } pv_lex_mode_v14;
typedef struct { uint16_t lex_state, external_lex_state, reserved_word_set_id; } pv_lex_mode_v15;

// The copy lives as long as the process: there is one for each grammar.
static const TSLanguage *view_as_14(const pv_language_v15 *l) {
  if (l->max_reserved_word_set_size != 0) return NULL;
  pv_language_v14 *v = malloc(sizeof *v);
  pv_lex_mode_v14 *modes = malloc(l->head.state_count * sizeof *modes);
  if (!v || !modes) {
    free(v);
    free(modes);
    return NULL;
  }
  const pv_lex_mode_v15 *old = l->head.lex_modes;
  for (uint32_t i = 0; i < l->head.state_count; i++) {
    modes[i].lex_state = old[i].lex_state;
    modes[i].external_lex_state = old[i].external_lex_state;
  }
  memcpy(v, &l->head, sizeof *v);
  v->abi_version = 14;
  v->lex_modes = modes;
  return (const TSLanguage *)v;
}

const TSLanguage *pv_language(const TSLanguage *language) {
  uint32_t abi;
  memcpy(&abi, language, sizeof abi);
  if (abi == 13 || abi == 14) return language;
  if (abi == 15) return view_as_14((const pv_language_v15 *)language);
  return NULL;
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
static bool flatten(TSNode root, pv_buffer *b) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  int32_t parent = -1;
  bool ok = true;
  for (;;) {
    if (!(ok = reserve(b))) break;
    int32_t self = (int32_t)b->count++;
    fill(&b->nodes[self], ts_tree_cursor_current_node(&cursor), ts_tree_cursor_current_field_id(&cursor), parent);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      parent = self;
      continue;
    }
    b->nodes[self].next = (int32_t)b->count;
    while (parent >= 0 && !ts_tree_cursor_goto_next_sibling(&cursor)) {
      b->nodes[parent].next = (int32_t)b->count;
      parent = b->nodes[parent].parent;
      ts_tree_cursor_goto_parent(&cursor);
    }
    if (parent < 0) break;
  }
  ts_tree_cursor_delete(&cursor);
  return ok;
}

pv_result pv_parse(TSParser *parser, const char *text, uint32_t length, uint64_t timeout_micros) {
  pv_result result = {NULL, 0, PV_NO_TREE};
  ts_parser_set_timeout_micros(parser, timeout_micros);
  TSTree *tree = ts_parser_parse_string(parser, NULL, text, length);
  if (!tree) return result;
  pv_buffer b = {NULL, 0, length / 4 + 64};
  b.nodes = malloc((size_t)b.capacity * sizeof *b.nodes);
  bool ok = b.nodes != NULL && flatten(ts_tree_root_node(tree), &b);
  ts_tree_delete(tree);
  if (!ok) {
    free(b.nodes);
    result.status = PV_NO_MEMORY;
    return result;
  }
  result.nodes = b.nodes;
  result.count = b.count;
  result.status = PV_OK;
  return result;
}

void pv_free(pv_node *nodes) { free(nodes); }
