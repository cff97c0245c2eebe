// Package invent makes an association that does not exist, and one month of its
// life: November 2026.
//
// New draws it from a seed, so that the same seed gives the same persons, the
// same load file and the same bank movements. Every person, creditor and account
// is invented (bank code 99999); their IBANs have right check digits and RIB
// keys, so that nothing needs an exception to be read.
//
// The result has two halves that never meet. Load is what the association knows
// and loads on its first day. The bank's half, told by Prepare to a simulated
// bank, is what happens whether the association knows it or not: benefits on
// their day, and the surprises that a month brings. Surprises says which ones,
// in French, for whoever shows the month.
//
// # The shape of a budget
//
// A person has a household shape (shapes.go): the benefits, the rent and who
// receives the housing allowance. When it goes to the landlord, the rent line is
// the residual rent, imputed on rent first. Lower lines are added in
// their order only while the income pays them over the living floor: in an
// ordinary month everything is paid, and what is not paid comes from a surprise.
//
// # The surprises
//
// The first persons carry one each, in the order of the surprise constants: a
// benefit too short for the rent, a late one, a wage that may not be managed, a
// transfer to a landlord that is refused, one to a supplier that comes back, a
// bank fee, a contested debt, a debt frozen by over-indebtedness. On the pooled
// account one benefit arrives without a number, and a stranger sends money to
// somebody's account.
package invent
