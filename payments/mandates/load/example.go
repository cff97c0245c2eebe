package load

import _ "embed"

// Example is a whole file of an invented organisation: the format by an example, with references
// that never change, so that a trial can be repeated word by word.
//
//go:embed example.json
var Example []byte
