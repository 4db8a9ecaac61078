package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// stmt lowers one statement. Code that nothing reaches is passed over, but for what it declares
// and for labels in it.
func (b *body) stmt(n nodeID) {
	if n == none || !b.b.Reachable() && !b.mustLower(n) {
		return
	}
	defer b.leave()
	if !b.enter() {
		b.unknown(n, "nested too deep")
		return
	}
	switch b.kind(n) {
	case syntax.CCompoundStatement:
		b.compound(n)
	case syntax.CExpressionStatement:
		b.exprStmt(n)
	case syntax.CDeclaration:
		b.localDecl(n)
	case syntax.CIfStatement:
		b.ifStmt(n)
	case syntax.CElseClause, syntax.CAttributedStatement:
		b.nested(n)
	case syntax.CWhileStatement:
		b.while(n)
	case syntax.CDoStatement:
		b.do(n)
	case syntax.CForStatement:
		b.forStmt(n)
	case syntax.CSwitchStatement:
		b.switchStmt(n)
	case syntax.CCaseStatement:
		b.caseStmt(n)
	case syntax.CReturnStatement:
		b.returnStmt(n)
	case syntax.CBreakStatement:
		b.breakStmt(n)
	case syntax.CContinueStatement:
		b.continueStmt(n)
	case syntax.CGotoStatement:
		b.gotoStmt(n)
	case syntax.CLabeledStatement:
		b.labeled(n)
	case syntax.CSehTryStatement:
		b.try(n)
	case syntax.CSehLeaveStatement:
		b.leaveStmt(n)
	default:
		b.otherStmt(n)
	}
}

// otherStmt lowers what stands among statements and is rarer.
func (b *body) otherStmt(n nodeID) {
	switch b.kind(n) {
	case syntax.CDeclarationList:
		b.list(n)
	case syntax.CTypeDefinition:
		b.typedef(n)
	case syntax.CStructSpecifier, syntax.CUnionSpecifier, syntax.CEnumSpecifier:
		b.typeSpec(n, "")
	case syntax.CFunctionDefinition:
		b.localFunction(n)
	case syntax.CLinkageSpecification:
		b.stmt(b.child(n, syntax.FieldCBody))
	case syntax.CComment,
		syntax.CPrimitiveType, syntax.CTypeIdentifier, syntax.CSizedTypeSpecifier, syntax.CMacroTypeSpecifier:
	case syntax.KindError:
		b.errorStmt(n)
	default:
		if b.isExpr(n) {
			b.effect(n)
		} else {
			b.unknown(n, "statement "+b.t.KindName(n))
		}
	}
}

// errorStmt lowers a region that did not parse: the statements in it as they stand, and the rest
// as one unknown.
func (b *body) errorStmt(n nodeID) {
	b.problem(b.span(n), "syntax error")
	b.unknown(n, "")
	for c := b.t.FirstChild(n); c != none; c = b.t.NextSibling(c) {
		switch b.kind(c) {
		case syntax.CExpressionStatement, syntax.CDeclaration, syntax.CIfStatement, syntax.CWhileStatement,
			syntax.CDoStatement, syntax.CForStatement, syntax.CSwitchStatement, syntax.CCompoundStatement,
			syntax.CLabeledStatement, syntax.CCallExpression, syntax.CAssignmentExpression, syntax.CSehTryStatement:
			b.stmt(c)
		}
	}
}

// mustLower tells whether dead code has something that live code needs.
func (b *body) mustLower(n nodeID) bool {
	switch b.kind(n) {
	case syntax.CDeclaration, syntax.CTypeDefinition, syntax.CFunctionDefinition:
		return true
	}
	for i := range b.t.Subtree(n) {
		switch b.t.Nodes[i].Kind {
		case syntax.CLabeledStatement, syntax.CCaseStatement:
			return true
		}
	}
	return false
}

// compound lowers a block with a scope of its own.
func (b *body) compound(n nodeID) {
	if !b.is(n, syntax.CCompoundStatement) {
		b.stmt(n)
		return
	}
	mark := len(b.locals)
	b.b.PushScope(b.span(n))
	b.openList(n)
	b.list(n)
	b.closeList()
	b.b.PopScope(b.closing(n))
	b.locals = b.locals[:mark]
}

// list lowers the statements that are children of n, and the macro calls between them that are not in
// the tree.
func (b *body) list(n nodeID) {
	at := b.t.Nodes[n].Start
	for c := b.t.FirstChild(n); c != none; c = b.t.NextSibling(c) {
		node := &b.t.Nodes[c]
		if len(b.t.Rewrites) > 0 && at < node.Start {
			b.lostCalls(at, node.Start)
		}
		at = node.End
		if node.Flags&(syntax.Named|syntax.Extra) != syntax.Named {
			continue
		}
		switch node.Field {
		case syntax.FieldCValue, syntax.FieldCLabel:
			continue
		}
		if node.Kind == syntax.KindError && b.is(n, syntax.CCaseStatement) && b.rangeEnd(n, b.child(n, syntax.FieldCValue)) != none {
			continue
		}
		c = b.listItem(c)
		at = b.t.Nodes[c].End
	}
}

// nested lowers the statements within an else clause or after attributes.
func (b *body) nested(n nodeID) {
	for c := b.t.FirstChild(n); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named && !b.is(c, syntax.CAttributeDeclaration) {
			b.stmt(c)
		}
	}
}

func (b *body) exprStmt(n nodeID) {
	if e := b.inner(n); e != none {
		b.effect(e)
	}
}

func (b *body) ifStmt(n nodeID) {
	if b.rewrittenLoop(n) {
		return
	}
	yes, no, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.cond(b.child(n, syntax.FieldCCondition), yes, no)
	b.at(yes)
	b.stmt(b.child(n, syntax.FieldCConsequence))
	b.jump(end, b.span(n))
	b.at(no)
	b.stmt(b.child(n, syntax.FieldCAlternative))
	b.jump(end, b.span(n))
	b.at(end)
}

func (b *body) returnStmt(n nodeID) {
	v := ir.Temp(0)
	if e := b.inner(n); e != none {
		v, _ = b.value(e)
	}
	b.b.Return(v, b.span(n))
}
