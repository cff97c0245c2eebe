package bankfile

// Format names what a file is: the family of the message and its version, as its content
// says. The name of the file is never looked at.
type Format struct {
	// Family is "camt.052", "camt.053", "camt.054" or "CFONB 120" for what this package reads,
	// or the real name of what was found instead: "pain.001", "MT940", "PDF", "ZIP"…
	Family string
	// Version is "001.02" … "001.08" for ISO 20022 messages, empty when the file does not tell.
	Version string
}

// The families that this package reads.
const (
	camt052  = "camt.052"
	camt053  = "camt.053"
	camt054  = "camt.054"
	cfonb120 = "CFONB 120"
)

// Kind is what the statements of a file are good for.
type Kind uint8

// The kinds. Only a final statement may ever be posted.
const (
	NoStatement Kind = iota // not a file of statements
	Final                   // camt.053, CFONB 120: what the bank has booked, with its balances
	Intraday                // camt.052: the day so far; provisional, for information only
	Notice                  // camt.054: details of lines that a final statement books as well
)

// Kind tells what the statements of this format are good for.
func (f Format) Kind() Kind {
	switch f.Family {
	case camt053, cfonb120:
		return Final
	case camt052:
		return Intraday
	case camt054:
		return Notice
	}
	return NoStatement
}

// String joins family and version as banks write them: "camt.053.001.08".
func (f Format) String() string {
	if f.Version == "" {
		return f.Family
	}
	return f.Family + "." + f.Version
}

// Readable tells whether Open goes on to read this format.
func (f Format) Readable() bool { return f.Kind() != NoStatement }
