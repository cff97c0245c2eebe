package bankfile

import "io"

// openCFONB does not read CFONB 120 yet.
func openCFONB(io.Reader) (decoder, Format, error) {
	f := Format{Family: cfonb120}
	return nil, f, notStatement(f)
}
