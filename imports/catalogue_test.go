package imports_test

import "masp/payments/mandates"

// catalogue fills the catalogue of the world as the first load of an organisation does.
func (w *world) catalogue() {
	w.t.Helper()
	for _, b := range mandates.Catalogue() {
		w.exec(`INSERT INTO masp.benefits (code, valid_from, label, legal_item, payers, manageable, third_party_excluded, purpose)
			VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''))`,
			b.Code, b.From, b.Label, b.LegalItem, b.Payers, b.Manageable, b.ThirdPartyExcluded, b.Purpose)
	}
}
