package payments

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// Submit ends the preparation: the content is frozen and the files of the first day are
// built, so that the approver sees the very bytes he signs (decisions 2). A run without any
// transfer has no file; its alerts and reserves are approved like others. It answers the head of the run.
func (s *Service) Submit(ctx context.Context, who auth.Principal, id string) (Run, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != Draft {
			return &StateError{Run: id, State: run.State, Act: "submit"}
		}
		if run.Mandates, err = readRunMandates(ctx, tx, id); err != nil {
			return err
		}
		if err := run.refuseEnded(ctx, tx); err != nil {
			return err
		}
		if err := s.refuseStale(ctx, tx, run); err != nil {
			return err
		}
		if err := run.refuseUndecided(); err != nil {
			return err
		}
		_, err = s.act(ctx, tx, deed{who: who, run: id, what: actSubmit, seen: run.ContentHash, plan: run.plan()}, func(Act) error {
			if err := setRunState(ctx, tx, id, InReview); err != nil {
				return err
			}
			_, err := s.buildFiles(ctx, tx, run, run.firstDay(), false)
			return err
		})
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("submit run %s: %w", id, translate(err))
	}
	return s.head(ctx, id)
}

// firstDay keeps the transfers that leave on the day of the run; later remittances wait
// for theirs.
func (r Run) firstDay() []Instruction {
	return slices.DeleteFunc(r.Instructions(), func(t Instruction) bool { return t.LeaveOn.After(r.On) || t.Means != "" })
}

// payments are the transfers that leave with the approval: all but the remittances.
func (r Run) payments() []Instruction {
	return slices.DeleteFunc(r.Instructions(), func(t Instruction) bool { return t.Kind == ledger.Remittance })
}

