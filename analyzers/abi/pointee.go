package abi

// behind compares what two pointers of a parameter point to, and the directions.
func (c *comparison) behind(d Difference, h, w *Param) {
	if h.Type.Kind != Pointer || w.Type.Kind != Pointer {
		return
	}
	if k := c.encoding(&h.Type, &w.Type); k != 0 {
		d.Kind = k
		c.add(d)
		return
	}
	if k, mild := c.pointee(h, w); k != 0 {
		d.Kind, d.Mild, d.Behind = k, mild, true
		d.HaveSize, d.WantSize, d.Decl = h.Type.Elem.Size, w.Type.Elem.Size, h.Type.Elem.Decl
		c.add(d)
		return
	}
	if c.direction(h, w) {
		d.Kind, d.Mild = Direction, true
		d.Have, d.Want = describeDir(h.Dir, d.Have), describeDir(w.Dir, d.Want)
		c.add(d)
	}
}

func describeDir(d Dir, name string) string {
	switch d {
	case DirIn:
		return "in " + name
	case DirOut:
		return "out " + name
	}
	return name
}

// encoding compares text that the marshaller converts with the text that is wanted.
func (c *comparison) encoding(h, w *Type) DiffKind {
	converted := h.Text != NoText && h.Elem != nil && !h.Array
	if !converted || w.Text == NoText || h.Text == w.Text {
		return 0
	}
	if h.Text == BSTR && w.Text == Wide {
		return 0
	}
	if w.Text == Ansi && (w.Buffer || w.Elem != nil && !w.Elem.Char) {
		return 0 // a byte buffer that holds whatever text
	}
	return Encoding
}

// pointee compares the widths of what is behind the pointers.
func (c *comparison) pointee(h, w *Param) (kind DiffKind, mild bool) {
	he, we := h.Type.Elem, w.Type.Elem
	if he == nil || we == nil || he.Kind == Void || we.Kind == Void || h.Type.Func || w.Type.Func {
		return 0, false
	}
	switch {
	case he.Kind == Unknown:
		if he.Rec == nil {
			c.gap(he)
		}
		return 0, false
	case we.Kind == Unknown:
		return 0, false
	case w.Type.Text != NoText && (h.Type.Text != NoText || he.Kind == Word || he.Kind == Pointer):
		// a pointer to a pointer where the function is told to allocate (FORMAT_MESSAGE_ALLOCATE_BUFFER)
		return 0, false
	case we.Size == 1 && !we.Bool, h.Type.Buffer, w.Type.Array && (he.Kind == Struct || he.Size == 1):
		return 0, false // memory of a size that the call itself says
	case he.Kind == Struct && we.Kind == Struct:
		if c.tooSmall(h, w) {
			return Pointee, false
		}
		return 0, false // the structs of the unit are compared by themselves
	case he.Size == we.Size:
		return 0, false
	}
	return c.pointeeWidth(h, w, he, we)
}

// tooSmall tells whether a struct of the .NET library has less room than the function writes.
func (c *comparison) tooSmall(h, w *Param) bool {
	he, we := h.Type.Elem, w.Type.Elem
	return he.Rec != nil && he.Rec.Decl == nil && he.Rec.Why == "" && we.Rec != nil && we.Rec.Why == "" && !h.Type.Array && !w.Type.Array &&
		h.Dir != DirIn && w.Dir == DirOut && he.Size < we.Size && !c.sizedStruct(we)
}

func (c *comparison) pointeeWidth(h, w *Param, he, we *Type) (DiffKind, bool) {
	switch {
	case h.Type.Array && he.Kind == Int && he.Size == 1, w.Type.Array && h.Type.Array && we.Kind == Struct:
		return 0, false
	case we.Kind == Struct || he.Kind == Struct:
		// A struct behind one side: only what is too small for what is written is wrong for certain.
		if h.Type.Array || h.Dir != DirOut || he.Size >= we.Size || we.Kind != Struct || c.sizedStruct(we) {
			return 0, false
		}
		return Pointee, false
	case he.Bool || we.Bool && he.Size == 4 && we.Size == 1 && he.Bool:
		return BoolWidth, he.Size > we.Size
	case (we.Kind == Word || we.Kind == Pointer) && he.Size < we.Size:
		return PointerSize, false
	case he.Handle && he.Kind == Word && h.Dir == DirOut && he.Size > we.Size && we.Kind == Int:
		return 0, false // the marshaller of a SafeHandle takes the value out of a slot that it has zeroed
	}
	// More room than is written is harmless where the rest starts as zero.
	return Pointee, he.Size > we.Size
}

// sizedStruct tells a structure that says its own size, or ends openly.
func (c *comparison) sizedStruct(t *Type) bool { return t.Rec == nil || t.Rec.Tail }

// direction tells whether what the function writes does not come back. The other way round is not
// judged: too many out parameters lack their annotation.
func (c *comparison) direction(h, w *Param) bool {
	if w.Dir != DirOut || h.Dir != DirIn || w.Type.Elem == nil || w.Type.Elem.Kind == Void {
		return false
	}
	return h.Type.Text != NoText && h.Type.Elem != nil && !h.Type.Array || c.copiedIn(h)
}

// copiedIn tells whether the marshaller copies the memory in and never back.
func (c *comparison) copiedIn(h *Param) bool {
	e := h.Type.Elem
	return e != nil && e.Kind == Struct && !h.Type.Writes && !h.Type.Array
}
