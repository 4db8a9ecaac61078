package models

import _ "embed"

//go:embed curated/since.tsv
var curatedSince string

// Since returns the versions from which a .NET member ("GC.AllocateArray", "PinnedGCHandle..ctor") is
// there, as "net35, netcore1.0", "net5.0" or "netcore2.1, ns2.1"; "" when that is not known. Versions
// of .NET Framework are written without a dot.
func (db *DB) Since(member string) (since string) {
	eachRow(find(curatedSince, member), func(f []string) { since = field(f, 1) })
	if since != "" {
		return since
	}
	for _, m := range db.DotNet(member) {
		if m.Since != "" {
			return m.Since
		}
	}
	return ""
}
