package bankfile

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"masp/payments/xmlread"
)

// Codes of [FormatError] beside those of xmlread ("truncated", "doctype", "malformed"…).
const (
	CodeUnreadable   = "unreadable"          // the file cannot be read at all
	CodeEmpty        = "empty"               // no byte
	CodeBlank        = "blank"               // blanks and nothing else
	CodeNULs         = "nul_bytes"           // bytes of zero and nothing else: a copy that failed
	CodeNotStatement = "not_a_statement"     // another kind of file, named in Format
	CodeNoStatement  = "no_statement"        // a statement message without any statement
	CodeStatements   = "too_many_statements" // more than a file may have
	CodeHeader       = "header_too_long"     // a number, account or name of a statement is endless
	CodeTwoMessages  = "two_messages"        // two messages in one wrapper
	CodeAmount       = "amount"              // an amount that is no plain, unsigned number
	CodeTwice        = "twice"               // what must stand once stands twice
	CodeNoAmount     = "no_amount"           // a line without amount
	CodeSide         = "side"                // CdtDbtInd absent or unknown
	CodeDate         = "date"                // a day that does not exist

	// Of CFONB 120.
	CodeRecord    = "record"         // a row that is no record: a column too few or too many
	CodeOrder     = "record_order"   // a record that stands where it may not
	CodeAccount   = "record_account" // a record of another account than the statement's
	CodeOverpunch = "record_amount"  // not 13 digits and one that bears the sign
	CodeDecimals  = "decimals"       // a number of decimals that no currency has
	CodeControl   = "control"        // a control character
	CodeAfterEnd  = "after_end"      // a record behind the end mark of the file

	// Of archives: the first five refuse one whole, the others one of its files.
	CodeArchive         = "archive"           // damaged, or cut
	CodeArchiveEmpty    = "archive_empty"     // without any file
	CodeArchiveMembers  = "archive_members"   // with too many files
	CodeArchiveSize     = "archive_size"      // with too many bytes
	CodeArchiveBomb     = "archive_bomb"      // files that overlap, or grow out of nothing
	CodeMemberEncrypted = "member_encrypted"  // a password is needed
	CodeMemberMethod    = "member_compressed" // in a way that is not read
	CodeMemberName      = "member_name"       // a name that leads out of its folder
	CodeMemberSpecial   = "member_special"    // a link, a pipe or a device
	CodeMemberNested    = "member_nested"     // an archive in the archive
	CodeMemberDamaged   = "member_damaged"    // a wrong length or checksum
)

// A FormatError says why a file is refused whole, and where. Line is 0 when there is no
// place to point to.
type FormatError struct {
	Format       Format
	Code         string
	Line, Column int
	Path         string
	// Value is the offending text, shortened. It may hold personal data: not for logs.
	Value string
	Err   error
}

