package lsp_test

import (
	"math/rand/v2"
	"testing"
)

// choices are random numbers that a fuzzer chooses, a byte each; when they are used up, all are low. None is 0, which math/rand throws away again and again.
type choices struct{ left []byte }

func (c *choices) Uint64() uint64 {
	if len(c.left) == 0 {
		return 0x0101010101010101
	}
	b := c.left[0]
	c.left = c.left[1:]
	return uint64(max(b, 1)) * 0x0101010101010101
}

// FuzzServer opens a folder and sends what the input chooses: edits, requests and nonsense. The server must
// answer what comes after, and end in good order.
func FuzzServer(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		script := make([]byte, 300)
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		root := folder(t, map[string]string{"App.cs": app, "dev.c": dev, "Gone.cs": app})
		c := open(t, push(), root)
		babble(t, c, rand.New(&choices{script}), root, min(40, 2+len(script)/4))
		c.Call("shutdown", nil, nil)
		c.Notify("exit", nil)
		if code := c.Exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}
