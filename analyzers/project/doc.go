// Package project reads the build files of a unit: what the C# projects target, and which native
// libraries are made of which C files.
//
// In:  the build files of the snapshot (MSBuild projects and their imports, CMake, Meson, Automake,
// module definition files) and the paths of its sources.
// Out: *Set, with the project of a C# file (Of), its target frameworks and what they offer (Has), the
// systems and processors it runs on (Targets), and native libraries with sources and exports.
//
// Invariants:
//   - Nothing is run, and nothing outside of the snapshot is read. A condition that depends on how the
//     build is started (configuration, platform, system) counts as both true and false: what it guards
//     is one more alternative.
//   - A value that cannot be told (a variable set elsewhere) is left out; silence is no claim. A name
//     with an unknown part keeps a "*" there.
//   - It never fails: a file that is broken gives what stands before the break, and a problem. Nested
//     imports, variables and lists are bounded.
//   - The result depends on the files only.
//
// No library reads CMake or MSBuild here: those for CMake run or configure it, and the lists of sources
// that are looked for need no more than variables, lists and globs. XML is read with encoding/xml.
package project