// Error is for developers and logs; it leaves Value out.
func (e *FormatError) Error() string {
	s := "read bank file: " + e.Code
	if e.Line > 0 {
		s += fmt.Sprintf(" at line %d column %d (%s)", e.Line, e.Column, e.Path)
	}
	return s + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// Place is "ligne 12, colonne 8, dans Document/BkToCstmrStmt/Stmt[1]", or "fichier 3 de
// l’archive"; empty without place.
func (e *FormatError) Place() string {
	if e.Line == 0 {
		return e.Path
	}
	x := xmlread.FormatError{Line: e.Line, Column: e.Column, Path: e.Path}
	return x.Place()
}

var sentences = map[string]string{
	CodeUnreadable: "le fichier ne peut pas être lu",
	CodeEmpty:      "le fichier est vide",
	CodeBlank:      "le fichier ne contient que des blancs",
	CodeNULs: "le fichier ne contient que des octets nuls : sa copie a échoué, " +
		"déposez-le de nouveau",
	CodeNoStatement: "le message ne contient aucun relevé",
	CodeTwoMessages: "le fichier contient deux messages, alors qu’il en faut un",
	CodeStatements: "le fichier porte plus de " + strconv.Itoa(statementsMost) +
		" relevés ; demandez-le à la banque en plusieurs fichiers",
	CodeHeader:   "le numéro, le compte ou le titulaire d’un relevé est bien trop long",
	CodeAmount:   "un montant n’est pas un nombre positif écrit comme 1234.50",
	CodeTwice:    "un montant, un sens, un état, une date ou un numéro figure deux fois",
	CodeNoAmount: "une écriture n’a pas de montant",
	CodeSide:     "le sens d’une écriture (crédit CRDT ou débit DBIT) manque ou est inconnu",
	CodeDate:     "une date n’existe pas dans le calendrier",

	CodeRecord: "une ligne n’est pas un enregistrement CFONB 120 (01, 04, 05 ou 07) : " +
		"un caractère y manque ou s’y ajoute",
	CodeOrder: "un enregistrement n’est pas à sa place : un relevé va de 01 à 07, " +
		"les 05 suivent un 04",
	CodeAccount: "un enregistrement porte un autre compte que le relevé où il se trouve",
	CodeOverpunch: "un montant n’est pas fait de 13 chiffres et d’un chiffre signé " +
		"(colonnes 91 à 104) : un caractère manque ou s’ajoute",
	CodeDecimals: "le nombre de décimales (colonne 20) n’est pas un chiffre de 0 à 4",
	CodeControl:  "le fichier contient un caractère de contrôle",
	CodeAfterEnd: "le fichier continue après sa marque de fin",

	CodeArchive:         "l’archive est abîmée ou incomplète ; redemandez-la à la banque",
	CodeArchiveEmpty:    "l’archive ne contient aucun fichier",
	CodeArchiveMembers:  "l’archive contient trop de fichiers",
	CodeArchiveSize:     "l’archive est trop grande une fois décompressée",
	CodeArchiveBomb:     "l’archive est piégée : elle se gonfle sans mesure à la décompression",
	CodeMemberEncrypted: "un fichier de l’archive demande un mot de passe",
	CodeMemberMethod:    "un fichier de l’archive est compressé d’une manière qui n’est pas lue",
	CodeMemberName: "le nom d’un fichier de l’archive mène ailleurs que dans son dossier " +
		"(« .. », barre oblique inverse ou chemin absolu) : ne l’ouvrez pas, demandez à la banque",
	CodeMemberSpecial: "un fichier de l’archive est un lien ou un périphérique, pas un relevé",
	CodeMemberNested: "un fichier de l’archive est lui-même une archive ; décompressez-le " +
		"et importez ce qu’il contient",
	CodeMemberDamaged: "un fichier de l’archive est abîmé ; redemandez-la à la banque",
}

// French is the sentence shown to users: what, where, and what to do.
func (e *FormatError) French() string {
	if e.Code == CodeNotStatement {
		return "Fichier refusé : " + foundInstead(e.Format) + " Rien n’a été enregistré."
	}
	what, ours := sentences[e.Code]
	if !ours {
		x := xmlread.FormatError{
			Line: e.Line, Column: e.Column, Path: e.Path,
			Code: e.Code, Value: e.Value, Err: e.Err,
		}
		return x.French()
	}
	if e.Value != "" {
		what += " (« " + e.Value + " »)"
	}
	if place := e.Place(); place != "" {
		what += ", " + place
	}
	return "Fichier refusé : " + what + ". Rien n’a été enregistré."
}

// inFormat makes a *FormatError of what xmlread reports; errors that are not about the
// content come from the disk.
func inFormat(f Format, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if own, ok := errors.AsType[*FormatError](err); ok {
		return own
	}
	if x, ok := errors.AsType[*xmlread.FormatError](err); ok {
		return &FormatError{
			Format: f, Code: x.Code, Line: x.Line, Column: x.Column,
			Path: x.Path, Value: x.Value, Err: x.Err,
		}
	}
	return &FormatError{Format: f, Code: CodeUnreadable, Err: err}
}
