package mandates

import (
	"slices"

	"masp/ledger/civil"
)

// FileState is how far a file of over-indebtedness is.
type FileState string

// The states. A file is built, sent, deposited, judged admissible and ends in measures; a new
// one may follow a rejection or a closure.
const (
	FileToBuild    FileState = "TO_BUILD"
	FileSent       FileState = "SENT"
	FileDeposited  FileState = "DEPOSITED"
	FileAdmissible FileState = "ADMISSIBLE" // from that day older debts are not paid
	FileMeasures   FileState = "MEASURES"   // imposed plans replace the old ones
	FileClosed     FileState = "CLOSED"
	FileRejected   FileState = "REJECTED"
)

// fileSteps are the states that may follow each state; a first file follows none.
var fileSteps = map[FileState][]FileState{
	"":             {FileToBuild},
	FileToBuild:    {FileSent, FileClosed},
	FileSent:       {FileDeposited, FileRejected, FileClosed},
	FileDeposited:  {FileAdmissible, FileRejected, FileClosed},
	FileAdmissible: {FileMeasures, FileRejected, FileClosed},
	FileMeasures:   {FileClosed},
	FileClosed:     {FileToBuild},
	FileRejected:   {FileToBuild},
}

var frenchFileStates = map[FileState]string{
	FileToBuild: "à constituer", FileSent: "envoyé", FileDeposited: "déposé", FileAdmissible: "recevable",
	FileMeasures: "mesures imposées", FileClosed: "clos", FileRejected: "rejeté",
}

// French is the state as a page prints it.
func (s FileState) French() string { return frenchFileStates[s] }

// FileStep is one step of the file of a person.
type FileStep struct {
	State     FileState
	On        civil.Date
	Documents []string // what lies in the file, or is still missing
	Note      string   // what was explained to the person, the number of the file
	Plans     []Plan   // of FileMeasures: the imposed plans
}

// check refuses a step that does not follow the last one.
func (s FileStep) check(last FileStep, today civil.Date) error {
	var vs Violations
	text := "Le dossier de surendettement ne passe pas de « " + last.State.French() + " » à « " + s.State.French() + " »."
	if last.State == "" {
		text = "Ce mandat n'a pas de dossier de surendettement : il commence par « " + FileToBuild.French() + " »."
	}
	vs.add(!slices.Contains(fileSteps[last.State], s.State), "R-157", "STEP_UNKNOWN", text)
	vs.add(s.On.IsZero() || s.On.Before(last.On), "R-157", "STEP_DAY",
		"Une étape ne précède pas la précédente : corrigez la date.")
	vs.add(s.On.After(today), "R-157", "STEP_IN_FUTURE",
		"Cette étape est à venir : notez-la le jour venu.")
	vs.add(len(s.Plans) > 0 && s.State != FileMeasures, "R-076", "PLANS_WITHOUT_MEASURES",
		"Seules des mesures imposées apportent des plans.")
	for _, p := range s.Plans {
		vs.add(p.From.Before(s.On), "R-076", "PLAN_BEFORE_MEASURES",
			"Un plan imposé ne commence pas avant les mesures : corrigez sa date.")
	}
	return vs.err()
}
