package main

import "masp/payments"

// The JSON of runs: stable names, money as strings with two decimals.

func jsonRun(run payments.Run) map[string]any {
	mandates := make([]map[string]any, 0, len(run.Mandates))
	for _, m := range run.Mandates {
		mandates = append(mandates, jsonRunMandate(m))
	}
	files := make([]map[string]any, 0, len(run.Files))
	for _, f := range run.Files {
		if !f.Void {
			files = append(files, jsonFile(f, ""))
		}
	}
	acts := make([]map[string]any, 0, len(run.Acts))
	for _, a := range run.Acts {
		acts = append(acts, map[string]any{"user": a.User, "act": a.What, "at": a.At, "content_hash": a.ContentHash})
	}
	data := map[string]any{
		"run": run.ID, "month": run.Month, "on": run.On, "state": run.State,
		"purpose": run.Purpose, "evidence": run.Evidence,
		"content_hash": run.ContentHash, "transfers": len(run.Instructions()), "total": run.Total(),
		"exceptions": jsonExceptions(run), "mandates": mandates, "files": files, "acts": acts,
		"signatures": run.Signatures(), "signatures_needed": run.Needed, "comments": jsonComments(run),
	}
	if run.ID == "" { // only computed: nothing to name, nothing to sign
		delete(data, "run")
		delete(data, "content_hash")
	}
	return data
}

func jsonRunMandate(m payments.RunMandate) map[string]any {
	lines := make([]map[string]any, 0, len(m.Lines))
	for _, l := range m.Lines {
		lines = append(lines, map[string]any{
			"obligation": l.Obligation, "due_on": l.DueOn, "class": l.Class, "creditor": l.Creditor,
			"label": l.Label, "due": l.Due, "paid": l.Paid, "status": l.Status, "reason": l.Reason,
			"explanation": l.Explanation, "explanation_person": l.ForPerson, "why": l.Why, "debt": l.Debt,
		})
	}
	return map[string]any{
		"mandate": m.Mandate, "refused": m.Refused, "available": m.Available, "living_floor_left": m.FloorLeft,
		"reserved": m.Reserved, "remitted": m.Remit, "carried_forward": m.Carried,
		"living_floor_shortfall": m.Shortfall, "remitted_explanation": m.ExplainRest(), "lines": lines, "transfers": jsonTransfers(m),
		"adjustments": jsonAdjustments(m),
	}
}

func jsonFile(f payments.PaymentFile, path string) map[string]any {
	return map[string]any{
		"name": f.Name, "path": path, "message_id": f.MessageID, "sha256": f.SHA256, "content_hash": f.ContentHash,
		"execute_on": f.ExecuteOn, "transfers": f.Transfers, "total": f.Total, "bank_answer": f.Answer,
	}
}
