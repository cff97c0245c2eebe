package sepa

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ordered is a payment file as a bank reads it, knowing nothing of ours but the bytes.
type ordered struct {
	Message string `xml:"CstmrCdtTrfInitn>GrpHdr>MsgId"`
	Batches []struct {
		ID        string `xml:"PmtInfId"`
		Transfers []struct {
			ID   string `xml:"PmtId>EndToEndId"`
			Name string `xml:"Cdtr>Nm"`
			IBAN string `xml:"CdtrAcct>Id>IBAN"`
		} `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

// told is a pain.002 with what the bank means by it.
type told struct {
	document string
	kind     Kind
	rejected map[string]string // reason by EndToEndId
	names    map[string]Status // results by EndToEndId
}

// bank answers an order in one of the ways that banks have.
func bank(t *rapid.T, in ordered) told {
	w := told{
		kind:     rapid.SampledFrom([]Kind{KindTransfers, KindTransfers, KindNameCheck, KindAcknowledgement, KindDirectDebits, KindOther}).Draw(t, "kind"),
		rejected: map[string]string{}, names: map[string]Status{},
	}
	about := map[Kind]string{
		KindTransfers: "pain.001.001.09", KindNameCheck: "pain.001.001.09", KindAcknowledgement: "EBICS",
		KindDirectDebits: "PAIN.008.001.02", KindOther: "camt.055.001.09",
	}[w.kind]
	group, batches := "", strings.Builder{}
	switch fate := rapid.IntRange(0, 3).Draw(t, "fate"); {
	case w.kind == KindNameCheck:
		group = "RVMC"
		for _, b := range in.Batches {
			content := ""
			for _, x := range b.Transfers {
				w.names[x.ID] = rapid.SampledFrom([]Status{VerifiedFull, VerifiedClose, VerifiedNone, VerifiedNotTested}).Draw(t, "name")
				content += w.checked(x.ID, x.Name, x.IBAN)
			}
			batches.WriteString(batchOf(b.ID, "", content))
		}
	case fate == 0:
		group = rapid.SampledFrom([]string{"ACTC", "ACCP", "ACSP"}).Draw(t, "accepted")
	case fate == 1:
		group = "RJCT"
		for _, b := range in.Batches {
			for _, x := range b.Transfers {
				w.rejected[x.ID] = ""
			}
		}
	default:
		group = rapid.SampledFrom([]string{"PART", ""}).Draw(t, "part")
		for _, b := range in.Batches {
			ids := make([]string, len(b.Transfers))
			for i, x := range b.Transfers {
				ids[i] = x.ID
			}
			batches.WriteString(w.batch(t, b.ID, ids))
		}
	}
	if w.kind != KindTransfers {
		clear(w.rejected)
	}
	w.document = envelope(in.Message, about, group, batches.String(), rapid.SampledFrom([]string{"03", "10", "14"}).Draw(t, "version"))
	return w
}

// checked is the result of a check of a name.
func (w *told) checked(id, name, iban string) string {
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(name)) // a bytes.Buffer takes everything
	original := "<OrgnlTxRef><Cdtr><Nm>" + escaped.String() + "</Nm></Cdtr><CdtrAcct><Id><IBAN>" + iban + "</IBAN></Id></CdtrAcct></OrgnlTxRef>"
	return strings.Replace(txOf(id, string(w.names[id]), ""), "</TxInfAndSts>", original+"</TxInfAndSts>", 1)
}

// batch answers about one batch: as a whole, without a list, or transfer by transfer.
func (w *told) batch(t *rapid.T, id string, transfers []string) string {
	switch rapid.IntRange(0, 3).Draw(t, "batch") {
	case 0:
		return batchOf(id, "ACSP", "")
	case 1:
		for _, x := range transfers {
			w.rejected[x] = ""
		}
		return batchOf(id, "RJCT", "")
	}
	content, all := "", rapid.Bool().Draw(t, "lists all")
	for _, x := range transfers {
		if rapid.Bool().Draw(t, "rejected") {
			w.rejected[x] = rapid.SampledFrom([]string{"AC01", "AC04", "MS03", "XYZ9"}).Draw(t, "reason")
			content += txOf(x, "RJCT", w.rejected[x])
		} else if all {
			content += txOf(x, "ACSC", "")
		}
	}
	return batchOf(id, rapid.SampledFrom([]string{"PART", ""}).Draw(t, "status"), content)
}

func envelope(about, name, group, batches, version string) string {
	if group != "" {
		group = "<GrpSts>" + group + "</GrpSts>"
	}
	return strings.Replace(strings.Replace(strings.Replace(answer(group, batches), "pain.001.001.09", name, 1),
		"pain.002.001.10", "pain.002.001."+version, 1), "<OrgnlMsgId>M1<", "<OrgnlMsgId>"+about+"<", 1)
}

// rejects are the transfers of an order that a report rejects, with the reason of the most precise.
func rejects(r Report, in ordered) map[string]string {
	out := map[string]string{}
	if r.Kind() != KindTransfers {
		return out
	}
	for x := range r.Rejected() {
		reason := ""
		if len(x.Reasons) > 0 {
			reason = x.Reasons[0].Code
		}
		for _, b := range in.Batches {
			for _, t := range b.Transfers {
				named := x.Level == WholeFile || x.PaymentInfoID == b.ID && (x.Level == WholeBatch || x.EndToEndID == t.ID)
				if _, known := out[t.ID]; named && !known {
					out[t.ID] = reason
				}
			}
		}
	}
	return out
}

func TestWhatTheBankMeansIsWhatIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var file bytes.Buffer
		if _, err := anyFile().Draw(t, "file").WriteTo(&file); err != nil {
			t.Skip("the file is refused before it is written")
		}
		var in ordered
		if err := xml.Unmarshal(file.Bytes(), &in); err != nil || len(in.Batches) == 0 {
			t.Fatalf("the bank cannot read the order: %v", err)
		}
		meant := bank(t, in)
		report, err := ReadReport(strings.NewReader(meant.document))
		if err != nil {
			t.Fatal(err)
		}
		if report.Kind() != meant.kind || report.OriginalMessageID != in.Message {
			t.Fatalf("got %s about %s, want %s about %s", report.Kind(), report.OriginalMessageID, meant.kind, in.Message)
		}
		if got := rejects(report, in); !maps.Equal(got, meant.rejected) {
			t.Fatalf("got %v rejected, want %v\n%s", got, meant.rejected, meant.document)
		}
		if got := results(t, report, in); meant.kind == KindNameCheck && !maps.Equal(got, meant.names) {
			t.Fatalf("got %v, want %v", got, meant.names)
		}
		if slices.Contains(report.Warnings, WarningContradiction) {
			t.Fatalf("the bank contradicts itself:\n%s", meant.document)
		}
	})
}

// results are the checks of names of a report, with the payee as the order has him.
func results(t *rapid.T, r Report, in ordered) map[string]Status {
	payees, out := map[string]string{}, map[string]Status{}
	for _, b := range in.Batches {
		for _, x := range b.Transfers {
			payees[x.ID] = fmt.Sprint(x.Name, " ", x.IBAN)
		}
	}
	for _, b := range r.Batches {
		for _, x := range b.Transactions {
			if !x.Status.Information() {
				continue
			}
			out[x.EndToEndID] = x.Status
			if got := fmt.Sprint(x.CreditorName, " ", x.CreditorIBAN); got != payees[x.EndToEndID] {
				t.Fatalf("got the payee %q, want %q", got, payees[x.EndToEndID])
			}
		}
	}
	return out
}
