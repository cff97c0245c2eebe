package check

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"masp/payments/xmlread"
)

// said is what the bank says of one statement, in cents.
type said struct {
	opening, moved, closing *int64
}

func (s said) differs(stored *statement) bool {
	is := func(told *int64, cents int64) bool { return told == nil || *told == cents }
	if !is(s.moved, stored.moved) {
		return true
	}
	return stored.hasBalances && (!is(s.opening, stored.opening) || !is(s.closing, stored.ending))
}

// readOriginal reads the statements of a file of the bank, in their order.
func (c *checker) readOriginal(f bankFile) ([]said, error) {
	in, err := c.open(f.piece)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	if strings.HasPrefix(f.format, "camt") {
		return readCamt(in)
	}
	return readCFONB(in)
}

// readCamt reads balances and booked entries of each statement of a camt.053.
func readCamt(in io.Reader) (list []said, err error) {
	r := xmlread.New(in, xmlread.Options{})
	var walk func(at int)
	walk = func(at int) {
		for r.Child(at) {
			switch r.Name() {
			case "Stmt":
				list = append(list, readStatement(r))
			case "Document", "BkToCstmrStmt":
				walk(r.Depth())
			default:
				if r.Depth() == 1 { // an envelope around the document
					walk(1)
				}
			}
		}
	}
	walk(0)
	return list, r.Err()
}

func readStatement(r *xmlread.Reader) said {
	var moved int64
	s := said{moved: &moved}
	for at := r.Depth(); r.Child(at); {
		switch r.Name() {
		case "Bal":
			code, cents := readMoney(r)
			switch code {
			case "OPBD", "PRCD":
				s.opening = &cents
			case "CLBD":
				s.closing = &cents
			}
		case "Ntry":
			if status, cents := readMoney(r); status == "BOOK" {
				moved += cents
			}
		}
	}
	return s
}

// readMoney reads the code (kind of a balance, status of an entry) and the signed amount of an element.
func readMoney(r *xmlread.Reader) (code string, cents int64) {
	sign := int64(1)
	var path []string
	var walk func(at int)
	walk = func(at int) {
		for r.Child(at) {
			path = append(path, r.Name())
			switch strings.Join(path, "/") {
			case "Amt":
				cents = centsOf(r.Value())
			case "CdtDbtInd":
				if r.Value() == "DBIT" {
					sign = -1
				}
			case "Tp", "Tp/CdOrPrtry":
				walk(r.Depth())
			case "Tp/CdOrPrtry/Cd", "Sts/Cd":
				code = r.Value()
			case "Sts":
				code = status(r)
			}
			path = path[:len(path)-1]
		}
	}
	walk(r.Depth())
	return code, sign * cents
}

// status is a text in the older versions, and a code within in the newer ones.
func status(r *xmlread.Reader) (text string) {
	at := r.Depth()
	for {
		switch t := r.Next(); {
		case t.Kind == xmlread.None, r.Depth() < at:
			return strings.TrimSpace(text)
		case t.Kind == xmlread.Text:
			text += string(t.Text)
		}
	}
}

const recordLength = 120

// readCFONB reads the statements of a CFONB 120: 01 opens, 04 moves, 07 closes.
func readCFONB(in io.Reader) (list []said, err error) {
	reader := bufio.NewReader(in)
	for {
		record, err := nextRecord(reader)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		if record[:2] == "01" {
			var moved int64
			list = append(list, said{moved: &moved})
		}
		if len(list) == 0 {
			continue
		}
		s, cents := &list[len(list)-1], overpunched(record[90:104], record[16])
		switch record[:2] {
		case "01":
			s.opening = &cents
		case "04":
			*s.moved += cents
		case "07":
			s.closing = &cents
		}
	}
}

// nextRecord reads 120 characters, whatever ends a line.
func nextRecord(in *bufio.Reader) (string, error) {
	record := make([]byte, 0, recordLength)
	for len(record) < recordLength {
		c, err := in.ReadByte()
		if err != nil {
			return "", err // a shorter rest is the end of the file
		}
		if c == '\r' || c == '\n' {
			continue
		}
		record = append(record, c)
	}
	return string(record), nil
}

// overpunched reads an amount whose last character has the sign: { and A to I credit, } and J to R debit.
func overpunched(text string, decimals byte) int64 {
	var n int64
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
		case c == '{':
			n *= 10
		case c >= 'A' && c <= 'I':
			n = n*10 + int64(c-'A'+1)
		case c == '}':
			n *= -10
		case c >= 'J' && c <= 'R':
			n = -(n*10 + int64(c-'J'+1))
		}
	}
	switch decimals {
	case '0':
		return n * 100
	case '1':
		return n * 10
	}
	return n
}
