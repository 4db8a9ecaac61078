package config

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// node is a part of a JSON schema.
type node struct {
	Ref                  string           `json:"$ref"`
	Type                 any              `json:"type"`
	Properties           map[string]*node `json:"properties"`
	AdditionalProperties json.RawMessage  `json:"additionalProperties"`
	Items                *node            `json:"items"`
	OneOf, AllOf         []*node
	Enum                 []any
	Definitions          map[string]*node
}

// holds compares the keys of a struct with those of the schema, all the way down.
func holds(t *testing.T, all, n *node, typ reflect.Type, at string) {
	for n.Ref != "" {
		n = all.Definitions[strings.TrimPrefix(n.Ref, "#/definitions/")]
	}
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice && !reflect.PointerTo(typ).Implements(reflect.TypeFor[strict.Value]()) {
		typ = typ.Elem()
	}
	if len(n.OneOf) > 0 || len(n.AllOf) > 0 {
		for _, m := range append(n.OneOf, n.AllOf...) {
			if m.Type != "null" {
				holds(t, all, m, typ, at)
			}
		}
		return
	}
	if n.Items != nil {
		holds(t, all, n.Items, typ, at)
		return
	}
	if typ.Kind() != reflect.Struct || reflect.PointerTo(typ).Implements(reflect.TypeFor[strict.Value]()) {
		if len(n.Properties) > 0 {
			t.Errorf("%s: the schema has keys, %s has none", at, typ)
		}
		return
	}
	fields := map[string]reflect.Value{}
	keys := strict.Keys(reflect.New(typ).Elem(), fields)
	for _, k := range keys {
		if n.Properties[k] == nil {
			t.Errorf("%s.%s is not in the schema", at, k)
			continue
		}
		holds(t, all, n.Properties[k], fields[k].Type(), at+"."+k)
	}
	for k := range n.Properties {
		if !slices.Contains(keys, k) {
			t.Errorf("%s.%s is in the schema only", at, k)
		}
	}
	if string(n.AdditionalProperties) != "false" {
		t.Errorf("%s: the schema lets unknown keys through", at)
	}
}

func TestSchemaHasTheKeysOfTheStructs(t *testing.T) {
	var n node
	if err := json.Unmarshal(Schema, &n); err != nil {
		t.Fatal(err)
	}
	holds(t, &n, &n, reflect.TypeFor[File](), "")
	var levels []string
	for _, w := range n.Definitions["level"].Enum {
		levels = append(levels, w.(string))
	}
	if !slices.Equal(levels, levelWords) {
		t.Errorf("the schema has the levels %v", levels)
	}
}

// valid tells what the schema says to a text.
func valid(t *testing.T, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pinvet.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("pinvet.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(out)
}

var comment = regexp.MustCompile(`(?m)^#(\S| {2,}\S)`)

// TestTemplate: what pinvet init writes sets nothing; with the comments taken away all of it is right.
func TestTemplate(t *testing.T) {
	text := string(Template)
	f, err := Parse("pinvet.yaml", Template)
	if err != nil || !reflect.DeepEqual(f, &File{}) {
		t.Errorf("the template sets something: %v %+v", err, f)
	}
	var n node
	if err := json.Unmarshal(Schema, &n); err != nil {
		t.Fatal(err)
	}
	var id struct {
		ID string `json:"$id"`
	}
	if json.Unmarshal(Schema, &id); !strings.HasPrefix(text, "# yaml-language-server: $schema="+id.ID+"\n") {
		t.Error("the template does not name the schema")
	}
	head, body, _ := strings.Cut(text, "\n\n")
	full := head + "\n" + comment.ReplaceAllString(body, "$1")
	if f, err = Parse("pinvet.yaml", []byte(full)); err != nil {
		t.Fatalf("%v in\n%s", err, full)
	}
	for k := range n.Properties {
		if !strings.Contains(full, "\n"+k+":") {
			t.Errorf("the template does not show %s", k)
		}
	}
	if err := valid(t, full); err != nil {
		t.Error(err)
	}
	root := tree(t, map[string]string{Name: full, "pinvet-models.yaml": "functions:\n- {name: F, like: CloseHandle}\n"})
	s := load(t, Options{Root: root})
	if l, _ := s.Level("tests/x.cs", "PIN301"); l != Off {
		t.Error("the override does not hold")
	}
	for _, fn := range []string{"F", "MyClose", "MyCloseFile"} {
		if !s.Models().IsReleaser(fn) {
			t.Errorf("%s closes nothing", fn)
		}
	}
}

// TestSchemaAndReaderAgree: both take, or refuse, the same texts.
func TestSchemaAndReaderAgree(t *testing.T) {
	for text, want := range map[string]bool{
		"":                         true,
		"rules:\n":                 true,
		"gate: warning":            true,
		"gate: none":               false,
		"gate: [error]":            false,
		"gates: error":             false,
		"severity: suggestion":     false,
		"paths: {exclude: a}":      true,
		"paths: {exclude: [a, b]}": true,
		"paths: {exclude: {a: b}}": false,
		"paths: {exclude: ['!a']}": false,
		"paths: [a]":               false,
		"generated: {show: true}":  true,
		"generated: {show: 3}":     false,
		"rules: {PIN301: off}":     true,
		"rules: {PIN301: none}":    false,
		"rules: [PIN301]":          false,
		"rules: {'-PIN301': off}":  false,
		"overrides: [{rules: {}}]": false,
		"overrides: [{paths: a}]":  true,
		"models: {files: [a]}":     true,
		"models: {funcs: []}":      false,
		"models: {functions: [{name: F, no-return: true}]}":              true,
		"models: {functions: [{name: F, acquires: {kind: k}}]}":          true,
		"models: {functions: [{name: F, keeps: [{param: x}]}]}":          false,
		"models: {closers: [{name: F, kinds: [k]}, {name: G, like: F}]}": true,
		"models: {owners: [{type: A.B, invalid: [0, -1]}]}":              true,
		"models: {constants: [{name: A, value: 3}]}":                     true,
	} {
		_, err := Parse("pinvet.yaml", []byte(text))
		if schema := valid(t, text); (err == nil) != want || (schema == nil) != want {
			t.Errorf("%q: the reader says %v, the schema %v", text, err, schema)
		}
	}
}

// TestReadme: the examples of the README are right.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(lang string) string {
		_, tail, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n## Configuration\n")
		_, tail, _ = strings.Cut(tail, "```"+lang+"\n")
		body, _, ok := strings.Cut(tail, "```")
		if !ok {
			t.Fatalf("the README has no %s under Configuration", lang)
		}
		return body
	}
	if err := valid(t, block("yaml")); err != nil {
		t.Error(err)
	}
	s := load(t, Options{Root: tree(t, map[string]string{Name: block("yaml"), ".editorconfig": block("ini")})})
	if l, at := s.Level("src/a.cs", "PIN301"); l != Warning || at.File != ".editorconfig" {
		t.Errorf("PIN301 is %s by %s", l, at)
	}
	if l, _ := s.Level("tests/a.cs", "PIN302"); l != Advice {
		t.Errorf("PIN302 is %s in tests", l)
	}
	if on, _ := s.Generated("interop/generated/a/b.cs", false); !on || len(s.Problems()) > 0 {
		t.Errorf("generated %t, %v", on, s.Problems())
	}
	if out, _ := s.Excluded("a/third_party/x.c", false); !out || !s.Models().IsReleaser("DevClose") {
		t.Error("paths or models do not count")
	}
}
