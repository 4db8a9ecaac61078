package models

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func hex(n int64) string { return strconv.FormatInt(n, 16) }

func intsText(ns []int64) string {
	var s []string
	for _, n := range ns {
		s = append(s, strconv.FormatInt(n, 10))
	}
	return strings.Join(s, ",")
}

func toInt64(ns []int) []int64 {
	var out []int64
	for _, n := range ns {
		out = append(out, int64(n))
	}
	return out
}
