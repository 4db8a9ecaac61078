package finding

import "strings"

// Identity is what the fingerprint is made of, without the ordinal: equal findings of one function share it.
func (f *Finding) Identity() string {
	return strings.Join([]string{f.Code, f.Function, f.Subject, Normalise(f.Statement)}, "\x00")
}

// Place stands for what a finding lies on, whatever encloses it: it survives another name of the
// function, the type or the namespace. It is no identity: equal statements share it.
func (f *Finding) Place() string {
	return hashOf(f.Code+"\x00"+Normalise(f.Statement), 0)[:16]
}
