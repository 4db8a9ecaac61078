// Package strict reads YAML into structs and takes nothing that it does not know.
//
// In: the text of a file that people write by hand, and a struct whose fields carry the tag yaml:"key".
// Out: the filled struct, or an [Error] with file, line and column for each mistake: a key that is
// unknown (with the nearest one that is known) or there twice, a value of the wrong type, text that is no YAML.
//
// Invariants:
//   - All mistakes are told, in the order of the text, up to a bound; a value with a mistake is left out.
//   - Aliases cannot blow up: the number of values that are read is bounded.
//   - A key without a value counts as absent, as its value may be commented out.
//   - Lines and columns count from 1, columns in characters.
package strict
