package config

import (
	"gopkg.in/yaml.v3"

	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// Name is the name of the file.
const Name = "pinvet.yaml"

// File is what a pinvet.yaml says. The keys are described in schema/pinvet.schema.json; a test holds
// both together.
type File struct {
	Severity  Threshold  `yaml:"severity"`
	Gate      Threshold  `yaml:"gate"`
	Baseline  Word       `yaml:"baseline"` // relative to the folder of the pinvet.yaml
	Paths     Paths      `yaml:"paths"`
	Generated Generated  `yaml:"generated"`
	Rules     Levels     `yaml:"rules"`
	Overrides []Override `yaml:"overrides"`
	Models    Models     `yaml:"models"`
}

// Paths says which files are read.
type Paths struct {
	Include []Pattern `yaml:"include"` // none: all
	Exclude []Pattern `yaml:"exclude"`
}

// Generated says which files are generated code beyond those that say so themselves.
type Generated struct {
	Show  Switch    `yaml:"show"`
	Paths []Pattern `yaml:"paths"`
}

// Override is what holds for some files only.
type Override struct {
	Paths []Pattern `yaml:"paths"`
	Rules Levels    `yaml:"rules"`

	at strict.Place
}

// SetPlace is called by the decoder.
func (o *Override) SetPlace(at strict.Place) { o.at = at }

// Models are models of in-house APIs: those of files, relative to the folder of the pinvet.yaml, and
// those that stand here.
type Models struct {
	Files []Word          `yaml:"files"`
	Here  models.UserFile `yaml:",inline"`
}

// Word is a text and its place.
type Word struct {
	strict.Place
	Text string
}

// FromYAML reads it.
func (w *Word) FromYAML(d *strict.Decoder, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		d.Errorf(n, "expected a path, found %s", strict.Found(n))
		return
	}
	w.Text, w.Place = n.Value, strict.PlaceOf(n)
}

// Switch is true or false and its place.
type Switch struct {
	strict.Place
	On bool
}

// FromYAML reads it.
func (s *Switch) FromYAML(d *strict.Decoder, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Decode(&s.On) != nil {
		d.Errorf(n, "expected true or false, found %s", strict.Found(n))
		return
	}
	s.Place = strict.PlaceOf(n)
}

// Parse reads the text of a pinvet.yaml. name is used in messages. The error joins a *strict.Error
// for each mistake; models are checked by Load, which knows them all.
func Parse(name string, text []byte) (*File, error) {
	f := &File{}
	if err := strict.Decode(name, text, f); err != nil {
		return nil, err
	}
	for _, o := range f.Overrides {
		if len(o.Paths) == 0 {
			return nil, &strict.Error{File: name, Place: o.at, Msg: "an override needs paths: what holds everywhere goes into rules"}
		}
	}
	return f, nil
}
