package models

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Most names that are looked up are those of the analysed code, of which no table knows anything. A filter
// tells of nearly all of them without a search.

// keyFilter is the set of the keys of some tables, and by chance of some other keys. It is made once
// it was asked so often that it pays.
type keyFilter struct {
	asked atomic.Int32
	once  sync.Once
	set   atomic.Pointer[keySet]
}

// keySet has a bit for each hash of a key.
type keySet [1 << 14]uint64

// filterPays is the number of questions that cost what making a filter does.
const filterPays = 8192

var filterSeed = maphash.MakeSeed()

func keyBit(key string) (word int, bit uint64) {
	h := maphash.String(filterSeed, key)
	return int(h >> 6 % uint64(len(keySet{}))), 1 << (h & 63)
}

// lacks tells whether the tables are known not to have key; tables calls do for each of them.
func (k *keyFilter) lacks(key string, tables func(do func(table string))) bool {
	set := k.set.Load()
	if set == nil {
		if k.asked.Add(1) < filterPays {
			return false
		}
		k.once.Do(func() { k.set.Store(keysOf(tables)) })
		set = k.set.Load()
	}
	word, bit := keyBit(key)
	return set[word]&bit == 0
}

func keysOf(tables func(do func(table string))) *keySet {
	set := &keySet{}
	tables(func(table string) {
		eachKey(table, func(key string) {
			word, bit := keyBit(key)
			set[word] |= bit
		})
	})
	return set
}

// eachTable calls do for each table of each layer.
func (db *DB) eachTable(do func(table string)) {
	for _, l := range db.layers {
		for _, table := range l {
			do(table)
		}
	}
}

// curatedFilter is that of the tables that are asked about each call.
var curatedFilter keyFilter

// findCurated is find in one of those.
func findCurated(table, key string) string {
	if curatedFilter.lacks(key, eachCurated) {
		return ""
	}
	return find(table, key)
}

func eachCurated(do func(table string)) {
	for _, table := range []string{curatedRoles, curatedOpScopes, curatedOwnership} {
		do(table)
	}
}
