package models

// DotNetMembers returns the members of the .NET library that the models know, as "Type.Member" with
// short names, in order.
func (db *DB) DotNetMembers() []string { return db.keysOf(relDotNetMembers) }
