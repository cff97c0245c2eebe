package mandates

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"masp/api/auth"
)

// ReadLoad reads a load file of version 1, strictly: unknown and duplicate keys, wrong
// types, impossible dates, amounts and IBANs, anything after the end. It goes on after a
// problem: a *LoadError names them all with their places. Load.Check judges what the
// file says; another error is that of the reader.
func ReadLoad(r io.Reader) (Load, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxLoadBytes+1))
	if err != nil {
		return Load{}, fmt.Errorf("read the load file: %w", err)
	}
	return parseLoad(raw)
}

var byteOrderMark = []byte("\uFEFF")

func parseLoad(raw []byte) (Load, error) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	found := &problems{raw: raw}
	l := Load{raw: raw, at: map[string][]int{}}
	if found.checkSyntax() {
		l.readTop(found)
	}
	return l, found.err()
}

// readTop reads the sections one element at a time, so that a large file costs no tree.
func (l *Load) readTop(found *problems) {
	s := &scanner{raw: l.raw}
	if s.skip() != '{' {
		found.add(s.at, "", "type", "Le fichier doit être un objet { … }.")
		return
	}
	var seen []string
	for s.at++; s.skip() != '}'; {
		if s.raw[s.at] == ',' {
			s.at++
			s.skip()
		}
		keyAt := s.at
		key := s.text()
		s.skip()
		s.at++ // the colon
		if slices.Contains(seen, key) {
			found.add(keyAt, "/"+escapePointer(key), "duplicate_key", fmt.Sprintf("« %s » est écrit deux fois.", shorten(key)))
		}
		if seen = append(seen, key); len(seen) > maxLoadKeys || !l.readMember(s, found, key) {
			return
		}
	}
	if !slices.Contains(seen, "masp_load") {
		found.add(0, "/masp_load", "missing", "Il manque « masp_load » : la version du format, 1.")
	}
}

// readMember reads one member of the file; false when its shape forbids going on.
func (l *Load) readMember(s *scanner, found *problems, key string) bool {
	read, section := l.sections()[key]
	s.skip()
	at := s.at
	if section && s.raw[at] == '[' {
		return l.readSection(s, found, key, read)
	}
	n, err := s.value(1)
	if err != nil {
		found.add(at, "/"+escapePointer(key), "shape", shape(err))
		return false
	}
	place := "/" + escapePointer(key)
	switch {
	case section:
		found.add(at, place, "type", "Il faut une liste [ … ].")
	case key == "organisation" && n.kind == '{':
		o := object{found, &n, place}
		l.Organisation = readOrganisation(o)
		o.end()
	case key == "organisation" && n.kind != 'n':
		found.add(at, place, "type", "Il faut un objet { … }.")
	case key == "organisation":
	case key != "masp_load":
		found.add(at, place, "unknown_key", fmt.Sprintf("« %s » n'existe pas ici.", shorten(key)))
	case n.kind != '0' || n.text != "1":
		found.add(at, place, "version", "Cette version du format n'est pas connue : ce programme lit la version 1.")
	}
	return true
}

// readSection reads the elements of a section.
func (l *Load) readSection(s *scanner, found *problems, key string, read func(object)) bool {
	i := 0
	for s.at++; s.skip() != ']'; i++ {
		if s.raw[s.at] == ',' {
			s.at++
		}
		n, err := s.value(2)
		place := fmt.Sprintf("/%s/%d", key, i)
		switch {
		case err != nil:
			found.add(n.at, place, "shape", shape(err))
			return false
		case n.kind != '{':
			found.add(n.at, place, "type", "Il faut un objet { … }.")
			continue
		}
		o := object{found, &n, place}
		l.at[key] = append(l.at[key], n.at)
		read(o)
		o.end()
	}
	s.at++
	return true
}

// sections are the lists of the file and who reads an element of each.
func (l *Load) sections() map[string]func(object) {
	return map[string]func(object){
		inUsers:         func(o object) { l.Users = append(l.Users, readUser(o)) },
		inBankAccounts:  func(o object) { l.BankAccounts = append(l.BankAccounts, readBankAccount(o)) },
		inCreditors:     func(o object) { l.Creditors = append(l.Creditors, readCreditor(o)) },
		inBeneficiaries: func(o object) { l.Beneficiaries = append(l.Beneficiaries, readBeneficiary(o)) },
		inMandates:      func(o object) { l.Mandates = append(l.Mandates, readMandate(o)) },
		inExpected:      func(o object) { l.Expected = append(l.Expected, readExpected(o)) },
		inDebts:         func(o object) { l.Debts = append(l.Debts, readDebt(o)) },
		inObligations:   func(o object) { l.Obligations = append(l.Obligations, readObligation(o)) },
	}
}

func readUser(o object) auth.User {
	u := auth.User{ID: o.text("id"), Name: o.text("name")}
	for _, role := range o.texts("roles", true) {
		u.Roles = append(u.Roles, auth.Role(role))
	}
	slices.Sort(u.Roles)
	return u
}
