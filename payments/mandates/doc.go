// Package mandates owns who is helped and what is due: the measure and its
// contracts, the benefits that may be managed, creditors, obligations, debts,
// the living floor and the policy that shares money out.
//
// # Two kinds of file
//
// The nouns (class, policy, mandate, benefit, creditor, obligation, due, debt,
// residual) are rules without SQL, context or clock: they receive a civil.Date.
// The stores and services beside them read and write.
//
// # Rules kept here
//
//   - Mandate.Check
//   - Mandate.Destination, where a credit goes
//   - Policy
//   - R-025 and table 1.B: Catalogue
//   - Residual
//   - Due, effective-dated
//   - RemittanceDates
//   - Debt
//
// A broken rule is a *Violation with its number, a stable code and a French
// sentence; a check returns all of them at once as Violations.
//
// # Decisions
//
//   - Rent and rental charges are senior whatever a stored policy says: the law
//     ranks them, so Policy.IsSenior does not ask the contract.
//   - A due day is the day of the contract. The run pays on banking days.
//   - Unknown benefit means not manageable: a credit is never guessed in.
package mandates
