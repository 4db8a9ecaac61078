package models

import "testing"

// The first lookup of a fresh DB must not parse the tables.
func BenchmarkStartup(b *testing.B) {
	for b.Loop() {
		db := &DB{layers: []*layer{dataLayer(), curatedLayer()}}
		if db.Func("CreateFileW") == nil || db.DotNet("GCHandle.Alloc") == nil {
			b.Fatal("not found")
		}
	}
}

func BenchmarkFuncCold(b *testing.B) {
	for b.Loop() {
		db := &DB{layers: Default().layers}
		for _, tt := range handPicked {
			db.Func(tt.name)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(handPicked)), "ns/func")
}

func BenchmarkFuncWarm(b *testing.B) {
	db := Default()
	for b.Loop() {
		db.Func("CreateFileW")
	}
}

func BenchmarkFuncUnknown(b *testing.B) {
	for b.Loop() {
		db := &DB{layers: Default().layers}
		db.Func("my_own_helper")
	}
}

func BenchmarkNames(b *testing.B) {
	for b.Loop() {
		Default().Names()
	}
}

// A run over a large tree makes one, and asks it of each name.
func BenchmarkFilter(b *testing.B) {
	for b.Loop() {
		keysOf(Default().eachTable)
	}
}
