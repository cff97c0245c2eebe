// Package evidence is what an auditor takes away, and what leaves the house so that nobody can rewrite
// it: the bundle of evidence, and the seal of the day.
package evidence
