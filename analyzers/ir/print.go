package ir

import (
	"fmt"
	"strconv"
	"strings"
)

var subNames = [...]string{"?", "!", "-", "~", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "text"}

func (s Sub) String() string { return subNames[s] }

// Negate returns the comparison that holds exactly when s does not, and whether s is one.
func (s Sub) Negate() (Sub, bool) {
	switch s {
	case Eq:
		return Ne, true
	case Ne:
		return Eq, true
	case Lt:
		return Ge, true
	case Ge:
		return Lt, true
	case Gt:
		return Le, true
	case Le:
		return Gt, true
	}
	return s, false
}

// Swap returns the comparison with its operands exchanged.
func (s Sub) Swap() Sub {
	switch s {
	case Lt:
		return Gt
	case Gt:
		return Lt
	case Le:
		return Ge
	case Ge:
		return Le
	}
	return s
}

// Print renders f as text: one line for each instruction, stable, used in golden tests.
func Print(f *Func) string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "func %s(", f.FullName())
	for i, p := range f.Params {
		if i > 0 {
			sb.WriteString(", ")
		}
		v := f.Var(p)
		if v.Ref != ByValue {
			sb.WriteString(v.Ref.String() + " ")
		}
		fmt.Fprintf(&sb, "%s %s", v.Name, v.Type)
	}
	fmt.Fprintf(&sb, ") %s\n", f.Ret)
	for i := range f.Blocks() {
		printBlock(&sb, f, &f.Blocks()[i])
	}
	return sb.String()
}

func printBlock(sb *strings.Builder, f *Func, b *Block) {
	if (b.ID == f.Exit || b.ID == f.Unwind) && len(b.Instrs) == 0 {
		return
	}
	fmt.Fprintf(sb, "b%d:", b.ID)
	if b.Handler != NoBlock {
		fmt.Fprintf(sb, " handler b%d", b.Handler)
	}
	sb.WriteByte('\n')
	for i := range b.Instrs {
		sb.WriteString("  " + PrintInstr(f, &b.Instrs[i]) + "\n")
	}
	sb.WriteString("  " + printTerm(f, &b.Term) + "\n")
}

func (f *Func) varName(v VarID) string {
	if v < 0 || int(v) >= f.NumVars() {
		return "?"
	}
	n := f.Var(v).Name
	for i := range f.NumVars() {
		if VarID(i) != v && f.Var(VarID(i)).Name == n {
			return n + "#" + strconv.Itoa(int(v))
		}
	}
	return n
}

func (f *Func) target(b BlockID) string {
	switch b {
	case f.Exit:
		return "exit"
	case f.Unwind:
		return "unwind"
	}
	return "b" + strconv.Itoa(int(b))
}

func printTerm(f *Func, t *Term) string {
	switch t.Kind {
	case TermJump:
		return "jump " + f.target(t.Succs[0])
	case TermBranch:
		return fmt.Sprintf("branch t%d %s %s", t.Cond, f.target(t.Succs[0]), f.target(t.Succs[1]))
	case TermSelect:
		s := "select " + f.varName(t.Var)
		for _, x := range t.Succs {
			s += " " + f.target(x)
		}
		return s
	}
	return [...]string{"none", "", "", "", "return", "throw", "unwind", "unreachable"}[t.Kind]
}

var opNames = [...]string{"nop", "const", "name", "varaddr", "field", "member", "elem", "load", "store", "zero", "unary", "bin", "cast", "is", "call", "newarray", "stackalloc", "lambda", "fixed", "unfix", "decl", "scopeend", "lock", "unlock", "await", "yield", "catch", "choice", "ret", "throw", "unknown"}

func (o Op) String() string { return opNames[o] }

// PrintInstr renders one instruction.
func PrintInstr(f *Func, in *Instr) string {
	s := ""
	if in.Dst != 0 {
		s = fmt.Sprintf("t%d = ", in.Dst)
	}
	s += in.Op.String()
	if in.Flags&Implicit != 0 {
		s += ".implicit"
	}
	tail := func(ts ...Temp) {
		for i, t := range ts {
			if i > 0 {
				s += ","
			}
			s += fmt.Sprintf(" t%d", t)
		}
	}
	switch in.Op {
	case OpConst:
		s += " " + printConst(in)
	case OpName:
		s += " " + in.Name
	case OpVarAddr, OpUnfix, OpDecl:
		s += " " + f.varName(in.Var)
	case OpField, OpMember:
		if in.Flags&AddrOperand != 0 {
			s += ".addr"
		}
		tail(in.A)
		s += " ." + in.Name
	case OpElem, OpStore:
		tail(in.A, in.B)
	case OpUnary:
		s += " " + in.Sub.String()
		tail(in.A)
	case OpBin:
		s += fmt.Sprintf(" t%d %s t%d", in.A, in.Sub, in.B)
	case OpCast, OpIs:
		tail(in.A)
		s += " as " + string(in.Type)
	case OpCall:
		s += " " + printCall(in.Call)
	case OpNewArray, OpStackAlloc:
		s += " " + string(in.Type)
		tail(in.A)
		if in.Call != nil {
			s += printArgs(in.Call.Args)
		}
	case OpLambda:
		s += fmt.Sprintf(" #%d", in.Int)
		s += f.varList(in.Vars)
	case OpFixed:
		s += " " + f.varName(in.Var)
		tail(in.A)
	case OpScopeEnd:
		s += f.varList(in.Vars)
	case OpCatch:
		s += " " + string(in.Type)
	case OpChoice:
		s += " " + strconv.Quote(in.Name)
	case OpUnknown:
		if in.Call != nil {
			s += printArgs(in.Call.Args)
		}
	default:
		if in.A != 0 {
			tail(in.A)
		}
	}
	return s
}

func (f *Func) varList(vs []VarID) string {
	s := ""
	for _, v := range vs {
		s += " " + f.varName(v)
	}
	return s
}

func printConst(in *Instr) string {
	switch in.Const {
	case ConstNull:
		return "null"
	case ConstBool:
		return strconv.FormatBool(in.Int != 0)
	case ConstString:
		return strconv.Quote(in.Name)
	case ConstFloat:
		return "float"
	case ConstDefault:
		return "default(" + string(in.Type) + ")"
	case ConstSizeof:
		return "sizeof(" + string(in.Type) + ")"
	case ConstFunc:
		return "&" + in.Name
	}
	return strconv.FormatInt(in.Int, 10)
}

func printCall(c *Call) string {
	if c == nil {
		return "?"
	}
	s := ""
	switch {
	case c.New:
		s = "new " + string(c.Type)
	case c.Fn != 0:
		s = fmt.Sprintf("(t%d)%s", c.Fn, c.Name)
	case c.Recv != 0:
		s = fmt.Sprintf("t%d.%s", c.Recv, c.Name)
	default:
		s = c.Path
	}
	return s + printArgs(c.Args)
}

func printArgs(args []Arg) string {
	s := "("
	for i, a := range args {
		if i > 0 {
			s += ", "
		}
		if a.Name != "" {
			s += a.Name + ": "
		}
		if a.Ref != ByValue {
			s += a.Ref.String() + " "
		}
		s += fmt.Sprintf("t%d", a.Val)
	}
	return s + ")"
}
