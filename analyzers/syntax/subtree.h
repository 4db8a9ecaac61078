// How the runtime keeps a tree, for walk.c. These are the declarations of subtree.h, tree.h and parser.h of
// core 0.22: the same compiler gives them the same layout. TestWalk holds what is read through them to what the
// runtime's own functions say.
#ifndef PINVET_SUBTREE_H
#define PINVET_SUBTREE_H

#include "treesitter.h"

typedef struct {
  uint32_t bytes;
  TSPoint extent;
} pv_length;

#define PV_SUBTREE_BITS \
  bool visible : 1;     \
  bool named : 1;       \
  bool extra : 1;       \
  bool has_changes : 1; \
  bool is_missing : 1;  \
  bool is_keyword : 1;

#define PV_SUBTREE_SIZE        \
  uint8_t padding_columns;     \
  uint8_t padding_rows : 4;    \
  uint8_t lookahead_bytes : 4; \
  uint8_t padding_bytes;       \
  uint8_t size_bytes;

// A small node without children. is_inline is the lowest bit of the address that is there else.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#if UINTPTR_MAX == UINT32_MAX
typedef struct {
  uint16_t parse_state;
  uint8_t symbol;
  PV_SUBTREE_BITS
  bool unused : 1;
  bool is_inline : 1;
  PV_SUBTREE_SIZE
} pv_leaf_data;
#else
typedef struct {
  PV_SUBTREE_SIZE
  uint16_t parse_state;
  uint8_t symbol;
  PV_SUBTREE_BITS
  bool unused : 1;
  bool is_inline : 1;
} pv_leaf_data;
#endif
#else
typedef struct {
  bool is_inline : 1;
  PV_SUBTREE_BITS
  uint8_t symbol;
  uint16_t parse_state;
  PV_SUBTREE_SIZE
} pv_leaf_data;
#endif

// Any other node. Its children stand before it.
typedef struct {
  volatile uint32_t ref_count;
  pv_length padding, size;
  uint32_t lookahead_bytes, error_cost, child_count;
  TSSymbol symbol;
  uint16_t parse_state;

  bool visible : 1;
  bool named : 1;
  bool extra : 1;
  bool fragile_left : 1;
  bool fragile_right : 1;
  bool has_changes : 1;
  bool has_external_tokens : 1;
  bool has_external_scanner_state_change : 1;
  bool depends_on_column : 1;
  bool is_missing : 1;
  bool is_keyword : 1;

  union {
    struct { // with children
      uint32_t visible_child_count, named_child_count, visible_descendant_count;
      int32_t dynamic_precedence;
      uint16_t repeat_depth, production_id;
    };
    struct { // the state of the scanner of an external token
      union {
        char *long_data;
        char short_data[24];
      };
      uint32_t length;
    };
  };
} pv_heap_data;

typedef union {
  pv_leaf_data small;
  const pv_heap_data *large;
} pv_subtree;

// The heads of TSTree and TSLanguage.
typedef struct {
  pv_subtree root;
  const TSLanguage *language;
} pv_tree;

typedef struct {
  TSFieldId field;
  uint8_t child;
  bool inherited;
} pv_field_entry;

typedef struct {
  uint16_t index, length;
} pv_field_slice;

typedef struct {
  bool visible, named, supertype;
} pv_symbol_metadata;

typedef struct {
  uint32_t abi_version, symbol_count, alias_count, token_count;
  uint32_t external_token_count, state_count, large_state_count;
  uint32_t production_id_count, field_count;
  uint16_t max_alias_sequence_length;
  const void *parse_tables[6]; // parse_table .. field_names
  const pv_field_slice *field_slices;
  const pv_field_entry *field_entries;
  const pv_symbol_metadata *symbol_metadata;
  const TSSymbol *public_symbols;
  const uint16_t *aliases;
  const TSSymbol *alias_sequences;
} pv_grammar;

enum { PV_SYMBOL_ERROR = UINT16_MAX };

#endif
