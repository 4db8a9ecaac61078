package models

import (
	"fmt"
	"testing"
)

// TestFilter: the filter lets all through that a table has, and keeps most of the rest from being searched for.
func TestFilter(t *testing.T) {
	db := &DB{layers: Default().layers}
	for range filterPays {
		db.rows(relSignatures, "CreateFileW")
	}
	if db.filter.set.Load() == nil {
		t.Fatal("there is no filter after so many questions")
	}
	fresh := &DB{layers: db.layers}
	n := 0
	db.eachTable(func(table string) {
		eachKey(table, func(key string) {
			if n++; n%50 == 0 && db.rows(relSignatures, key) != fresh.rows(relSignatures, key) || db.filter.lacks(key, db.eachTable) {
				t.Errorf("the filter lacks %s", key)
			}
		})
	})
	eachCurated(func(table string) {
		eachKey(table, func(key string) {
			if findCurated(table, key) == "" {
				t.Errorf("nothing is found of %s", key)
			}
		})
	})
	searched := 0
	for i := range 1000 {
		if !db.filter.lacks(fmt.Sprint("my_own_helper", i), db.eachTable) {
			searched++
		}
	}
	if n < 10_000 || searched > 100 {
		t.Errorf("%d of 1000 unknown names are searched for, with %d keys", searched, n)
	}
}
