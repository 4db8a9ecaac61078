// Package config answers what configuration says about a run and about each file of it.
//
// In: pinvet.yaml, .editorconfig and .globalconfig files, and what a command line asked for. Out:
// [Settings]: which files are read, which count as generated code, how severe each rule is in each
// file and from which line that comes, the models of in-house APIs, the gate, the baseline.
//
// What wins, strongest first:
//
//  1. the command line, and the settings of an editor
//  2. .editorconfig: the file nearest to the source file, in it the last section that matches
//  3. overrides of pinvet.yaml, the last that matches
//  4. rules of pinvet.yaml, a code or name before a prefix, a longer prefix before a shorter one
//  5. .globalconfig, the nearest one
//  6. the rule itself
//
// So pinvet.yaml stands where .NET has its global configuration: a statement about the whole tree, from
// which a folder may differ.
//
// One pinvet.yaml counts for a run: the nearest one in or above the folder that holds all paths, up to
// the top of the repository. What gates a build belongs to the repository; .editorconfig files are
// sought up to "root = true" or the top of the file system, as compilers and editors do.
//
// Invariants:
//   - A mistake in pinvet.yaml, or in models that it names, stops the run; a mistake in .editorconfig is
//     told as a problem, because other tools own that file too.
//   - Nothing that configuration says is run.
//   - No file is read twice for one Settings, and .editorconfig files only where something is asked.
//   - Settings do not change; all methods may be called at the same time, and on nil, which is no
//     configuration at all.
package config
