#include "parser.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

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

int pv_metered(pv_parser *p, pv_limits limits, int (*work)(void *), void *arg) {
  pv_meter *m = &p->meter;
  volatile int status = PV_TOO_COSTLY;
  jmp_buf out;
  m->calls = 0;
  m->slow = 0;
  m->peak = m->live;
  m->max_calls = limits.calls;
  m->max_live = m->live + limits.bytes;
  m->max_cpu = limits.cpu ? pv_thread_micros() + limits.cpu : 0;
  m->out = &out;
  ts_parser_set_timeout_micros(p->parser, limits.micros);
  pv_meter_enter(m);
  if (setjmp(out) == 0) status = work(arg);
  if (status == PV_TOO_COSTLY && m->slow) status = PV_TOO_SLOW;
  pv_meter_leave();
  m->out = NULL;
  return status;
}

void pv_forget(pv_parser *p) {
  if (p->tree) ts_tree_delete(p->tree);
  p->tree = NULL;
}

// job is one parse.
typedef struct {
  pv_parser *p;
  const char *text;
  uint32_t length, depth;
  const TSInputEdit *edits;
  uint32_t count;
  bool keep;
  pv_flat flat;
} job;

static bool has_error(const TSTree *tree) { return ts_node_has_error(ts_tree_root_node(tree)); }

// reparse parses with the help of the last tree; NULL if that does not give what parsing the text alone does.
static TSTree *reparse(job *j) {
  pv_parser *p = j->p;
  TSTree *tree = NULL;
  if (p->tree && j->count > 0) {
    for (uint32_t i = 0; i < j->count; i++) ts_tree_edit(p->tree, &j->edits[i]);
    tree = ts_parser_parse_string(p->parser, p->tree, j->text, j->length);
    if (tree && has_error(tree)) {
      ts_tree_delete(tree);
      tree = NULL;
    }
    if (!tree) {
      ts_parser_reset(p->parser);
      p->meter.calls = 0; // as if it were the first
    }
  }
  pv_forget(p);
  return tree;
}

// parse is what runs inside the meter. The nodes are not the meter's.
static int parse(void *arg) {
  job *j = arg;
  TSTree *tree = reparse(j);
  if (!tree) tree = ts_parser_parse_string(j->p->parser, NULL, j->text, j->length);
  if (!tree) return PV_NO_TREE;
  bool ok = pv_flat_begin(&j->flat, j->length, false) && pv_walk(tree, j->depth, &j->flat);
  if (ok && j->keep && !has_error(tree)) j->p->tree = tree;
  else ts_tree_delete(tree);
  return ok ? PV_OK : PV_NO_MEMORY;
}

pv_result pv_parse(pv_parser *p, const char *text, uint32_t length, const TSInputEdit *edits, uint32_t count, bool keep, pv_limits limits) {
  job j = {p, text, length, limits.depth, edits, count, keep, {0}};
  int status = pv_metered(p, limits, parse, &j);
  if (status != PV_OK) pv_flat_free(&j.flat);
  pv_result result = {j.flat.nodes, j.flat.count, status, p->meter.calls, p->meter.peak};
  return result;
}

void pv_free(pv_node *nodes) { free(nodes); }

void pv_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
