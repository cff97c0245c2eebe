package load

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"masp/api/auth"
	"masp/payments/jsonread"
)

// maxKeys is more than a load file has sections.
const maxKeys = 64

// Read reads a load file of version 1, strictly: unknown and duplicate keys, wrong
// types, impossible dates, amounts and IBANs, anything after the end. It goes on after a
// problem: an *Error names them all with their places. File.Check judges what the
// file says; another error is that of the reader.
func Read(r io.Reader) (File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, jsonread.MaxBytes+1))
	if err != nil {
		return File{}, fmt.Errorf("read the load file: %w", err)
	}
	return parse(raw)
}

var byteOrderMark = []byte("\uFEFF")

func parse(raw []byte) (File, error) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	found := jsonread.NewProblems(raw)
	f := File{raw: raw, at: map[string][]int{}}
	if found.CheckSyntax() {
		f.readTop(found)
		f.nameOwners()
	}
	return f, refused(found)
}

// readTop reads the sections one element at a time, so that a large file costs no tree.
func (f *File) readTop(found *jsonread.Problems) {
	s := jsonread.NewScanner(f.raw, 0)
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
		return len(seen) <= maxKeys && f.readMember(s, found, key)
	})
	if all && !slices.Contains(seen, "masp_load") {
		found.Add(0, "/masp_load", "missing", "Il manque « masp_load » : la version du format, 1.")
	}
}

// readMember reads one member of the file; false when its shape forbids going on.
func (f *File) readMember(s *jsonread.Scanner, found *jsonread.Problems, key string) bool {
	read, section := f.sections()[key]
	at := s.At()
	if section && s.Next() == jsonread.ListKind {
		return f.readSection(s, found, key, read)
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
		f.Organisation = readOrganisation(o)
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
func (f *File) readSection(s *jsonread.Scanner, found *jsonread.Problems, key string, read func(object)) bool {
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
		f.at[key] = append(f.at[key], n.At)
		read(o)
		o.End()
		return true
	})
}

// sections are the lists of the file and who reads an element of each.
func (f *File) sections() map[string]func(object) {
	return map[string]func(object){
		inUsers:         func(o object) { f.Users = append(f.Users, readUser(o)) },
		inBankAccounts:  func(o object) { f.BankAccounts = append(f.BankAccounts, readBankAccount(o)) },
		inCreditors:     func(o object) { f.Creditors = append(f.Creditors, readCreditor(o)) },
		inBeneficiaries: func(o object) { f.Beneficiaries = append(f.Beneficiaries, readBeneficiary(o)) },
		inConventions:   func(o object) { f.Conventions = append(f.Conventions, readConvention(o)) },
		inMandates:      func(o object) { f.Mandates = append(f.Mandates, readMandate(o)) },
		inExpected:      func(o object) { f.Expected = append(f.Expected, readExpected(o)) },
		inDebts:         func(o object) { f.Debts = append(f.Debts, readDebt(o)) },
		inObligations:   func(o object) { f.Obligations = append(f.Obligations, readObligation(o)) },
	}
}

func readUser(o object) auth.User {
	u := auth.User{ID: o.Text("id"), Name: o.Text("name"), Email: o.OptText("email"), Until: o.Date("until", false)}
	for _, role := range o.Texts("roles", true) {
		u.Roles = append(u.Roles, auth.Role(role))
	}
	slices.Sort(u.Roles)
	return u
}
