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
-- The IBAN that a transfer names is looked up with its creditor, as in 0016: no version of an IBAN
-- ever leaves or changes its key.
ALTER TABLE masp.instructions DROP CONSTRAINT iban_that_was_confirmed;
CREATE TRIGGER key_stays BEFORE UPDATE OF creditor_id, version OR DELETE OR TRUNCATE ON masp.creditor_ibans
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
-- +goose StatementBegin
CREATE FUNCTION masp.transfers_reach_whom_they_may() RETURNS trigger
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
              WHEN i.kind = 'PASS_THROUGH' THEN c.kind IN ('PAYER', 'PUBLIC', 'CREDITOR', 'OTHER') AND EXISTS (
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
CREATE TRIGGER transfers_reach_whom_they_may AFTER INSERT ON masp.instructions
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION masp.transfers_reach_whom_they_may();

REVOKE ALL ON FUNCTION masp.terms_remit_to_the_person(), masp.transfers_reach_whom_they_may() FROM PUBLIC;

-- The account in a person's name holds the money of that person alone, whatever changed (R-040).
-- MA045: an INDIVIDUAL account with two persons on it.
-- +goose StatementBegin
CREATE FUNCTION masp.individual_account_is_of_one_person() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM masp.bank_accounts a WHERE a.bank_account_id = NEW.bank_account_id AND a.model = 'INDIVIDUAL'
        FOR NO KEY UPDATE; -- two who come at once follow each other
    IF FOUND AND EXISTS (SELECT FROM masp.mandates m
                          WHERE m.bank_account_id = NEW.bank_account_id AND m.beneficiary_id <> NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'account % is in the name of another person', NEW.bank_account_id USING ERRCODE = 'MA045';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER individual_account_is_of_one_person AFTER INSERT OR UPDATE OF bank_account_id, beneficiary_id ON masp.mandates
    FOR EACH ROW WHEN (NEW.bank_account_id IS NOT NULL) EXECUTE FUNCTION masp.individual_account_is_of_one_person();

-- Benefits paid after a death wait for the claim of who paid them. Two years after the last one
-- nobody may claim any more (social security code, L553-1): then they are part of the estate.
-- +goose StatementBegin
CREATE FUNCTION masp.undue_kept_until(mandate text) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (e.posted_on + interval '24 months')::date
      FROM masp.accounts a JOIN masp.postings p ON p.credit_account = a.account_id JOIN masp.entries e USING (entry_no)
     WHERE a.code = '467:' || mandate || ':UNDUE' ORDER BY p.credit_seq DESC LIMIT 1
$$;
CREATE FUNCTION masp.undue_waits_for_its_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM added i WHERE i.kind = 'ESTATE_PAYOUT' AND i.account LIKE '%:UNDUE'
                  AND masp.undue_kept_until(i.mandate_id) > i.leave_on) THEN
        RAISE EXCEPTION 'undue benefits may still be claimed' USING ERRCODE = 'MA044';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER undue_waits_for_its_claim AFTER INSERT ON masp.instructions
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION masp.undue_waits_for_its_claim();
ALTER TABLE masp.instructions
    DROP CONSTRAINT each_kind_debits_its_account,
    ADD CONSTRAINT each_kind_debits_its_account CHECK (CASE kind
        WHEN 'PASS_THROUGH' THEN account IN ('467:' || mandate_id || ':RESTRICTED', '467:' || mandate_id || ':RESTITUTION')
        WHEN 'REFUND_TO_PAYER' THEN account = '467:' || mandate_id || ':UNDUE'
        WHEN 'ESTATE_PAYOUT' THEN account IN ('467:' || mandate_id || ':ESTATE', '467:' || mandate_id || ':UNDUE')
        ELSE account = '467:' || mandate_id END);

-- A contract authorises what the catalogue lets be managed on its first day (R-007, R-026); what is
-- paid to a landlord is not expected here again. MA046.
-- +goose StatementBegin
CREATE FUNCTION masp.authorised_may_be_managed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n WHERE NOT EXISTS (
            SELECT FROM masp.benefits b WHERE b.code = n.benefit AND b.manageable
               AND n.valid_from >= b.valid_from AND (b.valid_to IS NULL OR n.valid_from <= b.valid_to))) THEN
        RAISE EXCEPTION 'R-007: a contract authorises benefits that may be managed' USING ERRCODE = 'MA046';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION masp.third_party_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'benefit % of % is paid to a third party', OLD.benefit, OLD.mandate_id USING ERRCODE = 'MA046';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER authorised_may_be_managed AFTER INSERT ON masp.authorised_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.authorised_may_be_managed();
CREATE TRIGGER third_party_stays BEFORE UPDATE ON masp.expected_benefits
    FOR EACH ROW WHEN (OLD.third_party AND NOT NEW.third_party) EXECUTE FUNCTION masp.third_party_stays();

REVOKE ALL ON FUNCTION masp.individual_account_is_of_one_person(), masp.undue_kept_until(text), masp.undue_waits_for_its_claim(),
    masp.authorised_may_be_managed(), masp.third_party_stays() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.undue_kept_until(text) TO masp_app;
