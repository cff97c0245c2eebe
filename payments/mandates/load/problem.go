package load

import "masp/payments/jsonread"

// Problem is one thing to correct in a load file. Its code is one of jsonread or that of a
// mandates.Violation; its line is 0 when the load does not come from a file.
type Problem = jsonread.Problem

// Error is everything that keeps a load from being written, in the order of the
// file: at most 100 problems, and how many more there are.
type Error struct{ jsonread.List }

// Error counts; places may hold references but no personal text.
func (e *Error) Error() string { return "load refused: " + e.Summary() }

// French lists the problems, one per line.
func (e *Error) French() string {
	return "Le fichier n'est pas chargé, rien n'a été écrit :" + e.Lines()
}

// refused is nil when nothing was noted.
func refused(found *jsonread.Problems) error {
	if list, wrong := found.List(); wrong {
		return &Error{list}
	}
	return nil
}
