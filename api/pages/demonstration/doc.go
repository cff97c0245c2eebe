// Package demonstration is the way into a demonstration: one page that names the invented persons, with
// their invented secrets, and lets in by one click. `masp demo` alone serves it; no service that keeps
// somebody's money ever does.
package demonstration
