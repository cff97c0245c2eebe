package mandates

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"masp/api/auth"
	"masp/payments/jsonread"
)

// maxLoadKeys is more than a load file has sections.
const maxLoadKeys = 64

// ReadLoad reads a load file of version 1, strictly: unknown and duplicate keys, wrong
// types, impossible dates, amounts and IBANs, anything after the end. It goes on after a
// problem: a *LoadError names them all with their places. Load.Check judges what the
// file says; another error is that of the reader.
func ReadLoad(r io.Reader) (Load, error) {
	raw, err := io.ReadAll(io.LimitReader(r, jsonread.MaxBytes+1))
	if err != nil {
		return Load{}, fmt.Errorf("read the load file: %w", err)
	}
	return parseLoad(raw)
}

var byteOrderMark = []byte("\uFEFF")

func parseLoad(raw []byte) (Load, error) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	found := jsonread.NewProblems(raw)
	l := Load{raw: raw, at: map[string][]int{}}
	if found.CheckSyntax() {
		l.readTop(found)
	}
	return l, refusedLoad(found)
}

// readTop reads the sections one element at a time, so that a large file costs no tree.
func (l *Load) readTop(found *jsonread.Problems) {
	s := jsonread.NewScanner(l.raw, 0)
	if s.Next() != jsonread.ObjectKind {
		found.Add(s.At(), "", "type", "Le fichier doit être un objet { … }.")
		return
	}
	var seen []string
	all := s.Members(func(key string, at int) bool {
		if slices.Contains(seen, key) {
			found.Add(at, "/"+jsonread.Escape(key), "duplicate_key",
				fmt.Sprintf("« %s » est écrit deux fois.", jsonread.Shorten(key)))
		}
		seen = append(seen, key)
		return len(seen) <= maxLoadKeys && l.readMember(s, found, key)
	})
	if all && !slices.Contains(seen, "masp_load") {
		found.Add(0, "/masp_load", "missing", "Il manque « masp_load » : la version du format, 1.")
	}
}

// readMember reads one member of the file; false when its shape forbids going on.
func (l *Load) readMember(s *jsonread.Scanner, found *jsonread.Problems, key string) bool {
	read, section := l.sections()[key]
	at := s.At()
	if section && s.Next() == jsonread.ListKind {
		return l.readSection(s, found, key, read)
	}
	n, err := s.Value(1)
	place := "/" + jsonread.Escape(key)
	if err != nil {
		found.Add(at, place, "shape", jsonread.FrenchShape(err))
		return false
	}
	switch {
	case section:
		found.Add(at, place, "type", "Il faut une liste [ … ].")
	case key == "organisation" && n.Kind == jsonread.ObjectKind:
		o := object{jsonread.Object{Found: found, Node: &n, Path: place}}
		l.Organisation = readOrganisation(o)
		o.End()
	case key == "organisation" && n.Kind != jsonread.NullKind:
		found.Add(at, place, "type", "Il faut un objet { … }.")
	case key == "organisation":
	case key != "masp_load":
		found.Add(at, place, "unknown_key", fmt.Sprintf("« %s » n'existe pas ici.", jsonread.Shorten(key)))
	case n.Kind != jsonread.NumberKind || n.Text != "1":
		found.Add(at, place, "version", "Cette version du format n'est pas connue : ce programme lit la version 1.")
	}
	return true
}

// readSection reads the elements of a section.
func (l *Load) readSection(s *jsonread.Scanner, found *jsonread.Problems, key string, read func(object)) bool {
	return s.Elements(func(i int) bool {
		n, err := s.Value(2)
		place := fmt.Sprintf("/%s/%d", key, i)
		switch {
		case err != nil:
			found.Add(n.At, place, "shape", jsonread.FrenchShape(err))
			return false
		case n.Kind != jsonread.ObjectKind:
			found.Add(n.At, place, "type", "Il faut un objet { … }.")
			return true
		}
		o := object{jsonread.Object{Found: found, Node: &n, Path: place}}
		l.at[key] = append(l.at[key], n.At)
		read(o)
		o.End()
		return true
	})
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
	u := auth.User{ID: o.Text("id"), Name: o.Text("name")}
	for _, role := range o.Texts("roles", true) {
		u.Roles = append(u.Roles, auth.Role(role))
	}
	slices.Sort(u.Roles)
	return u
}
