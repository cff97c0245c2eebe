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
//   - Mandate.Check; PostgreSQL says them again (0005, 0011)
//   - ThreatNote, beside the ground; it is read by name, and the reading is an act
//   - Scale and Contribution, whose line is a bill; PostgreSQL computes the ceiling again (0026)
//   - Convention; R-024: Activity: CourtBenefit
//   - Renewal, a further contract of the same measure, and its signatures
//   - Amendment, from a day on; what a run was made with stays as it was
//   - EndTx, TermReachedTx, Closing
//   - Mandate.Destination, where a credit goes
//   - Policy
//   - R-025 and table 1.B: Catalogue seeds the table of benefits; Check judges a row that is added
//   - Expect and Prospect.Next, what should come; what came is package imports'
//   - PayerCalendar, on which day a payer pays a month of right
//   - Residual and HousingRecord, which lead the lines of rent and charges
//   - Due, effective-dated; AmountChange, in the past too; Obligation.Instalments
//   - RemittanceDates
//   - SeizureProof; R-094: AidRequest, handed over while it is open; R-156: Contact, DebtUpdate
//   - Debt and its movements; PostgreSQL keeps the sum (0013)
//   - Debt.BlockOn, Freeze, FileStep; masp.law_forbids says it again
//   - Plan and Arrears
//   - Obligation.Check, by the words of package sepa; a reference betrays nobody
//   - Obligation.Split; Agreement, without which nobody pays the part of another
//
// A broken rule is a *Violation with its number, a stable code and a French
// sentence; a check returns all of them at once as Violations.
//
// # Services
//
// Service keeps creditors, obligations and mandates, and records an act for each change in
// the log. Who changes something is a Principal; the acts that need two persons hand his
// secret to the database. A new IBAN is proposed by one, confirmed by another, and then held
// those of a load are signed by two. Package load brings the first dossiers.
//
// # Decisions
//
//   - How one reaches the organisation (FrontDoor) is public and of the program's own pages; who said it last, and
//     what was said before, stays. The name of who looks after a mandate (masp.coordinator_of) is for who sees the mandate:
//     a person knows who helps her, and no other user.
//   - Rent and rental charges are senior whatever a stored policy says: the law
//     ranks them, so Policy.IsSenior does not ask the contract.
//   - A due day is the day of the contract. The run pays on banking days.
//   - The row of a measure carries its first contract; each further one is a row of renewals. last_day
//     is the end of the last contract that all have signed: whoever asks how long the measure
//     lasts reads that. A renewal counts at its last signature, which comes before the end of the
//     contract before it; after a gap, for which somebody gives a reason, it counts from its first
//     day, and the measure that had reached its term goes on with the months it has used.
//   - An amendment never reaches back: its terms begin after every run that stands (cancel the run,
//     or choose a later day). A level changes on the day itself, and down to MASP 1 only at zero.
//   - A person has one measure at a time, and 48 months over all of them: PostgreSQL counts
//     them again when a measure begins or is renewed (0011, 0017).
//   - What falls due is due from the first day of a measure with money and of these books, whether a
//     run asks for it or not; masp.unpaid_rents is the one answer to which rents are unpaid.
//   - The law is silent on a suspension. Ours stops every run, keeps receiving, and cancels the
//     remittances that wait, because nobody may decide on them meanwhile; what they held is shared
//     out by the first run after it. The term of the contract goes on, and ends a suspended measure too.
//   - MASP 3 is no level here: it is an order of the judge beside the measure. While it runs, its rent is
//     blocked PAID_BY_THIRD_PARTY on that day and its benefit is not expected on the account.
//   - Measures of a Département need a convention from the day on which it has made one; without any,
//     nobody asks. A running measure is not stopped: its renewal is, until the next convention is there.
//   - A contribution is an OTHER_BILL: after rent, home and debts. Its line ends and begins by
//     SetContribution only, because only that asks for the ceiling.
//   - What of the month of death is due stands in the catalogue; until the Département has said it in
//     writing, nothing is, and what comes waits for the payer's claim. UNTIL_DAY waits whole: the
//     claim names the part.
//   - A measure that is closed is at zero; money that comes later goes to RESTITUTION as after any end.
//   - Why a measure is needed is read by coordinators alone: who approves, accounts or audits does so
//     without notes. A program keeps dossiers within the scopes of its token; an admin sets
//     what names nobody: the catalogue, scales, calendars, tolerances, conventions.
//   - The text of an evaluation stays out of the log of acts: it is the person's. Its row is sealed.
//   - What is owed of a debt is the sum of its movements; no program writes it otherwise. The same
//     withholding of a debt, of the same amount and day, is noted once.
//   - A rise learnt late is asked by single lines due on the day on which it is noted: a past rent
//     would be arrears. A line of the current month that is unpaid simply has the new amount.
//   - Measures imposed by the commission bring plan lines; those that began before stay frozen.
//   - Unknown benefit means not manageable: a credit is never guessed in.
package mandates
