// Package load brings an organisation and its dossiers into the books from one JSON file: the
// first file opens the house, each later one adds to it.
//
// # The file, version 1
//
// One JSON object in UTF-8, at most 64 MiB. Money is text ("123.45"), so are days
// ("2026-11-05") and months ("2026-11"). Keys marked ? may be left out. Unknown keys are
// refused. References are 1 to 24 capitals, digits and dashes (obligations: 32).
//
//	masp_load          1
//	organisation       name, siren?, opened_on, iban_hold_hours? (72), in_production?; in a file that adds: left out
//	users              id, name, roles (coordinator, approver, accountant, auditor, admin, machine), email?,
//	                   until? (last day; an auditor has one)
//	bank_accounts      id, iban, bic?, holder, model (INDIVIDUAL, POOLED), pain_version? (001.09, 001.03)
//	creditors          id, name, iban, kind (LANDLORD, INSURER, ENERGY, WATER, TELECOM, PUBLIC, CREDITOR, NOTARY, HEIR, PAYER,
//	                   OTHER; BENEFICIARY is a person's own account), beneficiary? (of BENEFICIARY: the person;
//	                   left out: the one whose remittances it receives)
//	beneficiaries      id, civility?, last_name, first_name, born_on, department,
//	                   payer_numbers? {CAF, MSA, CPAM, CARSAT, CNAV, DEPARTEMENT: number}
//	conventions        id, delegator, delegate, reference, department, territory, places? (INSEE or postal codes; none:
//	                   the whole Département), from, to
//	mandates           id, beneficiary, level (MASP1, MASP2), department, threat_ground (HEALTH, SAFETY, BOTH), threat_note?,
//	                   preceded_by? (MAJ),
//	                   contract {start, end, months_before?, signed_by_person_on?, signed_by_department_on?,
//	                   signed_by_operator_on?, commitments {person, department?, operator?: texts}},
//	                   bank_account, coordinator?, opening_balance?, opening_reserve?, authorised_benefits,
//	                   policy? {class_order?, partial_classes?, living_floor?, shortfall? (STOP, SKIP)},
//	                   convention?, place? (needed once the Département has made a convention, R-017),
//	                   mjagbf? {judgment, benefits, from?}: what a delegate of the family court manages,
//	                   remittance? {to, days? [1–31] or weekly? (1–5)}; in MASP1: no account, benefit or money
//	expected_benefits  mandate, benefit, period, payer, amount, expected_on, third_party? (paid to the landlord)
//	debts              id, mandate, creditor, kind (RENT_ARREARS, ENERGY_ARREARS, FSL_LOAN, CONSUMER_CREDIT, OVERDRAFT,
//	                   BENEFIT_OVERPAYMENT, ALIMONY, FINE, OTHER), principal, outstanding, instalment?, born_on?,
//	                   contested_on?, recovery? (DIRECT, WITHHOLDING)
//	obligations        id, mandate, class (RENT, RENTAL_CHARGE, HOUSING_OTHER, DEBT_PLAN, OTHER_BILL, RESERVE),
//	                   creditor (null for RESERVE), amount, label, reference?, frequency (ONCE, WEEKLY, FORTNIGHTLY,
//	                   MONTHLY, QUARTERLY, YEARLY), due_day?, from, to?, debt?, block? (CONTESTED_DEBT …)
//
// The file is read whole, then judged whole, then written in one transaction. Reading tells
// every problem of form, judging every broken rule, each with JSON pointer and line; when
// the form is wrong the rules are not judged yet. An opening balance is an entry
// "512 bank / 467 person" of the day of opening; in a later file, of the day of the load,
// and only while the bank has sent no statement of that account.
//
// # Decisions
//
//   - The rules of a record stand in package mandates. What is said here is how a file is written,
//     and that what it names is there, in the file or in the house, once.
//   - A load is read by jsonread, which keeps the place of each value and tells every
//     problem at once.
//   - A load does not say the days of past evaluations: the signatures of the
//     contract that it brings vouch for them.
//   - An own account belongs to one person, and nobody else's money goes there: two persons with the
//     same IBAN have a record each.
//   - A contract whose term has passed on the day of the load comes in as ended.
package load
