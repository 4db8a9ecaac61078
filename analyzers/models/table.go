package models

import "strings"

// A table is a text of lines with fields between tabs, sorted bytewise by the
// first field. Lines that begin with "#" come first and are comments.

// find returns the lines of the table whose first field is key, "" if none.
func find(table, key string) string {
	if key == "" || key[0] == '#' {
		return ""
	}
	lo, hi := 0, len(table)
	for lo < hi {
		start := lineStart(table, lo+(hi-lo)/2)
		if firstField(table[start:]) < key {
			lo = lineEnd(table, start)
		} else {
			hi = start
		}
	}
	end := lo
	for end < len(table) && firstField(table[end:]) == key {
		end = lineEnd(table, end)
	}
	return table[lo:end]
}

func lineStart(s string, at int) int {
	return strings.LastIndexByte(s[:at], '\n') + 1
}

// lineEnd returns the offset just after the newline of the line that starts at at.
func lineEnd(s string, at int) int {
	if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(s)
}

func firstField(line string) string {
	for i := 0; i < len(line); i++ {
		if line[i] == '\t' || line[i] == '\n' || line[i] == '\r' {
			return line[:i]
		}
	}
	return line
}

// eachRow calls f with the fields of each line of a block of lines.
func eachRow(block string, f func(fields []string)) {
	for len(block) > 0 {
		end := lineEnd(block, 0)
		line := strings.TrimRight(block[:end], "\r\n")
		block = block[end:]
		if line != "" && line[0] != '#' {
			f(strings.Split(line, "\t"))
		}
	}
}

// eachKey calls f with the first field of each line of a block of lines.
func eachKey(block string, f func(string)) {
	for len(block) > 0 {
		end := lineEnd(block, 0)
		if key := firstField(block[:end]); key != "" && key[0] != '#' {
			f(key)
		}
		block = block[end:]
	}
}

// relation names one table of a layer.
type relation uint8

const (
	relSignatures relation = iota
	relAcquires
	relReleases
	relSinks
	relRetains
	relHolds
	relOverlapped
	relWaits
	relBlocks
	relNoReturn
	relScopes
	relIRQL
	relZeroes
	relImplied
	relAliases
	relModules
	relKinds
	relConstants
	relStructs
	relStructAliases
	relCallbacks
	relDotNetMembers
	relDotNetTypes
	relDotNetBorrows
	relDotNetThrows
	numRelations
)

// relationFiles are the base names of the tables, by relation.
var relationFiles = [numRelations]string{
	relSignatures:    "signatures",
	relAcquires:      "acquires",
	relReleases:      "releases",
	relSinks:         "sinks",
	relRetains:       "retains",
	relHolds:         "holds",
	relOverlapped:    "overlapped",
	relWaits:         "waits",
	relBlocks:        "blocks",
	relNoReturn:      "noreturn",
	relScopes:        "scopes",
	relIRQL:          "irql",
	relZeroes:        "zeroes",
	relImplied:       "implied",
	relAliases:       "aliases",
	relModules:       "modules",
	relKinds:         "kinds",
	relConstants:     "constants",
	relStructs:       "structs",
	relStructAliases: "structaliases",
	relCallbacks:     "callbacks",
	relDotNetMembers: "dotnet_members",
	relDotNetTypes:   "dotnet_types",
	relDotNetBorrows: "dotnet_borrows",
	relDotNetThrows:  "dotnet_throws",
}

// layer is one set of tables; a missing table is empty.
type layer [numRelations]string

// rows returns the lines of the highest layer that knows key.
func (db *DB) rows(r relation, key string) string {
	if db.filter.lacks(key, db.eachTable) {
		return ""
	}
	for i := len(db.layers) - 1; i >= 0; i-- {
		if t := db.layers[i][r]; t != "" {
			if block := find(t, key); block != "" {
				return block
			}
		}
	}
	return ""
}
