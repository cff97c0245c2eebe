package worklist

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// PersonAsks: a person has asked a question from her own page.
const PersonAsks = "PERSON_ASKS"

// Asked is one of the questions that a person asks with one tap.
type Asked string

// The questions.
const (
	NotReceived   Asked = "NOT_RECEIVED"
	NotUnderstood Asked = "NOT_UNDERSTOOD"
	Sooner        Asked = "SOONER"
	OtherQuestion Asked = "OTHER"
)

var frenchQuestions = map[Asked]string{
	NotReceived: "Je n'ai pas reçu mon argent", NotUnderstood: "Je ne comprends pas ce paiement",
	Sooner: "J'ai besoin d'argent plus tôt", OtherQuestion: "Autre question",
}

// French is the question as the person reads it.
func (a Asked) French() string { return frenchQuestions[a] }

// Question is what a person asks. Who may ask it for a mandate is the caller's to know.
type Question struct {
	Mandate, Person string
	Asked           Asked
	Text            string // in her own words; may be empty
	About           string // a movement that she looked at; may be empty
}

// Kept is when a question was kept, and the day until which it is answered.
type Kept struct {
	At    time.Time
	Until civil.Date
}

const (
	longestQuestion = 1000
	answerDays      = 3 // working days
)

// Ask raises an alert for who looks after the mandate. The same words twice on a day are one question.
//
// Errors: ErrQuestion.
func (s *Service) Ask(ctx context.Context, q Question) (k Kept, err error) {
	q.Text = strings.TrimSpace(q.Text)
	if q.Asked.French() == "" || len([]rune(q.Text)) > longestQuestion {
		return k, ErrQuestion
	}
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT masp.now()`).Scan(&k.At); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		k.Until = civil.AddTARGET(today, answerDays)
		sum := sha256.Sum256([]byte(q.Text + "\x00" + q.About))
		return RaiseTx(ctx, tx, Alert{
			On: today, Code: PersonAsks, Mandate: q.Mandate, Subject: q.Asked.French(), Text: q.french(k.Until),
			Source:  fmt.Sprintf("question %s %s %s %s", q.Mandate, today, q.Asked, hex.EncodeToString(sum[:8])),
			Details: map[string]string{"question": string(q.Asked), "text": q.Text, "about": q.About},
		})
	})
	if err != nil {
		return Kept{}, fmt.Errorf("ask for %s: %w", q.Mandate, err)
	}
	return k, nil
}

// french is what the coordinator reads.
func (q Question) french(until civil.Date) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s demande : « %s ».", q.Person, q.Asked.French())
	if q.About != "" {
		fmt.Fprintf(&b, " Sur ce mouvement : %s.", q.About)
	}
	if q.Text != "" {
		fmt.Fprintf(&b, " Ses mots : « %s ».", q.Text)
	}
	fmt.Fprintf(&b, " Nous avons promis une réponse avant le %s.", until.French())
	return b.String()
}
