package pinlist

import (
	"encoding/json"
	"io"

	"github.com/pinvet/pinvet/analyzers/inventory"
)

// JSONVersion is the version of the JSON format. It rises when a field is removed or changes its
// meaning.
const JSONVersion = 1

type jsonList struct {
	Version  int           `json:"version"`
	Tool     jsonTool      `json:"tool"`
	Totals   []jsonTotal   `json:"totals"`
	Sites    []Site        `json:"sites"`
	Problems []jsonProblem `json:"problems"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonTotal struct {
	Class inventory.Class `json:"class"`
	Kind  inventory.Kind  `json:"kind"`
	Sites int             `json:"sites"`
}

type jsonProblem struct {
	Path string `json:"path,omitempty"`
	Line int    `json:"line,omitempty"`
	Text string `json:"text"`
}

// JSON writes l as one document that ends in a line feed.
func JSON(w io.Writer, l *List) error {
	doc := jsonList{Version: JSONVersion, Tool: jsonTool{"pinvet", l.Version}, Totals: []jsonTotal{}, Sites: l.Sites, Problems: []jsonProblem{}}
	if doc.Sites == nil {
		doc.Sites = []Site{}
	}
	for _, c := range inventory.Classes {
		for _, k := range l.kinds() {
			if n := l.count(c, k); n > 0 {
				doc.Totals = append(doc.Totals, jsonTotal{c, k, n})
			}
		}
	}
	for _, p := range l.Problems {
		doc.Problems = append(doc.Problems, jsonProblem{p.Path, p.Line, p.Text})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}
