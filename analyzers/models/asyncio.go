package models

import _ "embed"

//go:embed curated/dotnet_async.tsv
var curatedDotnetAsync string

// DotNetAsync tells which argument (0-based) of a member ("Type.Member", short) is a buffer that
// the operation behind the returned task uses until that task is complete. ok is false when the
// member is not known to start such an operation.
func (db *DB) DotNetAsync(member string) (arg int, ok bool) {
	eachRow(find(curatedDotnetAsync, member), func(f []string) {
		arg, ok = atoi(field(f, 1), 0), true
	})
	return arg, ok
}
