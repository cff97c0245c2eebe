// Package v1test is the whole service on a database of its own, for tests: the invented organisation
// of load.Example behind every operation of the contract, and the pages that a test wants beside them.
package v1test
