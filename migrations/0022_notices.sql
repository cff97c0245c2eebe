-- +goose Up
-- What a notice of the bank (camt.054) says of lines that stand on a statement, or will: their single
-- transactions. A notice is never posted. A line of the statement that nobody could identify, with the
-- same amount on the same account, is identified by it, once: 471 gives the money on.
--   MA066  a notice identifies the one whole line of suspense that it describes, by its entry

CREATE TABLE masp.notice_lines (
    notice_line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement_id   bigint NOT NULL REFERENCES masp.bank_statements,
    rank           integer NOT NULL CHECK (rank > 0),
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    booked         boolean NOT NULL,
    booked_on      date,
    amount_cents   bigint NOT NULL,
    bank_reference text NOT NULL,
    batches        text[] NOT NULL, -- the payment files and batches that it names
    content        jsonb NOT NULL,  -- the line with its transactions, as it was read
    CONSTRAINT notice_line_once UNIQUE (statement_id, rank)
);
CREATE INDEX notices_by_amount ON masp.notice_lines (bank_account_id, amount_cents);

-- Which line a notice has identified, and by which entry out of 471. Not own: a return whose debit the
-- notice made known.
CREATE TABLE masp.notice_uses (
    line_id        bigint PRIMARY KEY REFERENCES masp.bank_lines,
    notice_line_id bigint NOT NULL REFERENCES masp.notice_lines,
    entry_no       bigint NOT NULL CONSTRAINT notice_has_its_entry UNIQUE,
    own            boolean NOT NULL
);
CREATE UNIQUE INDEX notice_is_used_once ON masp.notice_uses (notice_line_id) WHERE own;

-- +goose StatementBegin
CREATE FUNCTION masp.use_notice(line bigint, notice bigint, entry bigint, describes boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rest bigint;
BEGIN
    SELECT open_cents INTO rest FROM masp.suspense_items WHERE line_id = line FOR UPDATE;
    IF rest IS NULL OR NOT EXISTS (
            SELECT FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
              JOIN masp.notice_lines n ON n.notice_line_id = notice AND n.bank_account_id = s.bank_account_id
               AND (NOT describes OR n.booked AND n.amount_cents = l.amount_cents)
             WHERE l.line_id = line AND l.amount_cents = rest)
       OR rest IS DISTINCT FROM (
            SELECT sum(CASE '471:UNIDENTIFIED' WHEN d.code THEN p.amount_cents WHEN c.code THEN -p.amount_cents END)
              FROM masp.postings p JOIN masp.accounts d ON d.account_id = p.debit_account
              JOIN masp.accounts c ON c.account_id = p.credit_account WHERE p.entry_no = entry)
       OR EXISTS (SELECT FROM masp.match_undos u WHERE u.line_id = line) THEN
        RAISE EXCEPTION 'notice % does not identify bank line %', notice, line USING ERRCODE = 'MA066';
    END IF;
    INSERT INTO masp.notice_uses (line_id, notice_line_id, entry_no, own) VALUES (line, notice, entry, describes);
    PERFORM masp.move_open(line, -rest);
END
$$;

DO $$
DECLARE
    of_notice text;
BEGIN
    FOREACH of_notice IN ARRAY ARRAY['notice_lines', 'notice_uses'] LOOP
        EXECUTE format('CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''INSERT'', ''use_notice'')', of_notice);
    END LOOP;
    FOREACH of_notice IN ARRAY ARRAY['bank_lines', 'suspense_items'] LOOP
        EXECUTE format('DROP TRIGGER leaves_suspense_by_its_door ON masp.%I', of_notice);
        EXECUTE format('CREATE TRIGGER leaves_suspense_by_its_door BEFORE UPDATE ON masp.%I FOR EACH STATEMENT EXECUTE FUNCTION
            masp.only_by_door(''UPDATE'', ''assign_suspense'', ''returns_move_suspense'', ''undo_match'', ''use_notice'')', of_notice);
    END LOOP;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER used_by_its_door BEFORE INSERT ON masp.notice_uses
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'use_notice');
REVOKE ALL ON FUNCTION masp.use_notice(bigint, bigint, bigint, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.use_notice(bigint, bigint, bigint, boolean) TO masp_app;
GRANT SELECT, INSERT ON masp.notice_lines TO masp_app;
GRANT SELECT ON masp.notice_uses TO masp_app;
