package session

import "github.com/pinvet/pinvet/internal/config"

// Configure says which configuration holds from now on; nil is none.
func (s *Session) Configure(c *config.Settings) {
	s.mu.Lock()
	s.config = c
	s.mu.Unlock()
	s.poke()
}

// configure takes a configuration over; true when the folder must be looked at again.
func (u *unit) configure(c *config.Settings) (rescan bool) {
	if c == u.config {
		return false
	}
	old := u.config
	u.config, u.dirty = c, true
	if !c.SameModels(old) {
		u.known = nil
	}
	return !c.SamePaths(old)
}
