// Package scenario plays worked months: a dated story of one or more mandates, for
// training, what-if and acceptance.
//
// [Read] reads a story strictly. It tells every problem at once, in French, with its JSON
// pointer and line: form, unknown keys and words, and names that name nothing in the
// story. Whether the money suffices is for the services to say when the story is played.
//
// # Decisions
//
//   - Amounts are integer cents in these files only: 0 to 99 999 999 999, the most that one
//     SEPA transfer carries.
//   - The kinds of payees and debts are open words (capitals and underscores); classes,
//     policies, models, levels, sub-accounts and types of event are closed lists.
//   - Context (housing, household, over-indebtedness, a note anywhere) is accepted and not
//     looked into: the lines of a run already carry what follows from it.
package scenario
