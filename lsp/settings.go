package lsp

import (
	"encoding/json"

	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules"
)

// settings are what a client may set, as initializationOptions or as the section "pinvet".
type settings struct {
	Run       string            `json:"run"`       // onType (the default) or onSave
	Severity  map[string]string `json:"severity"`  // by code or name: error, warning, information, hint or off
	Generated bool              `json:"generated"` // findings in generated code too
}

// parseSettings reads settings; what cannot be read is left out. The section may come by itself or
// under its name.
func parseSettings(raw json.RawMessage) (out settings) {
	var whole struct {
		Pinvet json.RawMessage `json:"pinvet"`
	}
	if json.Unmarshal(raw, &whole) == nil && len(whole.Pinvet) > 0 {
		raw = whole.Pinvet
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return out
	}
	// One after the other: one that has a wrong type costs itself only.
	_ = json.Unmarshal(members["run"], &out.Run)
	_ = json.Unmarshal(members["generated"], &out.Generated)
	var severity map[string]json.RawMessage
	_ = json.Unmarshal(members["severity"], &severity)
	for code, v := range severity {
		var word string
		if json.Unmarshal(v, &word) == nil {
			if out.Severity == nil {
				out.Severity = map[string]string{}
			}
			out.Severity[code] = word
		}
	}
	return out
}

// severityOf is how a finding is shown; false when it is not.
func (s *settings) severityOf(code, name string, own rules.Severity) (protocol.DiagnosticSeverity, bool) {
	word, ok := s.Severity[code]
	if !ok {
		word = s.Severity[name]
	}
	switch word {
	case "error":
		return protocol.SeverityError, true
	case "warning":
		return protocol.SeverityWarning, true
	case "information", "info":
		return protocol.SeverityInfo, true
	case "hint":
		return protocol.SeverityHint, true
	case "off", "none":
		return 0, false
	}
	switch own {
	case rules.Error:
		return protocol.SeverityError, true
	case rules.Warning:
		return protocol.SeverityWarning, true
	}
	return protocol.SeverityInfo, true
}
