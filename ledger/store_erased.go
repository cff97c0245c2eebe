package ledger

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const foundErased = "ERASED_CHANGED"

// erasedKey is a finding as a key.
func erasedKey(code, place string) string { return code + " " + place }

// loadErased reads where the texts of persons were erased (migration 0039), and finds the places that
// are no more what the erasing left. What would be found at the others is set aside: the texts are
// gone, and all that stands beside them is held by the hash.
func (v *verifier) loadErased(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT code, place, seal IS NOT DISTINCT FROM masp.left_at(code, place)
		  FROM (SELECT DISTINCT ON (code, place) code, place, seal FROM masp.erasures
		         ORDER BY code, place, erasure_no DESC) e ORDER BY code, place`)
	if err != nil {
		return fmt.Errorf("read what was erased: %w", err)
	}
	v.erased = map[string]bool{}
	var code, place string
	var same bool
	_, err = pgx.ForEachRow(rows, []any{&code, &place, &same}, func() error {
		if same {
			v.erased[erasedKey(code, place)] = true
			return nil
		}
		v.found(foundErased, place, "ce qui restait après la pseudonymisation a été changé (%s)", code)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read what was erased: %w", err)
	}
	return nil
}

// isErased counts a finding that an erasing explains.
func (v *verifier) isErased(code, place string) bool {
	if v.erased[erasedKey(code, place)] {
		v.report.Erased++
		return true
	}
	return false
}

// VerifyErasedTx is Verify in the transaction that erases: its findings are all, the expected ones too.
func VerifyErasedTx(ctx context.Context, tx pgx.Tx, o VerifyOptions) (Report, error) {
	var report Report
	o.Limit = 1 << 30
	if err := verifyAll(ctx, tx, o, &report, false); err != nil {
		return report, fmt.Errorf("verify what is erased: %w", err)
	}
	return report, nil
}

// VerifyTx is Verify in the caller's transaction.
func VerifyTx(ctx context.Context, tx pgx.Tx, o VerifyOptions) (Report, error) {
	var report Report
	if err := verifyAll(ctx, tx, o, &report, true); err != nil {
		return report, fmt.Errorf("verify the books: %w", err)
	}
	return report, nil
}
