package imports

import (
	"context"
	"errors"
	"io"

	"masp/imports/bankfile"
)

// checkArchive checks each file of an archive by itself and judges the archive as an import does:
// refused when all of them are, held when one is or waits. The files are read as they come, so
// answers are read in a second pass.
func (p *Report) checkArchive(ctx context.Context, r io.ReaderAt, size int64) {
	p.Kind, p.Outcome, p.Reasons = kindArchive, bankfile.Accepted, []bankfile.Reason{}
	answers := false
	for m, err := range bankfile.Members(r, size, bankfile.DefaultArchiveLimits) {
		if err != nil && m.Number == 0 {
			p.Outcome, p.Reasons, p.Members = bankfile.Refused, []bankfile.Reason{faultOf(err)}, nil
			return
		}
		member := memberReport(ctx, m, err)
		answers = answers || err == nil && member.family() == familyReport
		p.Members = append(p.Members, member)
	}
	if len(p.Members) == 0 {
		p.Outcome, p.Reasons = bankfile.Refused, []bankfile.Reason{{
			Code: bankfile.CodeEmpty, Outcome: bankfile.Refused,
			Message: "Archive refusée : elle ne contient aucun fichier.",
		}}
	}
	if answers {
		p.memberAnswers(r, size)
	}
	p.judgeMembers()
}

// judgeMembers sums up what the files of an archive are; its reasons name those that a person
// has to look at.
func (p *Report) judgeMembers() {
	taken := 0
	for i := range p.Members {
		p.Members[i].sum()
		if p.Members[i].Outcome != bankfile.Refused && !isNote(p.Members[i].Reasons) {
			taken++
		}
		p.Outcome = max(p.Outcome, p.Members[i].Outcome)
	}
	if taken > 0 {
		p.Outcome = min(p.Outcome, bankfile.Held)
	} else {
		p.Outcome = bankfile.Refused
	}
	for _, m := range p.Members {
		if m.Outcome >= bankfile.Held {
			p.Reasons = append(p.Reasons, ofMember(m.File, m.Reasons, p.Outcome)...)
		}
	}
}

// memberReport checks one file of an archive, or says why it cannot be read.
func memberReport(ctx context.Context, m bankfile.Member, err error) Report {
	report := bankfile.Report{
		Outcome: bankfile.Refused, Reasons: []bankfile.Reason{}, Statements: []bankfile.StatementReport{},
	}
	switch {
	case err != nil:
		report.Reasons = append(report.Reasons, faultOf(err))
	case m.Note:
		report.Outcome, report.Reasons = noted.Outcome, []bankfile.Reason{noted}
	default:
		report = bankfile.Check(ctx, m.Content)
	}
	report.File = m.Name
	return newReport(report)
}

// memberAnswers reads the archive again for its answers of the bank.
func (p *Report) memberAnswers(r io.ReaderAt, size int64) {
	i := 0
	for m, err := range bankfile.Members(r, size, bankfile.DefaultArchiveLimits) {
		if i == len(p.Members) {
			return // the archive has changed meanwhile
		}
		if member := &p.Members[i]; err == nil && member.family() == familyReport {
			member.checkAnswer(m.Content)
		}
		i++
	}
}

// faultOf is the reason of a refusal by this format's reader.
func faultOf(err error) bankfile.Reason {
	reason := bankfile.Reason{
		Code: bankfile.CodeUnreadable, Outcome: bankfile.Refused,
		Message: "Fichier refusé : il ne peut pas être lu.",
	}
	if f, ok := errors.AsType[*bankfile.FormatError](err); ok {
		reason.Code, reason.Message, reason.Place = f.Code, f.French(), f.Place()
	}
	return reason
}
