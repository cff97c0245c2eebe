-- +goose Up
-- What may not be managed, and what came after the end, belongs to the heirs of somebody who has died (R-095,
-- R-098): it leaves for the notary or an heir then, with its proof. The rest is as in 0018, MA044.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.transfers_reach_whom_they_may() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    unknown bigint; -- counted, and planned anew, as in looked_up: all rows of a statement at once
    no_iban bigint;
    astray  bigint;
BEGIN
    EXECUTE $q$
    SELECT count(*) FILTER (WHERE c.creditor_id IS NULL),
           count(*) FILTER (WHERE i.iban_version IS NOT NULL AND v.version IS NULL),
           count(*) FILTER (
     WHERE NOT CASE WHEN c.kind = 'BENEFICIARY' THEN c.beneficiary_id = m.beneficiary_id
                   AND i.kind NOT IN ('REFUND_TO_PAYER', 'ESTATE_PAYOUT')
              WHEN i.kind = 'PAYMENT' THEN true
              WHEN i.kind = 'PASS_THROUGH' THEN (c.kind IN ('PAYER', 'PUBLIC', 'CREDITOR', 'OTHER')
                   OR c.kind IN ('NOTARY', 'HEIR') AND m.status = 'DECEASED') AND EXISTS (
                   SELECT FROM masp.runs r WHERE r.run_id = i.run_id AND char_length(btrim(r.evidence)) >= 10)
              WHEN i.kind = 'REFUND_TO_PAYER' THEN c.kind IN ('PAYER', 'PUBLIC')
              WHEN i.kind = 'ESTATE_PAYOUT' THEN c.kind IN ('NOTARY', 'HEIR', 'OTHER')
              ELSE false END)
      FROM added i JOIN masp.mandates m USING (mandate_id) LEFT JOIN masp.creditors c USING (creditor_id)
      LEFT JOIN masp.creditor_ibans v ON v.creditor_id = i.creditor_id AND v.version = i.iban_version $q$
       INTO unknown, no_iban, astray;
    IF unknown > 0 THEN
        RAISE EXCEPTION 'a transfer pays no creditor' USING ERRCODE = 'foreign_key_violation',
            TABLE = 'instructions', CONSTRAINT = 'transfers_pay_a_creditor';
    END IF;
    IF no_iban > 0 THEN
        RAISE EXCEPTION 'a transfer names no IBAN of its creditor' USING ERRCODE = 'foreign_key_violation',
            TABLE = 'instructions', CONSTRAINT = 'iban_that_was_confirmed';
    END IF;
    IF astray > 0 THEN
        RAISE EXCEPTION 'a transfer does not go to whom it may' USING ERRCODE = 'MA044';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
