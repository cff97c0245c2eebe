-- +goose Up
-- What the first page counts for everybody must not cost a scan of all accounts each time it is read.

-- agreement_marks tells whether what bank_agreement and disagreements say may have changed: each transaction
-- that touches what they read leaves its number here; what is posted moves chain_heads.last_entry. Sums that
-- were computed in a snapshot hold as long as no mark is seen that was not seen there (package reconcile).
-- A mark goes after an hour, and no sum is kept for longer than a minute.
CREATE TABLE masp.agreement_marks (
    xid     xid8 NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX marks_by_transaction ON masp.agreement_marks (xid);
CREATE INDEX marks_by_time ON masp.agreement_marks (made_at);
GRANT SELECT ON masp.agreement_marks TO masp_app;
INSERT INTO masp.personal_data (table_name, nothing) VALUES ('agreement_marks', 'des numéros de transactions');

-- Old marks are forgotten by who makes new ones; nobody waits for another one who does.
-- +goose StatementBegin
CREATE FUNCTION masp.mark_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    this xid8 := pg_current_xact_id();
BEGIN
    IF NOT EXISTS (SELECT FROM masp.agreement_marks m WHERE m.xid = this) THEN
        INSERT INTO masp.agreement_marks (xid, made_at) VALUES (this, clock_timestamp());
        DELETE FROM masp.agreement_marks d WHERE d.ctid = ANY (ARRAY(
            SELECT o.ctid FROM masp.agreement_marks o WHERE o.made_at < clock_timestamp() - interval '1 hour'
             ORDER BY o.made_at LIMIT 20 FOR UPDATE SKIP LOCKED));
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    of_table text;
BEGIN
    FOREACH of_table IN ARRAY ARRAY['bank_accounts', 'bank_lines', 'bank_locks', 'bank_statements', 'day_closings',
        'earlier_accounts',
        'instructions', 'line_matches', 'mandates', 'notice_lines', 'notice_uses', 'reconciliations', 'statement_replacements',
        'suspense_assignments', 'suspense_items'] LOOP
        EXECUTE format('CREATE TRIGGER marks_agreement AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.mark_agreement()', of_table);
        EXECUTE format('ALTER TABLE masp.%I ENABLE ALWAYS TRIGGER marks_agreement', of_table);
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.mark_agreement() FROM PUBLIC;

-- The changes of IBANs that wait for somebody, among all that ever were.
CREATE INDEX ibans_to_confirm ON masp.creditor_ibans (creditor_id, version) WHERE confirmed_by IS NULL AND proposed_by IS NOT NULL;
CREATE INDEX ibans_by_number ON masp.creditor_ibans (iban);
CREATE INDEX obligations_of_creditor ON masp.obligations (creditor_id);
CREATE INDEX ibans_that_replace ON masp.creditor_ibans (creditor_id, version) WHERE version > 1;
CREATE INDEX ibans_of_loads ON masp.creditor_ibans (load_sha256) WHERE proposed_by IS NULL;

-- The alerts of a list: those that are open, the urgent ones first, are found by their code.
CREATE INDEX open_alerts_by_code ON masp.alerts (code, on_day, alert_id) WHERE closed_at IS NULL;
