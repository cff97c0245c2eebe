-- +goose Up
-- Who is paid: a person's money goes to that person, to whom the law names, or to a creditor.
-- MA044: money that would go to somebody else.

-- An own account says whose it is; of two persons with one account each has a record.
ALTER TABLE masp.creditors
    ADD COLUMN beneficiary_id text REFERENCES masp.beneficiaries,
    ADD CONSTRAINT own_account_names_its_person CHECK ((kind = 'BENEFICIARY') = (beneficiary_id IS NOT NULL)),
    DROP CONSTRAINT creditors_kind_check,
    ADD CONSTRAINT creditors_kind_check CHECK (kind IN ('LANDLORD', 'INSURER', 'ENERGY', 'WATER', 'TELECOM',
        'PUBLIC', 'CREDITOR', 'BENEFICIARY', 'NOTARY', 'HEIR', 'PAYER', 'OTHER'));

-- A claim or a proof is a sentence: ten characters are the least that names a document.
ALTER TABLE masp.runs ADD CONSTRAINT evidence_names_a_document CHECK (
    purpose NOT IN ('REFUND_TO_PAYER', 'ESTATE_PAYOUT') OR char_length(btrim(evidence)) >= 10);

-- What is left to the person by the contract goes to the person's own account (R-061).
-- +goose StatementBegin
CREATE FUNCTION masp.terms_remit_to_the_person() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows t JOIN masp.mandates m USING (mandate_id)
                 LEFT JOIN masp.creditors c ON c.creditor_id = t.remit_to
                WHERE t.remit_to IS NOT NULL AND c.beneficiary_id IS DISTINCT FROM m.beneficiary_id) THEN
        RAISE EXCEPTION 'what is left goes to an account of the person' USING ERRCODE = 'MA044';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER terms_remit_to_the_person AFTER INSERT ON masp.mandate_terms
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.terms_remit_to_the_person();

-- An own account receives the money of its person and of nobody else. A remittance and a balance go
-- there; what may not be managed may go back to its sender, with evidence; undue benefits to who
-- pays benefits; an estate to the notary or the heirs (R-027, R-092, R-093, R-097, R-098).
-- +goose StatementBegin
CREATE FUNCTION masp.transfers_reach_whom_they_may() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    astray bigint; -- counted, and planned anew, as in looked_up: all rows of a statement at once
BEGIN
    EXECUTE $q$
    SELECT count(*)
      FROM added i JOIN masp.creditors c USING (creditor_id) JOIN masp.mandates m USING (mandate_id)
     WHERE NOT CASE WHEN c.kind = 'BENEFICIARY' THEN c.beneficiary_id = m.beneficiary_id
                   AND i.kind NOT IN ('REFUND_TO_PAYER', 'ESTATE_PAYOUT')
              WHEN i.kind = 'PAYMENT' THEN true
              WHEN i.kind = 'PASS_THROUGH' THEN c.kind IN ('PAYER', 'PUBLIC', 'CREDITOR', 'OTHER') AND EXISTS (
                   SELECT FROM masp.runs r WHERE r.run_id = i.run_id AND char_length(btrim(r.evidence)) >= 10)
              WHEN i.kind = 'REFUND_TO_PAYER' THEN c.kind IN ('PAYER', 'PUBLIC')
              WHEN i.kind = 'ESTATE_PAYOUT' THEN c.kind IN ('NOTARY', 'HEIR', 'OTHER')
              ELSE false END $q$ INTO astray;
    IF astray > 0 THEN
        RAISE EXCEPTION 'a transfer does not go to whom it may' USING ERRCODE = 'MA044';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER transfers_reach_whom_they_may AFTER INSERT ON masp.instructions
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION masp.transfers_reach_whom_they_may();

REVOKE ALL ON FUNCTION masp.terms_remit_to_the_person(), masp.transfers_reach_whom_they_may() FROM PUBLIC;
