package ir

import "math"

// Fold evaluates an arithmetic operator on two numbers. ok is false for comparisons, for division
// by zero and for results that no 64-bit number holds; shift counts outside 0..62 are refused.
func Fold(op Sub, a, b int64) (n int64, ok bool) {
	switch op {
	case Add:
		return a + b, true
	case Subtract:
		return a - b, true
	case Mul:
		return a * b, true
	case And:
		return a & b, true
	case Or:
		return a | b, true
	case Xor:
		return a ^ b, true
	case Shl:
		if b >= 0 && b < 63 {
			return a << uint(b), true
		}
	case Shr:
		if b >= 0 && b < 63 {
			return a >> uint(b), true
		}
	case Div:
		if b != 0 && !(b == -1 && a == math.MinInt64) {
			return a / b, true
		}
	case Rem:
		if b != 0 && b != -1 {
			return a % b, true
		}
	}
	return 0, false
}
