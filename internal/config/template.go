package config

import _ "embed" // of the template and the schema

// Template is a pinvet.yaml in which everything is a comment.
//
//go:embed template.yaml
var Template []byte

// Schema is the JSON schema of a pinvet.yaml.
//
//go:embed schema/pinvet.schema.json
var Schema []byte
