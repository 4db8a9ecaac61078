package session

import (
	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/internal/pinlist"
)

// Pins is the inventory of what pins managed memory, as of the last settled result.
func (s *Session) Pins() []pinlist.Site {
	s.viewMu.RLock()
	defer s.viewMu.RUnlock()
	v := s.view
	if v == nil || v.res == nil {
		return nil
	}
	return pinlist.Resolve(v.res, inventory.List(v.prog, v.life), pinlist.Options{Generated: v.generated})
}
