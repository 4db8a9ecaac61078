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
  const uint16_t *parse_table, *small_parse_table;
  const uint32_t *small_parse_table_map;
  const void *tables[9]; // parse_actions .. alias_sequences
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

// unfolded is the parse table with a row for each state. A grammar has such rows for its large states
// only, and lists of symbols that the parser searches for the others: an eighth of its time. 8.5 MB for
// C#, 1.5 MB for C. NULL: out of memory.
static uint16_t *unfolded(const pv_language_v14 *l) {
  size_t width = l->symbol_count;
  uint16_t *table = calloc(l->state_count * width, sizeof *table);
  if (!table) return NULL;
  memcpy(table, l->parse_table, l->large_state_count * width * sizeof *table);
  for (uint32_t state = l->large_state_count; state < l->state_count; state++) {
    const uint16_t *at = l->small_parse_table + l->small_parse_table_map[state - l->large_state_count];
    for (uint16_t groups = *at++; groups > 0; groups--) {
      uint16_t value = *at++;
      for (uint16_t symbols = *at++; symbols > 0; symbols--) table[state * width + *at++] = value;
    }
  }
  return table;
}

// The copy lives as long as the process: there is one for each grammar.
static const TSLanguage *view_as_14(const pv_language_v15 *l) {
  if (l->max_reserved_word_set_size != 0) return NULL;
  pv_language_v14 *v = malloc(sizeof *v);
  pv_lex_mode_v14 *modes = malloc(l->head.state_count * sizeof *modes);
  uint16_t *table = unfolded(&l->head);
  if (!v || !modes || !table) {
    free(v);
    free(modes);
    free(table);
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
  v->parse_table = table;
  v->large_state_count = v->state_count;
  return (const TSLanguage *)v;
}

const TSLanguage *pv_language(const TSLanguage *language) {
  uint32_t abi;
  memcpy(&abi, language, sizeof abi);
  if (abi == 13 || abi == 14) return language;
  if (abi == 15) return view_as_14((const pv_language_v15 *)language);
  return NULL;
}
