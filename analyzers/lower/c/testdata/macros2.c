#define forever for (;;)
#define IF_DEBUG if (debug)
#define BEGIN {
#define END }
#define THEN_RETURN return 1;
#define DBG(x) if (debug) { x }
#define ERR_OUT(lbl, v) do { err = v; goto lbl; } while (0)
#define list_each(p, h) for (p = (h)->next; p != (h); p = p->next)
int f(int a) {
  int err = 0;
  forever { if (g()) break; }
  IF_DEBUG h(1);
  IF_DEBUG { h(2); }
  DBG(h(3); h(4);)
  DBG(h(5);)
  if (a) ERR_OUT(out, 5); else h(6);
  list_each(p, l) { if (p->x) continue; h(7); }
  list_each(p, l) h(8);
  if (a) list_each(p, l) h(9);
  out: FOO(a) }
int g(int a) { out: h(10); }
int h(a) { if (a) { THEN_RETURN } FOO }
int k(void) {
  BAR(a,
      b)
  x = 1;
  BAZ(a)
}
