// Package jsonread reads JSON files that people write or send: every problem is told at
// once, with its JSON pointer, its line and a French sentence that says what to do.
//
// It owns what encoding/json leaves open. The standard decoder stops at the first error,
// keeps no place of a value, lets the last of two equal keys win, takes a key in another
// case and passes over unknown ones. Here a file is first checked by that decoder
// ([Problems.CheckSyntax]), then scanned by a small scanner that may trust it
// ([Scanner], [Node]), then read field by field ([Object]): a key that nobody asks for, a
// key that stands twice, a missing one or one of another type is a problem of the list.
// A field that cannot be read is its zero value, and reading goes on.
//
// Dates, amounts and IBANs belong to the formats that use this package: they read a text
// with [Object.Fit] and note what they refuse with [Object.Wrong].
//
// # Decisions
//
// 2026-11: apart from payments/mandates, where it began: the load file and the stories of
// worked months are two formats with one way to be read and refused.
package jsonread
