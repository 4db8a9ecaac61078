package lifetime

// callLeaving: a macro of another file that ends in a return or a goto. Nothing behind it is reached.
// What it returns, and what it does to the variables around it, is not known: it may well close and
// unlock what the function holds.
func (a *fnRun) callLeaving(st *state, x *callCtx) []*state {
	if isMacro(a.f) {
		return nil // it leaves the function that uses this macro
	}
	a.letGo(st, x)
	for _, o := range st.objs {
		switch {
		case o.st == stOwned:
			st.change(o.id, func(o *ostate) { o.st = stEscaped })
		case o.st == stPending:
			st.change(o.id, func(o *ostate) { o.st = stDone })
		}
	}
	st.dropLocks()
	st.hasRet, st.retSpan = a.f.Ret != "void" && a.f.Ret != "VOID", x.in.Span
	st.ret = symVal(a.fresh(st, x.in, roleResult))
	a.atExit(st, false)
	return nil
}
