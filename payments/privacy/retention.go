package privacy

import (
	"fmt"
	"strings"
	"time"

	"masp/ledger/civil"
)

// Times are how long files stay.
type Times struct {
	ActiveMonths int `json:"active_months"` // in daily use after the end
	AccountYears int `json:"account_years"` // accounts, from the end of their last year
	OtherYears   int `json:"other_years"`   // a file without money
}

// Stage is where a file stands.
type Stage string

// The stages, in their order.
const (
	Active          Stage = "ACTIVE"
	ArchiveProposed Stage = "ARCHIVE_PROPOSED"
	Archived        Stage = "ARCHIVED"
	ErasureProposed Stage = "ERASURE_PROPOSED"
	Erased          Stage = "ERASED"
)

var frenchStages = map[Stage]string{
	Active: "base active", ArchiveProposed: "à archiver", Archived: "archive restreinte",
	ErasureProposed: "à pseudonymiser", Erased: "pseudonymisé",
}

// French is the stage in a word.
func (s Stage) French() string { return frenchStages[s] }

// Ground is what keeps a file: a hold that a person has placed, or a fact of the books.
type Ground string

var frenchGrounds = map[Ground]string{
	"LITIGATION": "litige", "DEBT": "dette", "UNDUE": "indu", "OTHER": "autre raison",
	"BALANCE": "solde non nul", "TRANSFER": "virement en route",
}

// French is the ground in a word.
func (g Ground) French() string { return frenchGrounds[g] }

// File is the file of a person on its way: no name stands in it.
type File struct {
	Person    string     `json:"beneficiary"`
	Stage     Stage      `json:"stage"`
	Began     civil.Date `json:"began_on,omitzero"`   // the time: zero while a measure lasts
	ArchiveOn civil.Date `json:"archive_on,omitzero"` // the last day of daily use
	EraseOn   civil.Date `json:"erase_on,omitzero"`
	Kept      []Ground   `json:"kept_by"`
	Holds     []Hold     `json:"holds"`
	Mandates  []string   `json:"mandates"`
}

// Hold is a reason to keep a file, by a person.
type Hold struct {
	No       int64     `json:"hold"`
	Ground   Ground    `json:"ground"`
	Note     string    `json:"note"`
	PlacedBy string    `json:"placed_by"`
	PlacedAt time.Time `json:"placed_at"`
}

// Proposed is whom the clock has proposed.
type Proposed struct {
	Archive []string `json:"to_archive"`
	Erase   []string `json:"to_erase"`
}

// Opening is an archived file that was opened to one user.
type Opening struct {
	Person string    `json:"beneficiary"`
	By     string    `json:"opened_by"`
	Reason string    `json:"reason"`
	Until  time.Time `json:"until"`
}

// French says the times in a sentence.
func (t Times) French() string {
	return fmt.Sprintf("Base active : %d mois après la fin. Puis archive restreinte : %d ans pour les comptes, %d ans sans argent. "+
		"Puis pseudonymisation, sur décision.", t.ActiveMonths, t.AccountYears, t.OtherYears)
}

// French names what keeps the file, with the numbers of the holds.
func (f File) French() string {
	var words []string
	for _, h := range f.Holds {
		words = append(words, fmt.Sprintf("%s (n° %d)", h.Ground.French(), h.No))
	}
	for _, g := range f.Kept {
		if g == "BALANCE" || g == "TRANSFER" {
			words = append(words, g.French())
		}
	}
	return strings.Join(words, ", ")
}
