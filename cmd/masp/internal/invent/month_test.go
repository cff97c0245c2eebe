package invent

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"masp/cmd/masp/internal/simbank"
)

func TestIBANsHaveTheRightKeys(t *testing.T) {
	t.Parallel()
	// A vector of the worked months: bank 99999, branch 00001, account 102.
	if got, want := iban(1, 102), "FR7699999000010000000010203"; got != want {
		t.Errorf("iban(1, 102) = %s, want %s", got, want)
	}
	if got, want := mod97("3214282912345698765432161182"), 1; got != want {
		t.Errorf("mod97 of the British example = %d, want %d", got, want)
	}
}

func TestTheSameSeedGivesTheSameMonth(t *testing.T) {
	t.Parallel()
	one, two, other := loadFile(t, New(7, 44)), loadFile(t, New(7, 44)), loadFile(t, New(8, 44))
	if !bytes.Equal(one, two) {
		t.Error("two draws of one seed differ")
	}
	if bytes.Equal(one, other) {
		t.Error("two seeds give the same month")
	}
}

func loadFile(t *testing.T, m *Month) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.WriteLoad(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReferencesAreUniqueAndPointSomewhere(t *testing.T) {
	t.Parallel()
	load := New(1, 60).Load
	known := map[string]bool{}
	shape := regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,31}$`)
	define := func(id string) {
		if known[id] || !shape.MatchString(id) {
			t.Errorf("reference %q is defined twice or odd", id)
		}
		known[id] = true
	}
	for _, a := range load.BankAccounts {
		define(a.ID)
		define(a.IBAN)
	}
	for _, c := range load.Creditors {
		define(c.ID)
		define(c.IBAN)
	}
	for _, p := range load.Beneficiaries {
		define(p.ID)
		for payer, number := range p.PayerNumbers {
			define(payer + number)
		}
	}
	for _, m := range load.Mandates {
		define(m.ID)
		for _, id := range []string{m.BankAccount, m.Beneficiary, m.Remittance.To} {
			if !known[id] {
				t.Errorf("mandate %s names %q, which is not there", m.ID, id)
			}
		}
	}
	for _, d := range load.Debts {
		define(d.ID)
		if !known[d.Mandate] || !known[d.Creditor] {
			t.Errorf("debt %s names what is not there", d.ID)
		}
	}
	for _, o := range load.Obligations {
		define(o.ID)
		lost := !known[o.Mandate] || o.Debt != "" && !known[o.Debt]
		if lost || (o.Creditor == nil) != (o.Class == "RESERVE") {
			t.Errorf("obligation %s names what is not there", o.ID)
		}
	}
}

func TestContractsFollowTheLaw(t *testing.T) {
	t.Parallel()
	november, december := simbank.On(2026, 11, 1), simbank.On(2026, 12, 1)
	for seed := range uint64(20) {
		load := New(seed, 44).Load
		for i, m := range load.Mandates {
			c := m.Contract
			months := int(c.End+1-c.Start) * 12 / 365
			around := c.Start <= november && c.End+1 >= december
			if !around || months < 5 || months > 24 || months+c.MonthsBefore > 48 {
				t.Errorf("contract %s to %s after %d months", c.Start, c.End, c.MonthsBefore)
			}
			if c.SignedByPerson > c.Start || c.SignedByDepartment > c.Start || c.SignedByOperator > c.Start {
				t.Errorf("mandate %s starts before the last signature", m.ID)
			}
			if age := int(c.Start-load.Beneficiaries[i].BornOn) / 366; age < 18 {
				t.Errorf("the person of %s is %d years old at the start", m.ID, age)
			}
			if len(m.Authorised) == 0 || m.OpeningReserve > m.OpeningBalance || m.Policy.LivingFloor <= 0 {
				t.Errorf("mandate %s: benefits %v, reserve %d of %d, floor %d", m.ID, m.Authorised,
					m.OpeningReserve, m.OpeningBalance, m.Policy.LivingFloor)
			}
		}
	}
}

func TestAnOrdinaryBudgetIsPaidOverTheFloor(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		load := New(seed, 44).Load
		income, due := map[string]Cents{}, map[string]Cents{}
		for _, e := range load.Expected {
			if !e.ThirdParty {
				income[e.Mandate] += e.Amount
			}
		}
		for _, o := range load.Obligations {
			if o.Amount <= 0 {
				t.Fatalf("obligation %s is of %d cents", o.ID, o.Amount)
			}
			if o.Block == "" {
				due[o.Mandate] += o.Amount
			}
		}
		for _, m := range load.Mandates {
			if income[m.ID] < due[m.ID]+m.Policy.LivingFloor {
				t.Errorf("seed %d, %s: %d come in, %d are due over a floor of %d", seed, m.ID,
					income[m.ID], due[m.ID], m.Policy.LivingFloor)
			}
		}
	}
}

func TestTheShortBenefitDoesNotPayTheRent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		m := New(seed, Smallest)
		held := m.Load.Mandates[shortBenefit].OpeningBalance + 9640
		var senior Cents
		for _, o := range m.Load.Obligations[:2] {
			senior += o.Amount
		}
		if held >= senior {
			t.Errorf("seed %d: %d held for %d of rent and charges, want a shortage", seed, held, senior)
		}
	}
}

func TestEverySurpriseHappensToSomebodyElse(t *testing.T) {
	t.Parallel()
	m := New(3, 44)
	seen := map[string]bool{}
	for _, s := range m.Surprises {
		if seen[s.Mandate] {
			t.Errorf("mandate %s has two surprises", s.Mandate)
		}
		seen[s.Mandate] = true
		if s.On < opening || s.On > m.LastDay {
			t.Errorf("%q happens on %s, outside the month", s.Text, s.On)
		}
	}
	if got, want := len(m.Surprises), specials; got != want {
		t.Errorf("%d surprises, want %d", got, want)
	}
	users := map[string]int{}
	for creditor, iban := range map[string]string{"reject": m.rejects[0].iban, "return": m.returns[0].iban} {
		for _, o := range m.Load.Obligations {
			if o.Creditor != nil && m.ibanOf(*o.Creditor) == iban {
				users[creditor+o.Mandate]++
			}
		}
	}
	if len(users) != 2 {
		t.Errorf("creditors of the reject and the return are paid by %v, want one mandate each", users)
	}
}

func TestTheLoadFileHasTheKeysOfItsFormat(t *testing.T) {
	t.Parallel()
	var file map[string]json.RawMessage
	if err := json.Unmarshal(loadFile(t, New(1, 44)), &file); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"masp_load", "organisation", "users", "bank_accounts", "creditors",
		"beneficiaries", "mandates", "expected_benefits", "debts", "obligations",
	} {
		if len(file[key]) < 1 {
			t.Errorf("key %q is absent", key)
		}
		delete(file, key)
	}
	if len(file) != 0 {
		t.Errorf("keys outside the format: %v", file)
	}
	money := regexp.MustCompile(`"(?:amount|opening_balance|living_floor|principal)": ("?[^,\n]*)`)
	for _, found := range money.FindAllStringSubmatch(string(loadFile(t, New(1, 44))), -1) {
		if !regexp.MustCompile(`^"\d+\.\d{2}"$`).MatchString(found[1]) {
			t.Errorf("money is written %s, want a string with two decimals", found[1])
		}
	}
}

func TestNothingTellsThePersonIsHelped(t *testing.T) {
	t.Parallel()
	telling := regexp.MustCompile(`(?i)masp|rsa|aah|mesure|accompagnement`)
	load := New(5, 200).Load
	for _, o := range load.Obligations {
		if telling.MatchString(o.Label + " " + o.Reference) {
			t.Errorf("obligation %s tells it: %q %q", o.ID, o.Label, o.Reference)
		}
	}
	for _, a := range load.BankAccounts {
		if telling.MatchString(a.Holder) {
			t.Errorf("account %s tells it: %q", a.ID, a.Holder)
		}
	}
}

func TestTheMonthPlaysAtTheBank(t *testing.T) {
	t.Parallel()
	m := New(1, 44)
	bank := simbank.New(simbank.Options{Seed: 1})
	if err := m.Prepare(bank); err != nil {
		t.Fatal(err)
	}
	var files []simbank.File
	for day := opening; day <= m.LastDay; day++ {
		of, err := bank.EndOfDay(day)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, of...)
	}
	want := map[string]int64{}
	for _, a := range m.accounts {
		want[a.IBAN] = a.OpeningCents
	}
	for _, c := range m.credits {
		want[c.iban] += c.in.AmountCents
	}
	for _, d := range m.debits {
		want[d.iban] -= d.out.AmountCents
	}
	for iban, cents := range want {
		if got, _ := bank.Balance(iban); got != cents {
			t.Errorf("account %s ends at %d, want %d", iban, got, cents)
		}
	}
	checkFiles(t, files)
}

// checkFiles checks the statements against the official schemas, which lie
// beside the repository.
func checkFiles(t *testing.T, files []simbank.File) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	folder := filepath.Join("..", "..", "..", "..", "..", "shared", "xsd")
	if _, err := os.Stat(folder); err != nil {
		missing("no schema to check against: %v", err)
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		missing("no schema check: %v", err)
	}
	work, byVersion := t.TempDir(), map[string][]string{}
	for i, f := range files {
		if strings.HasSuffix(f.Name, ".txt") { // CFONB 120 has no schema
			continue
		}
		var root struct{ XMLName xml.Name }
		if err := xml.Unmarshal(f.Bytes, &root); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(work, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, f.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		message := root.XMLName.Space[strings.LastIndex(root.XMLName.Space, ":")+1:]
		byVersion[message] = append(byVersion[message], name)
	}
	for message, names := range byVersion {
		args := append([]string{"--noout", "--schema", filepath.Join(folder, message+".xsd")}, names...)
		if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%.2000s", message, err, out)
		}
	}
}