// buildFiles makes and stores the files of some transfers of a run.
func (s *Service) buildFiles(ctx context.Context, tx pgx.Tx, run Run, transfers []Instruction, released bool) ([]PaymentFile, error) {
	if len(transfers) == 0 {
		return nil, nil
	}
	maker, err := s.fileMaker(ctx, tx, run)
	if err != nil {
		return nil, err
	}
	files, err := maker.build(transfers)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := insertFile(ctx, tx, f, released); err != nil {
			return nil, err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: "system", Action: "file.build", ObjectType: "payment_file", ObjectID: f.MessageID,
			After: f.digest(), Details: builtFile{Released: released},
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// builtFile is what the log of acts keeps of a file beside its digest.
type builtFile struct {
	Released bool `json:"released"` // on its day, by the run that was approved before
}

func (s *Service) fileMaker(ctx context.Context, tx pgx.Tx, run Run) (fileMaker, error) {
	head, err := s.Ledger.Head(ctx, tx)
	if err != nil {
		return fileMaker{}, err
	}
	maker := fileMaker{run: run, anchor: head.Hash}
	if maker.initiator, maker.builtAt, err = organisationNow(ctx, tx); err != nil {
		return fileMaker{}, err
	}
	if maker.made, err = countFiles(ctx, tx, run.ID); err != nil {
		return fileMaker{}, err
	}
	maker.accounts, err = mandates.BankAccountsTx(ctx, tx)
	return maker, err
}

// digest covers every fact of a file that never changes; the audit log keeps it.
func (f PaymentFile) digest() chain.Hash {
	e := chain.New(1, "masp payment file")
	e.Str(f.Run).Str(f.PainVersion).Str(f.ExecuteOn.String()).Str(f.MessageID).Str(f.Name)
	e.Bytes(f.ContentHash[:]).Bytes(f.SHA256[:]).Int(int64(f.Transfers)).Int(f.Total.Cents())
	e.Int(f.BuiltAt.UnixMicro())
	return e.Sum()
}

// Approve is the second person's signature on the content that was read; above the amount that the
// organisation has set, the first of two leaves the run where it is. With the last one, in one
// transaction the dues and debts fall, the payments leave the persons' accounts for 580 in the
// order of the run, the remittances are scheduled, those of the same day too: File and ReleaseDue
// post them. Or nothing happens at all. A run without transfers is settled at once. It answers the head
// of the run.
//
// Locks: the mandates, the run, the books, then dues and debts. An import holds the books
// when it reopens a due, so the two never wait for each other.
func (s *Service) Approve(ctx context.Context, who auth.Principal, id string, seen chain.Hash) (Run, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockMandatesOf(ctx, tx, id); err != nil {
			return err
		}
		if _, err := lockRun(ctx, tx, id); err != nil {
			return err
		}
		run, err := readRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != InReview {
			return &StateError{Run: id, State: run.State, Act: actApprove}
		}
		_, err = s.act(ctx, tx, deed{who: who, run: id, what: actApprove, seen: seen, plan: run.plan()}, func(Act) error {
			return s.approve(ctx, tx, who, run)
		})
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("approve run %s: %w", id, translate(err))
	}
	return s.head(ctx, id)
}

// approve carries out a run that somebody has just signed.
func (s *Service) approve(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run) error {
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return err
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	if err := s.refuse(ctx, tx, run, today); err != nil || run.Signatures()+1 < run.Needed {
		return err
	}
	if err := payDues(ctx, tx, run.ID); err != nil {
		return err
	}
	if err := payDebts(ctx, tx, run.ID); err != nil {
		return err
	}
	if err := s.reserve(ctx, tx, run); err != nil {
		return err
	}
	if err := setRunState(ctx, tx, run.ID, Approved); err != nil {
		return err
	}
	if err := s.emit(ctx, tx, who.ID, run.payments()); err != nil {
		return err
	}
	if err := setRunInstructions(ctx, tx, run.ID, InstructionDraft, InstructionScheduled); err != nil {
		return err
	}
	if err := raiseAlerts(ctx, tx, run, today); err != nil {
		return err
	}
	return settleRun(ctx, tx, run.ID)
}

// refuse looks for what time has changed since the run was submitted.
func (s *Service) refuse(ctx context.Context, tx pgx.Tx, run Run, today civil.Date) error {
	submitted, err := submittedPlan(ctx, tx, run.ID)
	if err != nil {
		return err
	}
	if Content(run.ID, run.Instructions()) != run.ContentHash || run.plan().String() != submitted {
		return ErrStale
	}
	if err := refuseDifferent(ctx, tx, run.ID, today); err != nil {
		return err
	}
	if first := civil.NextTARGET(run.On); first.Before(today) {
		return &PastError{Run: run.ID, On: first}
	}
	if !run.Purpose.ofLines() {
		return s.refuseShort(ctx, tx, run)
	}
	if err := run.refuseEnded(ctx, tx); err != nil {
		return err
	}
	if changed, err := changedSince(ctx, tx, run.ID); err != nil || changed != "" {
		return cmp.Or(err, error(&ChangedError{Run: run.ID, Subject: changed}))
	}
	return s.refuseShort(ctx, tx, run)
}

// refuseEnded refuses a run that shares out the money of a measure that is over.
func (r Run) refuseEnded(ctx context.Context, tx pgx.Tx) error {
	if !r.Purpose.ofLines() {
		return nil
	}
	ended, err := endedMandate(ctx, tx, r.ID)
	if err == nil && ended != "" {
		err = &EndedError{Run: r.ID, Mandate: ended}
	}
	return err
}

// refuseShort refuses a run of which some mandate no longer holds the money, reserves and
// scheduled remittances counted. The mandates and the books are locked by the
// caller.
func (s *Service) refuseShort(ctx context.Context, tx pgx.Tx, run Run) error {
	purses, err := s.purses(ctx, tx, run, run.ids())
	if err != nil {
		return err
	}
	for _, m := range run.Mandates {
		need := m.Reserved
		for _, t := range m.Transfers {
			if t.Account == ledger.Mandate(m.Mandate) {
				need = need.Add(t.Amount)
				continue
			}
			if t.Account == ledger.Suspense { // its line of the bank holds it: masp.reserve_return
				continue
			}
			balance, err := s.Ledger.Balance(ctx, tx, t.Account)
			if err != nil {
				return err
			}
			if held := balance.Neg(); t.Amount.Cmp(held) > 0 {
				return &ShortError{Mandate: m.Mandate, Available: held, Need: t.Amount}
			}
		}
		if p := purses[m.Mandate]; need.Cmp(p.available()) > 0 {
			return &ShortError{Mandate: m.Mandate, Available: p.available(), Need: need}
		}
	}
	return nil
}

// refuseStale refuses to freeze a draft that money has overtaken: a line waits for money in
// it, and money has come since.
func (s *Service) refuseStale(ctx context.Context, tx pgx.Tx, run Run) error {
	purses, err := s.purses(ctx, tx, run, run.ids())
	if err != nil {
		return err
	}
	for _, m := range run.Mandates {
		now := purses[m.Mandate].available()
		if m.waitsForMoney() && now.Cmp(m.Available) > 0 {
			return &OvertakenError{Run: run.ID, Mandate: m.Mandate, Then: m.Available, Now: now}
		}
	}
	return nil
}

// reserve sets aside what the run reserved.
func (s *Service) reserve(ctx context.Context, tx pgx.Tx, run Run) error {
	var reserves []mandates.Earmark
	for _, m := range run.Mandates {
		if m.Reserved.IsPositive() {
			reserves = append(reserves, mandates.Earmark{
				Mandate: m.Mandate, Amount: m.Reserved, Source: "run " + run.ID + " " + m.Mandate, On: run.On,
			})
		}
	}
	return mandates.ReserveTx(ctx, tx, reserves...)
}

// emit posts transfers out of the persons' accounts into 580, all or none.
func (s *Service) emit(ctx context.Context, tx pgx.Tx, actor string, transfers []Instruction) error {
	if len(transfers) == 0 {
		return nil
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	entries := make([]ledger.Entry, len(transfers))
	ids := make([]int64, len(transfers))
	for i, t := range transfers {
		ids[i] = t.ID
		entries[i] = ledger.Entry{
			Journal: ledger.TransferJournal, Kind: t.Kind, PostedOn: today, BookedOn: today, ValueOn: t.ExecuteOn,
			Source: "payment " + t.EndToEndID, Label: t.Name + " " + t.Reference, Actor: actor,
			Postings: []ledger.Posting{{Debit: t.Account, Credit: ledger.InTransit, Amount: t.Amount}},
		}
	}
	posted, err := s.Ledger.PostTx(ctx, tx, entries...)
	if err != nil {
		return err
	}
	numbers := make([]int64, len(posted))
	for i, p := range posted {
		numbers[i] = p.No
	}
	return setEmitted(ctx, tx, ids, numbers)
}
