package bankfile

// Format names what a file is: the family of the message and its version, as its content
// says. The name of the file is never looked at.
type Format struct {
	// Family is "camt.053" for the statements that this package reads, or the real name of
	// what was found instead: "camt.054", "pain.001", "CFONB 120", "PDF", "ZIP"…
	Family string
	// Version is "001.02" … "001.08" for ISO 20022 messages, empty when the file does not tell.
	Version string
}

// camt053 is the family of the bank statements that this package reads.
const camt053 = "camt.053"

// String joins family and version as banks write them: "camt.053.001.08".
func (f Format) String() string {
	if f.Version == "" {
		return f.Family
	}
	return f.Family + "." + f.Version
}

// Readable tells whether Open goes on to read this format.
func (f Format) Readable() bool { return f.Family == camt053 }
