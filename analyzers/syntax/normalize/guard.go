package normalize

func (e *editor) guard() {}
