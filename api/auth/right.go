package auth

import "slices"

// The actions of the service: what a route asks of a role, and what a token may be made for.
const (
	ReadPersons    Action = "beneficiaries:read" // files, mandates, benefits, obligations, debts, statements of account
	WritePersons   Action = "beneficiaries:write"
	ReadNotes      Action = "beneficiaries:notes" // evaluations, grounds: who approves, accounts or audits reads none
	ReadCreditors  Action = "creditors:read"
	WriteCreditors Action = "creditors:write"
	ConfirmIBANs   Action = "creditors:confirm"
	ReadRuns       Action = "runs:read"
	PrepareRuns    Action = "runs:prepare"
	ApproveRuns    Action = "runs:approve"
	FileRuns       Action = "runs:file"          // make files, hand them over, void them, stop a transfer
	FetchFiles     Action = "payment_files:read" // the bytes: everybody who is paid stands in them
	ReadBank       Action = "bank:read"          // statements, lines, matches
	ReadSuspense   Action = "suspense:read"      // what is nobody's yet: whoever may find out whose
	ImportBank     Action = "bank:import"
	MatchBank      Action = "bank:match" // identify, undo, rules
	ReadJournal    Action = "journal:read"
	CorrectJournal Action = "journal:correct"
	ReadProof      Action = "reconciliations:read"
	ReadTotals     Action = "totals:read" // what stands of all persons together: nobody's part shows in it
	LockDays       Action = "reconciliations:lock"
	ReadAlerts     Action = "alerts:read"
	WriteAlerts    Action = "alerts:write"
	ReadExports    Action = "exports:read"
	ExportEvidence Action = "exports:bundle" // the originals of the bank name everybody: a person of the house hands them on
	ReadEvents     Action = "events:read"
	WriteSettings  Action = "settings:write" // thresholds, calendars, catalogue
	// Whose books these are and what was chosen: whoever works here; no person stands in it.
	ReadOrganisation Action = "organisation:read"
	ReadUsers        Action = "users:read"
	WriteUsers       Action = "users:write"
	HandPapers       Action = "papers:hand_over"   // a paper given to a person: by who gives it, never a program
	CopyPersons      Action = "beneficiaries:copy" // all that is held about a person, for the person
	ReadReaders      Action = "readers:read"       // who has read a file
	WatchReaders     Action = "readers:watch"      // who reads many
	OpenArchive      Action = "archive:open"       // a file that is out of daily use, with a reason
	ReadRetention    Action = "retention:read"     // how long files stay
	KeepFiles        Action = "retention:write"    // archive, erase
	GiveCards        Action = "cards:write"        // a person's way in: by who sits with her, never a program
	OwnIdentity      Action = "self:identity"      // own sessions, tokens, second factor
	ReadOwnAccount   Action = "self:read"          // a person's own money
	WriteOwnAccount  Action = "self:write"         // a person's comments and questions
)

// Reach is how far a role may take an action.
type Reach int

// The reaches, each more than the one before.
const (
	Nowhere Reach = iota
	Own           // a coordinator's caseload, an auditor's Département and period, a person himself
	Whole         // the organisation
)

// rights is the one table role × action (R-185; reliability of duties: who prepares never approves,
// who makes accounts never touches money). What is not here is refused.
var rights = map[Role]map[Action]Reach{
	Coordinator: {
		ReadPersons: Own, WritePersons: Own, ReadNotes: Own, HandPapers: Own, ReadCreditors: Whole, WriteCreditors: Whole,
		ConfirmIBANs: Whole, ReadRuns: Own, PrepareRuns: Own, FileRuns: Own, ReadBank: Own, MatchBank: Whole,
		ReadSuspense: Whole, ReadTotals: Whole, ReadProof: Whole, ReadAlerts: Own, WriteAlerts: Own, ReadEvents: Own, GiveCards: Own, OwnIdentity: Own,
		ReadOrganisation: Whole, CopyPersons: Own, ReadReaders: Own,
	},
	Approver: {
		ReadReaders: Whole, WatchReaders: Whole, OpenArchive: Whole, ReadRetention: Whole, KeepFiles: Whole,
		ReadPersons: Whole, ReadCreditors: Whole, ConfirmIBANs: Whole, ReadRuns: Whole, ApproveRuns: Whole,
		FileRuns: Whole, FetchFiles: Whole, ReadBank: Whole, ReadProof: Whole, LockDays: Whole, ReadAlerts: Whole,
		WriteAlerts: Whole, ReadJournal: Whole, ReadExports: Whole, ReadEvents: Whole, WriteSettings: Whole, OwnIdentity: Own,
		ReadOrganisation: Whole, ReadSuspense: Whole, ReadTotals: Whole, HandPapers: Whole, ExportEvidence: Whole,
	},
	Accountant: {
		OpenArchive: Whole, ReadRetention: Whole, KeepFiles: Whole,
		// The second person of an IBAN, so that the one who signs its payments need not be (5.1).
		ConfirmIBANs: Whole,
		ReadPersons:  Whole, ReadCreditors: Whole, ReadRuns: Whole, FileRuns: Whole, FetchFiles: Whole, ReadBank: Whole,
		ImportBank: Whole, MatchBank: Whole, ReadJournal: Whole, CorrectJournal: Whole, ReadProof: Whole, LockDays: Whole,
		ReadAlerts: Whole, WriteAlerts: Whole, ReadExports: Whole, ReadEvents: Whole, WriteSettings: Whole, OwnIdentity: Own,
		ReadOrganisation: Whole, ReadSuspense: Whole, ReadTotals: Whole, HandPapers: Whole, ExportEvidence: Whole,
	},
	Auditor: {
		OpenArchive: Own,
		ReadPersons: Own, ReadCreditors: Own, ReadRuns: Own, ReadBank: Own, ReadJournal: Own, ReadProof: Own,
		ReadAlerts: Own, ReadExports: Own, ReadEvents: Own, OwnIdentity: Own,
		ReadOrganisation: Whole, ReadSuspense: Own,
	},
	Admin: {ReadUsers: Whole, WriteUsers: Whole, WriteSettings: Whole, ReadOrganisation: Whole, OwnIdentity: Own},
	Machine: { // a run is prepared, signed and filed by persons (masp.act_on_run); a program takes its files to the bank;
		// what money is, a named person says
		ReadPersons: Whole, WritePersons: Whole, ReadCreditors: Whole, WriteCreditors: Whole, ReadRuns: Whole,
		FetchFiles: Whole, ReadBank: Whole, ImportBank: Whole, ReadJournal: Whole,
		ReadProof: Whole, ReadAlerts: Whole, ReadExports: Whole, ReadEvents: Whole, ReadOrganisation: Whole,
		ReadSuspense: Whole, ReadTotals: Whole,
	},
	Beneficiary: {ReadOwnAccount: Own, WriteOwnAccount: Own},
}

// Actions returns every action that some role has, in order.
func Actions() []Action {
	var all []Action
	for _, of := range rights {
		for a := range of {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Right is how far a role may take an action.
func Right(r Role, a Action) Reach { return rights[r][a] }

// Reach is how far the principal may take an action: the furthest of his roles, within the scopes
// of his token. The operator has no reach: he has the command line.
func (p Principal) Reach(a Action) Reach {
	reach := Nowhere
	if p.Means == ByNobody || !p.May(a) {
		return reach
	}
	for _, r := range p.Roles {
		reach = max(reach, rights[r][a])
	}
	return reach
}
