package normalize

func (e *editor) rewriteC() {}
