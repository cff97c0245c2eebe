package mandates

import "masp/payments/jsonread"

// Problem is one thing to correct in a load file. Its code is one of jsonread or that of a
// [Violation]; its line is 0 when the load does not come from a file.
type Problem = jsonread.Problem

// LoadError is everything that keeps a load from being written, in the order of the
// file: at most 100 problems, and how many more there are.
type LoadError struct{ jsonread.List }

// Error counts; places may hold references but no personal text.
func (e *LoadError) Error() string { return "load refused: " + e.Summary() }

// French lists the problems, one per line.
func (e *LoadError) French() string {
	return "Le fichier n'est pas chargé, rien n'a été écrit :" + e.Lines()
}

// refusedLoad is nil when nothing was noted.
func refusedLoad(found *jsonread.Problems) error {
	if list, wrong := found.List(); wrong {
		return &LoadError{list}
	}
	return nil
}
