package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/payments"
)

func (h *House) runOperations() []api.Operation {
	return []api.Operation{
		{ID: "listPaymentRuns", Action: auth.ReadRuns, Do: h.listRuns},
		{ID: "getPaymentRun", Action: auth.ReadRuns, Do: h.getRun},
		{ID: "proposePaymentRun", Action: auth.PrepareRuns, Do: h.proposeRun},
		{ID: "computePaymentRun", Action: auth.PrepareRuns, Do: h.computeRun},
		{ID: "proposePayout", Action: auth.PrepareRuns, Do: h.proposePayout},
		{ID: "reviewPaymentRun", Action: auth.ReadRuns, Do: h.reviewRun},
		{ID: "listRunPayments", Action: auth.ReadRuns, Do: h.listRunPayments},
		{ID: "listRunExceptions", Action: auth.ReadRuns, Do: h.listExceptions},
		{ID: "decideRunException", Action: auth.PrepareRuns, Do: h.decideException},
		{ID: "adjustPaymentRun", Action: auth.PrepareRuns, Do: h.adjustRun},
		{ID: "commentPaymentRun", Action: auth.PrepareRuns, Do: h.commentRun},
		{ID: "submitPaymentRun", Action: auth.PrepareRuns, Do: h.submitRun},
		{ID: "reopenPaymentRun", Action: auth.PrepareRuns, Do: h.reopenRun},
		{ID: "cancelPaymentRun", Action: auth.PrepareRuns, Do: h.cancelRun},
		{ID: "approvePaymentRun", Action: auth.ApproveRuns, Do: h.approveRun},
		{ID: "listRunFiles", Action: auth.ReadRuns, Do: h.listRunFiles},
		{ID: "filePaymentRun", Action: auth.FileRuns, Do: h.fileRun},
		{ID: "handOverPaymentRun", Action: auth.FileRuns, Do: h.handOverRun},
		{ID: "getPaymentFile", Action: auth.ReadRuns, Do: h.getFile},
		{ID: "downloadPaymentFile", Action: auth.FetchFiles, Do: h.downloadFile, Alone: true},
		{ID: "voidPaymentFile", Action: auth.FileRuns, Do: h.voidFile},
		{ID: "getRunSettings", Action: auth.ReadOrganisation, Do: h.getRunSettings},
		{ID: "putRunSettings", Action: auth.WriteSettings, Do: h.putRunSettings, Of: "getRunSettings"},
		{ID: "getSecondApproval", Action: auth.ReadOrganisation, Do: h.getSecondApproval},
		{ID: "putSecondApproval", Action: auth.WriteSettings, Do: h.putSecondApproval, Of: "getSecondApproval"},
	}
}

// listRuns gives the runs, the newest first.
func (h *House) listRuns(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Payments.List(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	if c.Reach != auth.Whole {
		if all, err = h.runsWithin(ctx, c, all); err != nil {
			return api.Answer{}, err
		}
	}
	var found []runHead
	for _, r := range all {
		if c.Has("state") && string(r.State) != c.Query("state") || c.Has("month") && r.Month.String() != c.Query("month") {
			continue
		}
		found = append(found, runHeadOf(r))
	}
	key := func(r runHead) string { return fmt.Sprintf("%012d", r.number) }
	return api.Paged(c, found, key, func(a, b string) bool { return a > b })
}

// runsWithin keeps the runs in which a mandate stands that who asks reaches.
func (h *House) runsWithin(ctx context.Context, c *api.Call, all []payments.Run) ([]payments.Run, error) {
	mine, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return nil, err
	}
	ids, err := h.Payments.RunsOf(ctx, mine)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r payments.Run) bool { return !slices.Contains(ids, r.ID) }), nil
}

func (h *House) getRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	return runAnswer(c, 0, run), nil
}

// runAnswer is a run as it is answered: its tag is its content, which is not all of it.
func runAnswer(c *api.Call, status int, run payments.Run) api.Answer {
	a := api.Answer{Status: status, Body: runOf(c, run), Tag: run.ContentHash.String(), Always: true}
	if status == http.StatusCreated {
		a.Location = "/v1/payment_runs/" + run.ID
	}
	return a
}

// runSeen is a run with what who asks reaches of it; one in which nothing is his does not exist.
func (h *House) runSeen(ctx context.Context, c *api.Call, id string) (payments.Run, error) {
	run, err := h.Payments.Show(ctx, id)
	if err != nil || c.Reach == auth.Whole {
		return run, unseen(err)
	}
	return h.ownPart(ctx, c, run)
}

// unseen answers what does not exist as what is not his.
func unseen(err error) error {
	for _, none := range []error{payments.ErrNoRun, payments.ErrNoFile, payments.ErrNoTransfer} {
		if errors.Is(err, none) {
			return api.NotFound()
		}
	}
	return err
}

// ownPart leaves of a run what who asks reaches.
func (h *House) ownPart(ctx context.Context, c *api.Call, run payments.Run) (payments.Run, error) {
	if c.Reach == auth.Whole {
		return run, nil
	}
	mine, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return payments.Run{}, err
	}
	run.Mandates = slices.DeleteFunc(slices.Clone(run.Mandates), func(m payments.RunMandate) bool {
		return !slices.Contains(mine, m.Mandate)
	})
	run.Comments = slices.DeleteFunc(slices.Clone(run.Comments), func(m payments.Comment) bool {
		return !slices.Contains(mine, m.Mandate)
	})
	if len(run.Mandates) == 0 {
		return payments.Run{}, api.NotFound()
	}
	return run, nil
}

// runInHand is a run that who asks may change as a whole: each of its mandates is his, or he has
// prepared it.
func (h *House) runInHand(ctx context.Context, c *api.Call, id string) (payments.Run, error) {
	run, err := h.Payments.Show(ctx, id)
	if err != nil || c.Reach == auth.Whole {
		return run, unseen(err)
	}
	part, err := h.ownPart(ctx, c, run)
	if err != nil {
		return payments.Run{}, err
	}
	if len(part.Mandates) < len(run.Mandates) && run.Acts[0].User != c.Who.ID {
		return payments.Run{}, &api.Fault{Status: http.StatusForbidden, Code: "others_mandates", Detail: contract.Text{
			French:  "Cette campagne paie aussi pour d'autres : qui l'a préparée la change.",
			English: "This run pays for others too: whoever has prepared it changes it.",
		}}
	}
	return run, nil
}

// actOn does an act on a run that who asks has in his hand, and answers it as it is afterwards.
func (h *House) actOn(ctx context.Context, c *api.Call, act func(id string) error) (api.Answer, error) {
	before, err := h.runInHand(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	if err := act(before.ID); err != nil {
		return api.Answer{}, err
	}
	run, err := h.runSeen(ctx, c, before.ID)
	if err != nil {
		return api.Answer{}, err
	}
	return runAnswer(c, http.StatusCreated, run), nil
}
