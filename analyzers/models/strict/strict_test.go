package strict

import (
	"fmt"
	"strings"
	"testing"
)

type sample struct {
	Name  string   `yaml:"name"`
	Count int      `yaml:"count"`
	On    bool     `yaml:"on"`
	Words []string `yaml:"words"`
	Inner inner    `yaml:"inner"`
	List  []inner  `yaml:"list"`
	Ptr   *int     `yaml:"ptr"`
	More  more     `yaml:",inline"`
}

type inner struct {
	place Place
	Left  string  `yaml:"left"`
	Again *sample `yaml:"again"`
}

func (i *inner) SetPlace(p Place) { i.place = p }

type more struct {
	Extra string `yaml:"extra"`
}

func TestDecode(t *testing.T) {
	var s sample
	text := "\ufeffname: a\r\ncount: 3\r\non: true\r\nwords: one\r\ninner:\r\n  left: &x l\r\nlist:\r\n- left: *x\r\n-  left: m\r\nptr: 7\r\nextra: e\r\n"
	if err := Decode("f", []byte(text), &s); err != nil {
		t.Fatal(err)
	}
	if s.Name != "a" || s.Count != 3 || !s.On || len(s.Words) != 1 || s.Inner.Left != "l" || len(s.List) != 2 || s.List[0].Left != "l" || *s.Ptr != 7 || s.More.Extra != "e" {
		t.Errorf("%+v", s)
	}
	if s.List[1].place != (Place{9, 4}) {
		t.Errorf("the second item is at %v", s.List[1].place)
	}
}

func TestNothingIsAbsent(t *testing.T) {
	for _, text := range []string{"", "\n", "# only this\n", "---\n", "name:\nlist:\ninner: ~\n", "\ufeff", "\xff\xfe#\x00\n\x00"} {
		var s sample
		if err := Decode("f", []byte(text), &s); err != nil || s.Name != "" || s.List != nil {
			t.Errorf("%q: %v %+v", text, err, s)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"nmae: a", `f:1:1: unknown key "nmae": did you mean name?`},
		{"inner:\n  zzzzzz: a", `f:2:3: unknown key "zzzzzz": use left or again`},
		{"name: a\nname: b", `f:2:1: "name" is there twice, first in line 1`},
		{"count: many", `f:1:8: expected a number, found "many"`},
		{"on: maybe", `f:1:5: expected true or false, found "maybe"`},
		{"name: [a]", `f:1:7: expected a single value, found a list`},
		{"inner: a", `f:1:8: expected keys and values, found "a"`},
		{"list:\n- left: [a]", `f:2:9: expected a single value, found a list`},
		{"- a", `f:1:1: expected keys and values, found a list`},
		{"just words", `f:1:1: expected keys and values, found "just words"`},
		{"a: b\n---\nc: d", `f:2:1: a second document begins here`},
		{"name: a\n\tcount: 1\n", `f:2:1: a tab: YAML is indented with spaces`},
		{"inner:\n\tleft: 1\n", `f:2:1: a tab: YAML is indented with spaces`},
		{"name: \"a\n", `f:1:1: found unexpected end of stream`},
		{"name: a: b", `f:1:1: mapping values are not allowed in this context`},
		{"name: a\ninner:\n  left: a\n left: b\n", `f:4:2: did not find expected key`},
		{"name: a\nlist: [a,\n  b\ncount: 1\n", `f:2:1: did not find expected ',' or ']'`},
		{"name: a\xff\n", `f:1:8: this is not UTF-8`},
		{"ab\x00", `f:1:3: a control character`},
		{"<<: {name: a}", `f:1:1: keys are not merged here`},
		{"[a]: b", `f:1:1: expected a key, found a list`},
		{"name: *no", `unknown anchor 'no' referenced`},
	} {
		var s sample
		err := Decode("f", []byte(c.text), &s)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n%v, want\n%s", c.text, err, c.want)
		}
	}
}

func TestAllMistakesAreTold(t *testing.T) {
	var s sample
	err := Decode("f", []byte("count: x\non: perhaps\nnmae: z\nlist: [{rigth: 1}]\n"), &s)
	if got := Errors(err); len(got) != 4 || got[3].Place != (Place{4, 9}) {
		t.Errorf("%d mistakes: %v", len(got), err)
	}
	if err := Decode("f", []byte(strings.Repeat("a1: 1\n", 500)), &s); len(Errors(err)) != maxErrors {
		t.Errorf("%d mistakes", len(Errors(err)))
	}
}

// What could fill the memory or never end is refused.
func TestHostile(t *testing.T) {
	var b strings.Builder
	b.WriteString("words: &a0 [x, x, x, x, x, x, x, x, x]\nlist:\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "- &b%d\n  again:\n    list: [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*b%d, ", max(i-1, 1)), 9), ", "))
	}
	for _, text := range []string{
		b.String(),
		"list: &l\n- again:\n    list: *l\n",
		strings.Repeat("[", 20000),
		"list: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		strings.Repeat("inner: {again: {", 3000),
	} {
		var s sample
		if err := Decode("f", []byte(text), &s); err == nil {
			t.Errorf("%.60q was taken", text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("name: a\nlist: [{left: b}]\n"))
	f.Add([]byte("inner: &a {again: {inner: *a}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s sample
		for _, e := range Errors(Decode("f", text, &s)) {
			if e.Line < 0 || e.Column < 0 || e.Msg == "" {
				t.Errorf("%+v", e)
			}
		}
	})
}
