package syntax

//go:generate go run ./gen
