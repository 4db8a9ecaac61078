// Package integrations holds the tests of the files that let others run pinvet: the hooks of pre-commit,
// the action of GitHub, the template of GitLab, the targets of MSBuild, and what splits a run: rules for
// Bazel, a makefile. They stand where those look for them, at the top of the repository and below
// integrations.
//
// In: these files, and pinvet as it is built from the repository. Out: nothing.
//
// Invariants: what can be run here is run; a test that needs a tool which is absent says so and is skipped.
package integrations
