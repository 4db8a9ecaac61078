// What the Go side calls: to parse and flatten a text, once or again and again.
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

enum { PV_NAMED = 1, PV_ERROR = 2, PV_MISSING = 4, PV_EXTRA = 8, PV_CUT = 16 };

enum { PV_OK = 0, PV_NO_TREE = 1, PV_TOO_COSTLY = 2, PV_NO_MEMORY = 3, PV_TOO_SLOW = 4 };

// pv_limits is what parsing may cost. The first two do not depend on the
// machine, so that results do not either; the times are there for what they
// miss, and far from what usual files take.
typedef struct {
  uint64_t calls;  // allocations
  uint64_t bytes;  // held at one time
  uint64_t cpu;    // microseconds of processor time, looked at when memory is taken
  uint64_t micros; // of the clock, looked at between the parser's steps
  uint32_t depth;  // of the tree; what is deeper is left out
} pv_limits;

typedef struct {
  pv_node *nodes; // freed by pv_free
  uint32_t count;
  int status;
  uint64_t calls; // allocations that parsing took
  uint64_t peak;  // bytes that it held at most
} pv_result;

// pv_setup must be called once, before anything else.
void pv_setup(void);

// pv_language returns the language in a form that the runtime accepts, or NULL.
const TSLanguage *pv_language(const TSLanguage *);

// pv_parser is a parser of one language with all the memory it holds. It is
// used by one thread at a time.
typedef struct pv_parser pv_parser;
pv_parser *pv_parser_new(const TSLanguage *);
void pv_parser_delete(pv_parser *);

// pv_parse parses text and flattens the tree. After any status but PV_OK the
// parser can only be deleted.
//
// With keep, a tree without errors stays in the parser, and helps the next call: edits (0: none are known)
// make that call's text of this one's. A tree that still has no errors is that of the text alone;
// if there are some, the text is parsed by itself.
pv_result pv_parse(pv_parser *, const char *text, uint32_t length, const TSInputEdit *edits, uint32_t count, bool keep, pv_limits);

// pv_forget drops the tree that the last pv_parse kept.
void pv_forget(pv_parser *);
void pv_free(pv_node *);

// pv_trim gives memory that is not in use back to the system, where the C library can.
void pv_trim(void);

// pv_document is a text that is parsed again after each edit, with the help of its last tree. It is
// used by one thread at a time.
typedef struct pv_document pv_document;
pv_document *pv_document_new(const TSLanguage *);
void pv_document_delete(pv_document *);

// pv_document_parse parses the text that the edit makes of the last one; the edit of the first text
// is not looked at. The nodes belong to the document and are there until the next call. After any
// status but PV_OK the document can only be deleted.
pv_result pv_document_parse(pv_document *, const TSInputEdit *, const char *text, uint32_t length, pv_limits);

// pv_document_same tells whether two documents have the same nodes.
bool pv_document_same(const pv_document *, const pv_document *);

#endif
