#include "parser.h"

#include <stdlib.h>
#include <string.h>

struct pv_document {
  pv_parser *p;
  TSTree *tree;       // of the text parsed last; NULL before the first
  pv_flat flat, next; // that tree, and the room for the one to come
};

pv_document *pv_document_new(const TSLanguage *language) {
  pv_document *d = calloc(1, sizeof *d);
  if (d && !(d->p = pv_parser_new(language))) {
    free(d);
    d = NULL;
  }
  return d;
}

// The tree is the meter's.
void pv_document_delete(pv_document *d) {
  pv_parser_delete(d->p);
  pv_flat_free(&d->flat);
  pv_flat_free(&d->next);
  free(d);
}

typedef struct {
  pv_document *d;
  const TSInputEdit *edit;
  const char *text;
  uint32_t length, depth;
} job;

static int parse(void *arg) {
  job *j = arg;
  pv_document *d = j->d;
  if (d->tree) ts_tree_edit(d->tree, j->edit);
  TSTree *tree = ts_parser_parse_string(d->p->parser, d->tree, j->text, j->length);
  if (!tree) return PV_NO_TREE;
  // The old tree lives until the new one is flat: so no new subtree can have the address of an old one.
  if (!pv_flat_begin(&d->next, j->length, true) || !pv_flatten(ts_tree_root_node(tree), j->depth, &d->next, d->tree ? &d->flat : NULL) ||
      !pv_flat_index(&d->next))
    return PV_NO_MEMORY;
  if (d->tree) ts_tree_delete(d->tree);
  d->tree = tree;
  pv_flat old = d->flat;
  d->flat = d->next;
  d->next = old;
  return PV_OK;
}

pv_result pv_document_parse(pv_document *d, const TSInputEdit *edit, const char *text, uint32_t length, pv_limits limits) {
  job j = {d, edit, text, length, limits.depth};
  int status = pv_metered(d->p, limits, parse, &j);
  pv_result result = {NULL, 0, status, d->p->meter.calls, d->p->meter.peak};
  if (status == PV_OK) {
    result.nodes = d->flat.nodes;
    result.count = d->flat.count;
  }
  return result;
}

bool pv_document_same(const pv_document *a, const pv_document *b) {
  return a->flat.count == b->flat.count && memcmp(a->flat.nodes, b->flat.nodes, (size_t)a->flat.count * sizeof *a->flat.nodes) == 0;
}
