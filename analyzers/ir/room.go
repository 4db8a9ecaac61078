package ir

// Room is memory for bodies that are soon packed: builders of a file that has one put blocks and instructions there, and
// after Clear those of the next file lie at the same places. Lowering would otherwise make several times the size of all
// bodies of garbage.
type Room struct {
	instrs shelf[Instr]
	blocks shelf[Block]
	refs   shelf[instrRef]
}

// Elements of one array, and how many arrays a room keeps for the next file: some 8 MB.
const (
	shelfSize = 4096
	maxRoom   = 16
)

// shelf hands out parts of arrays.
type shelf[T any] struct {
	full [][]T
	free []T // the rest of the last of full
	idle [][]T
}

// take is an empty list with room for n elements, which are zero.
func (s *shelf[T]) take(n int) []T {
	if n > shelfSize/2 {
		return make([]T, 0, n)
	}
	if len(s.free) < n {
		if last := len(s.idle) - 1; last >= 0 {
			s.free, s.idle = s.idle[last], s.idle[:last]
		} else {
			s.free = make([]T, shelfSize)
		}
		s.full = append(s.full, s.free)
	}
	out := s.free[:0:n]
	s.free = s.free[n:]
	return out
}

// push is append, with room from the shelf.
func (s *shelf[T]) push(list []T, x T) []T {
	if len(list) == cap(list) {
		list = append(s.take(max(usualBlock, 2*len(list))), list...)
	}
	return append(list, x)
}

// clear keeps so many arrays for what is put there next.
func (s *shelf[T]) clear(keep int) {
	for i, list := range s.full {
		if len(s.idle) < keep {
			if i == len(s.full)-1 {
				clear(list[:len(list)-len(s.free)]) // what is free was never given away
			} else {
				clear(list)
			}
			s.idle = append(s.idle, list)
		}
	}
	s.full, s.free = s.full[:0], nil
}

// Clear takes back all that was put there. No body may hold any of it: they are packed, or dropped.
func (r *Room) Clear() {
	r.instrs.clear(maxRoom)
	r.blocks.clear(maxRoom)
	r.refs.clear(maxRoom)
}

// BuildIn says where the bodies of the file are built; it must be packed before r is cleared.
func (f *File) BuildIn(r *Room) { f.room = r }
