package syntax

import (
	"context"
	"fmt"
	"github.com/pinvet/pinvet/analyzers/source"
	"os"
	"path/filepath"
	"testing"
)

func TestErrs(t *testing.T) {
	p := os.Getenv("F")
	f, err := source.Read(filepath.Dir(p), filepath.Base(p))
	if err != nil {
		t.Fatal(err)
	}
	r := Parse(context.Background(), f)
	for v, tr := range r.Views {
		os.WriteFile(fmt.Sprintf("/tmp/try/view%d", v), tr.Norm, 0644)
		for i := range tr.Nodes {
			n := tr.Nodes[i]
			if n.Flags&(Error|Missing) != 0 && n.End-n.Start < 5000 {
				at := f.Position(int(n.Start))
				fmt.Printf("view %d %d:%d %s len %d: %s\n", v, at.Line, at.Col, tr.KindName(NodeID(i)), n.End-n.Start, f.LineText(at.Line))
			}
		}
	}
	for _, a := range r.Arms {
		fmt.Println(f.Position(a.Start).Line, f.Position(a.End).Line, a.Condition, a.Taken)
	}
}
