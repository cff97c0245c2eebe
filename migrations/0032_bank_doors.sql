-- +goose Up
-- What was missing of the doors of the bank side.
--   MA120  a receipt is what an entry of its line credits to the person, on the bank's day
--   MA121  what its payee has refunded does not come back as well, and the other way round
--   MA122  two lines clear each other: same account and amount, one in, one out
--   MA123  a line is the return of a whole transfer of its account that the bank has debited
--   MA124  a statement that the bank issued again replaces the last one of its account, line for line

-- written_now tells whether a row that is visible was written by this very transaction, be it in a
-- savepoint, which has a number of its own: what is not over and yet visible is ours.
-- +goose StatementBegin
CREATE FUNCTION masp.written_now(by xid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(pg_xact_status((own + mod(by::text::bigint - mod(own, 4294967296) + 6442450944, 4294967296)
                                        - 2147483648)::text::xid8) = 'in progress', false)
      FROM (SELECT pg_current_xact_id()::text::bigint AS own) x
$$;
CREATE OR REPLACE FUNCTION masp.undone_now(entry bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = entry AND masp.written_now(u.xmin))
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.written_now(xid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.written_now(xid) TO masp_app;

-- A receipt says what a person received. Its entry is that of its line, or of who identified the line;
-- each of its amounts is one posting to that person, beside those that gave transfers back. A row
-- below zero mirrors a posting that an undo took back.
-- +goose StatementBegin
CREATE FUNCTION masp.receipts_are_credited() RETURNS trigger -- by keys, whatever the planner thinks of tables that grow
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT x.entry_no INTO wrong
      FROM (SELECT DISTINCT a.entry_no, a.line_id FROM added a) x
      LEFT JOIN masp.bank_lines l USING (line_id)
      LEFT JOIN masp.suspense_assignments s ON s.entry_no = x.entry_no AND s.line_id = x.line_id
     WHERE NOT coalesce(l.entry_no = x.entry_no OR s.line_id IS NOT NULL
               OR EXISTS (SELECT FROM masp.notice_uses n WHERE n.entry_no = x.entry_no AND n.line_id = x.line_id)
               OR EXISTS (SELECT FROM masp.match_undos u WHERE u.reversal_entry = x.entry_no AND u.line_id = x.line_id), false)
        OR s.advice_id IS NULL AND EXISTS (
               SELECT FROM masp.receipts r WHERE r.line_id = s.line_id AND r.entry_no = s.entry_no
                  AND (r.mandate_id, r.benefit, r.period) IS DISTINCT FROM (s.mandate_id, s.benefit, s.period))
        OR EXISTS ((
               SELECT r.mandate_id, r.amount_cents, r.received_on FROM masp.receipts r
                WHERE r.line_id = x.line_id AND r.entry_no = x.entry_no
                UNION ALL
               SELECT i.mandate_id, m.amount_cents, l.booked_on FROM masp.line_matches m JOIN masp.instructions i USING (instruction_id)
                WHERE m.line_id = x.line_id AND m.entry_no = x.entry_no AND m.meaning = 'RETURNED' AND i.mandate_id <> ''
               ) EXCEPT ALL
               SELECT a.owner, CASE e.kind WHEN 'REVERSAL' THEN -p.amount_cents ELSE p.amount_cents END, l.booked_on
                 FROM masp.postings p JOIN masp.entries e USING (entry_no)
                 JOIN masp.accounts a ON a.account_id = CASE e.kind WHEN 'REVERSAL' THEN p.debit_account ELSE p.credit_account END
                WHERE p.entry_no = x.entry_no AND a.pcg = '467') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not credit what its receipts say', wrong USING ERRCODE = 'MA120';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER receipts_are_credited AFTER INSERT ON masp.receipts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.receipts_are_credited();
REVOKE ALL ON FUNCTION masp.receipts_are_credited() FROM PUBLIC;

-- acted_now, likewise (0006).
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.acted_now(of_run text, VARIADIC wanted text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM masp.run_acts a
                    WHERE a.run_id = of_run AND a.act = ANY (wanted) AND masp.written_now(a.xmin))
$$;
-- +goose StatementEnd

-- The return of a transfer and the refund of its payee are the same money: one of them, never both.
-- +goose StatementBegin
CREATE FUNCTION masp.refunded_cents(instruction bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(sum(a.amount_cents), 0)::bigint FROM masp.suspense_assignments a
     WHERE a.instruction_id = instruction AND a.amount_cents > 0 AND a.benefit <> ''
       AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.assignment_id = a.assignment_id)
$$;
CREATE FUNCTION masp.refunded_does_not_return() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    which bigint;
BEGIN
    SELECT a.instruction_id INTO which FROM added a
     WHERE a.meaning = 'RETURNED' AND masp.refunded_cents(a.instruction_id) > 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer % was refunded by its payee', which USING ERRCODE = 'MA121';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER refunded_does_not_return AFTER INSERT ON masp.line_matches REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.refunded_does_not_return();

-- A person may say that a credit is the return of a transfer: an assignment with a transfer and no
-- benefit. A debit that executes the return of money to its sender is of no mandate.
ALTER TABLE masp.suspense_assignments
    DROP CONSTRAINT money_in_is_a_benefit_money_out_a_transfer,
    ADD CONSTRAINT money_in_is_a_benefit_money_out_a_transfer CHECK (
        CASE WHEN advice_id IS NOT NULL
             THEN amount_cents > 0 AND mandate_id IS NULL AND benefit = '' AND instruction_id IS NULL
             ELSE (mandate_id IS NOT NULL OR amount_cents < 0) AND (amount_cents > 0 OR benefit = '')
              AND (benefit <> '' OR instruction_id IS NOT NULL)
              AND (instruction_id IS NULL OR benefit IN ('', 'REFUND_OF_PAYMENT')) END);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.assign_suspense(
    secret text, line bigint, entry bigint, amount bigint,
    mandate text, what text, month date, instruction bigint, advice bigint, because text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    rest bigint;
    sent masp.instructions%ROWTYPE;
    made bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not identify money', who USING ERRCODE = 'MA012';
    END IF;
    SELECT open_cents INTO rest FROM masp.suspense_items WHERE line_id = line FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'bank line % is not in suspense', line USING ERRCODE = 'no_data_found';
    END IF;
    IF sign(amount) IS DISTINCT FROM sign(rest) OR abs(amount) > abs(rest) THEN
        RAISE EXCEPTION 'bank line % has less than that in suspense', line USING ERRCODE = 'MA017';
    END IF;
    IF amount > 0 AND instruction IS NOT NULL THEN
        SELECT * INTO sent FROM masp.instructions WHERE instruction_id = instruction FOR UPDATE;
        IF what <> '' AND (sent.state <> 'settled' OR masp.refunded_cents(instruction) + amount > sent.amount_cents) THEN
            RAISE EXCEPTION 'transfer % has no such refund', instruction USING ERRCODE = 'MA121';
        END IF;
        IF what = '' AND (sent.state <> 'settled' OR sent.amount_cents <> amount OR sent.bank_account_id IS DISTINCT FROM (
                SELECT s.bank_account_id FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id) WHERE l.line_id = line)) THEN
            RAISE EXCEPTION 'bank line % does not bring transfer % back', line, instruction USING ERRCODE = 'MA123';
        END IF;
    END IF;
    INSERT INTO masp.suspense_assignments
        (line_id, entry_no, amount_cents, mandate_id, benefit, period, instruction_id, advice_id, reason, assigned_by, assigned_at)
    VALUES (line, entry, amount, nullif(mandate, ''), what, month, instruction, advice, because, who, masp.now())
    RETURNING assignment_id INTO made;
    IF amount > 0 AND what = '' AND instruction IS NOT NULL THEN
        INSERT INTO masp.line_matches (entry_no, line_id, instruction_id, meaning, amount_cents)
        VALUES (entry, line, instruction, 'RETURNED', amount);
    END IF;
    UPDATE masp.suspense_items SET open_cents = open_cents - amount WHERE line_id = line;
    IF amount = rest THEN
        UPDATE masp.bank_lines SET state = CASE WHEN amount < 0 OR EXISTS (
            SELECT FROM masp.line_matches m WHERE m.line_id = line AND m.undone_by IS NULL) THEN 'matched' ELSE 'posted' END
         WHERE line_id = line;
    END IF;
    RETURN made;
END
$$;
-- +goose StatementEnd

-- A payer's list may be announced again once what it had identified is undone: its content is known
-- once among those that wait or count.
ALTER TABLE masp.advices DROP CONSTRAINT advice_once;
CREATE INDEX advices_by_content ON masp.advices (content_hash);
-- +goose StatementBegin
CREATE FUNCTION masp.advice_is_over(advice bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM masp.advice_uses a JOIN masp.bank_lines l USING (line_id)
          LEFT JOIN masp.suspense_assignments s ON s.advice_id = a.advice_id
          JOIN masp.match_undos u ON u.line_id = a.line_id AND u.undone_entry = coalesce(s.entry_no, l.entry_no)
         WHERE a.advice_id = advice)
$$;
CREATE FUNCTION masp.advice_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(NEW.content_hash, 'hex'), 0));
    IF EXISTS (SELECT FROM masp.advices a WHERE a.content_hash = NEW.content_hash AND NOT masp.advice_is_over(a.advice_id)) THEN
        RAISE EXCEPTION 'this list is announced already' USING ERRCODE = 'unique_violation',
            TABLE = 'advices', CONSTRAINT = 'advice_once';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER advice_once BEFORE INSERT ON masp.advices FOR EACH ROW EXECUTE FUNCTION masp.advice_once();
REVOKE ALL ON FUNCTION masp.refunded_cents(bigint), masp.refunded_does_not_return(), masp.advice_is_over(bigint), masp.advice_once() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.refunded_cents(bigint) TO masp_app;

-- Two lines that nobody can or needs to identify clear each other: a debit and its own correction, a fee
-- of the bank and what the organisation paid in for it (R-044: never the money of a person). 471 stays
-- what it is, so no entry is written. A row that undoes another one opens both lines again.
CREATE TABLE masp.suspense_clearings (
    clearing_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    debit_line   bigint NOT NULL REFERENCES masp.suspense_items,
    credit_line  bigint NOT NULL REFERENCES masp.suspense_items,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    undoes       bigint CONSTRAINT clearing_is_undone_once UNIQUE REFERENCES masp.suspense_clearings,
    reason       text NOT NULL CHECK (btrim(reason) <> ''),
    cleared_by   text NOT NULL REFERENCES masp.users,
    cleared_at   timestamptz NOT NULL
);
CREATE INDEX clearings_of_debit ON masp.suspense_clearings (debit_line);
CREATE INDEX clearings_of_credit ON masp.suspense_clearings (credit_line);

-- +goose StatementBegin
CREATE FUNCTION masp.clear_suspense(secret text, debit bigint, credit bigint, back boolean, because text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.user_of(secret);
    cents bigint;
    was   bigint;
    made  bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not clear lines', who USING ERRCODE = 'MA012';
    END IF;
    PERFORM FROM masp.suspense_items WHERE line_id IN (debit, credit) ORDER BY line_id FOR UPDATE;
    IF back THEN
        SELECT c.clearing_id, c.amount_cents INTO was, cents FROM masp.suspense_clearings c
         WHERE c.debit_line = debit AND c.credit_line = credit AND c.undoes IS NULL
           AND NOT EXISTS (SELECT FROM masp.suspense_clearings n WHERE n.undoes = c.clearing_id);
    ELSE
        SELECT c.open_cents INTO cents
          FROM masp.suspense_items d JOIN masp.bank_lines dl USING (line_id) JOIN masp.bank_statements ds USING (statement_id),
               masp.suspense_items c JOIN masp.bank_lines cl USING (line_id) JOIN masp.bank_statements cs USING (statement_id)
         WHERE d.line_id = debit AND c.line_id = credit AND c.open_cents > 0 AND d.open_cents = -c.open_cents
           AND ds.bank_account_id = cs.bank_account_id;
    END IF;
    IF cents IS NULL THEN
        RAISE EXCEPTION 'bank lines % and % do not clear each other', debit, credit USING ERRCODE = 'MA122';
    END IF;
    INSERT INTO masp.suspense_clearings (debit_line, credit_line, amount_cents, undoes, reason, cleared_by, cleared_at)
    VALUES (debit, credit, cents, was, because, who, masp.now()) RETURNING clearing_id INTO made;
    PERFORM masp.move_open(debit, CASE WHEN back THEN -cents ELSE cents END),
            masp.move_open(credit, CASE WHEN back THEN cents ELSE -cents END);
    RETURN made;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER clearings_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.suspense_clearings
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'clear_suspense');
REVOKE ALL ON FUNCTION masp.clear_suspense(text, bigint, bigint, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.clear_suspense(text, bigint, bigint, boolean, text) TO masp_app;
GRANT SELECT ON masp.suspense_clearings TO masp_app;

-- +goose StatementBegin
DO $$
DECLARE
    of_import text;
BEGIN
    FOREACH of_import IN ARRAY ARRAY['bank_lines', 'suspense_items'] LOOP
        EXECUTE format('DROP TRIGGER leaves_suspense_by_its_door ON masp.%I', of_import);
        EXECUTE format('CREATE TRIGGER leaves_suspense_by_its_door BEFORE UPDATE ON masp.%I FOR EACH STATEMENT EXECUTE FUNCTION
            masp.only_by_door(''UPDATE'', ''assign_suspense'', ''returns_move_suspense'', ''undo_match'', ''use_notice'',
                              ''clear_suspense'', ''replace_statement'')', of_import);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- The bank may issue a statement again with other content: what it posted first is reversed, line for
-- line, and the new one takes its place. Both stay in the chain, the new one right behind: what was
-- stored of the days before stays what it was. Only the last statement of an account is replaced, by one
-- that opens with the same balance and closes on the same day, and only while each of its lines stands
-- as its import left it.
CREATE TABLE masp.statement_replacements (
    old_statement bigint PRIMARY KEY REFERENCES masp.bank_statements,
    new_statement bigint NOT NULL CONSTRAINT replaces_one UNIQUE REFERENCES masp.bank_statements,
    reason        text NOT NULL CHECK (btrim(reason) <> ''),
    replaced_by   text NOT NULL REFERENCES masp.users,
    replaced_at   timestamptz NOT NULL,
    CONSTRAINT replaces_another CHECK (new_statement <> old_statement)
);

-- +goose StatementBegin
CREATE FUNCTION masp.replace_statement(secret text, old_one bigint, new_one bigint, because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    line record;
    made bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not replace a statement', who USING ERRCODE = 'MA012';
    END IF;
    IF NOT EXISTS (
        SELECT FROM masp.bank_statements o JOIN masp.bank_statements n USING (account_iban, kind)
         WHERE o.statement_id = old_one AND n.statement_id = new_one AND kind = 'BOOKED'
           AND o.state = 'accepted' AND n.state = 'held' AND n.reason <> 'DROPPED'
           AND (n.opening_cents, n.closing_on) = (o.opening_cents, o.closing_on)
           AND NOT EXISTS (SELECT FROM masp.bank_statements s WHERE s.bank_account_id = o.bank_account_id
                              AND (s.chain_no > o.chain_no OR s.state = 'importing')))
       OR EXISTS (
        SELECT FROM masp.bank_lines l LEFT JOIN masp.suspense_items i USING (line_id)
         WHERE l.statement_id = old_one AND l.state <> 'ignored'
           AND (coalesce(i.open_cents, 0) <> l.amount_cents - masp.recognised_cents(l.line_id)
                OR masp.suspense_reserved(l.line_id) <> 0
                OR EXISTS (SELECT FROM masp.match_undos u WHERE u.line_id = l.line_id AND u.line_entry IS NOT NULL)
                OR NOT EXISTS (SELECT FROM masp.entries e WHERE e.reverses = l.entry_no AND e.actor = who))) THEN
        RAISE EXCEPTION 'statement % does not replace statement %', new_one, old_one USING ERRCODE = 'MA124';
    END IF;
    INSERT INTO masp.statement_replacements VALUES (old_one, new_one, because, who, masp.now());
    FOR line IN
        SELECT l.line_id AS id, l.entry_no, e.entry_no AS reversal, masp.recognised_cents(l.line_id) AS cents
          FROM masp.bank_lines l JOIN masp.entries e ON e.reverses = l.entry_no WHERE l.statement_id = old_one ORDER BY l.rank
    LOOP
        IF line.cents <> 0 THEN
            INSERT INTO masp.match_undos (line_id, undone_entry, reversal_entry, amount_cents, reason, undone_by, undone_at)
            VALUES (line.id, line.entry_no, line.reversal, line.cents, because, who, masp.now()) RETURNING undo_id INTO made;
            UPDATE masp.line_matches SET undone_by = made WHERE entry_no = line.entry_no;
            INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, period, amount_cents, received_on)
            SELECT line.reversal, r.line_id, r.mandate_id, r.benefit, r.period, -r.amount_cents, r.received_on
              FROM masp.receipts r WHERE r.line_id = line.id AND r.entry_no = line.entry_no ORDER BY r.receipt_id;
        END IF;
        UPDATE masp.suspense_items SET open_cents = 0 WHERE line_id = line.id;
        UPDATE masp.bank_lines SET state = 'posted' WHERE line_id = line.id AND state <> 'posted';
    END LOOP;
END
$$;

-- The new statement is in the books when the transaction ends.
CREATE FUNCTION masp.replacement_is_accepted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.bank_statements o JOIN masp.bank_statements n USING (bank_account_id)
                    WHERE o.statement_id = NEW.old_statement AND n.statement_id = NEW.new_statement
                      AND n.state = 'accepted' AND n.chain_no = o.chain_no + 1) THEN
        RAISE EXCEPTION 'statement % is not accepted in the place of statement %', NEW.new_statement, NEW.old_statement
            USING ERRCODE = 'MA124';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER replacement_is_accepted AFTER INSERT ON masp.statement_replacements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION masp.replacement_is_accepted();
CREATE TRIGGER replacements_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.statement_replacements
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'replace_statement');
DROP TRIGGER undos_have_an_author ON masp.match_undos;
CREATE TRIGGER undos_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.match_undos
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'undo_match', 'replace_statement');
DROP TRIGGER undone_by_a_person ON masp.line_matches;
CREATE TRIGGER undone_by_a_person BEFORE UPDATE ON masp.line_matches
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'undo_match', 'replace_statement');
REVOKE ALL ON FUNCTION masp.replace_statement(text, bigint, bigint, text), masp.replacement_is_accepted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.replace_statement(text, bigint, bigint, text) TO masp_app;
GRANT SELECT ON masp.statement_replacements TO masp_app;
SELECT masp.restrict('statement_replacements',
    'EXISTS (SELECT FROM masp.bank_statements s WHERE s.statement_id = old_statement) OR (SELECT masp.reaches_all())');

-- The agreement with the bank, day by day (0023): what a replaced line said, its reversal takes back.
CREATE OR REPLACE VIEW masp.agreement_moves WITH (security_invoker = true) AS
SELECT d.entry_no, d.day, d.bank_day, d.kind, d.source,
       CASE side.of WHEN '512' THEN side.holder
            WHEN '467' THEN coalesce((SELECT x.bank_account_id FROM masp.earlier_accounts x
                                       WHERE x.mandate_id = side.holder AND x.until_entry >= d.entry_no
                                       ORDER BY x.until_entry LIMIT 1), m.bank_account_id)
            ELSE coalesce((SELECT i.bank_account_id FROM masp.instructions i
                            WHERE i.posted_entry = coalesce(d.reverses, d.entry_no) LIMIT 1),
                          CASE WHEN d.kind = 'REJECT' THEN (SELECT i.bank_account_id FROM masp.instructions i
                                WHERE i.end_to_end_id = substr(d.source, length('reject ') + 1)) END,
                          (SELECT s.bank_account_id FROM masp.suspense_assignments a
                             JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
                            WHERE a.entry_no = coalesce(d.reverses, d.entry_no)),
                          (SELECT n.bank_account_id FROM masp.notice_uses u JOIN masp.notice_lines n USING (notice_line_id)
                            WHERE u.entry_no = coalesce(d.reverses, d.entry_no)),
                          (SELECT s.bank_account_id FROM masp.line_matches u
                             JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
                            WHERE u.undone_by = d.entry_no LIMIT 1)) END AS bank_account_id,
       CASE WHEN side.pcg = '467' THEN side.owner END AS mandate_id,
       CASE WHEN side.pcg = '512' THEN side.cents ELSE 0 END AS books,
       CASE WHEN side.pcg <> '512' OR p.line_no <> 1 THEN 0 WHEN d.reverses IS NULL THEN coalesce(d.line_cents, 0)
            WHEN EXISTS (SELECT FROM masp.statement_replacements r JOIN masp.bank_lines l ON l.statement_id = r.old_statement
                          WHERE l.line_id = d.line_id) THEN -d.line_cents ELSE 0 END AS line,
       CASE WHEN side.pcg = '580' THEN -side.cents ELSE 0 END AS transit,
       CASE WHEN side.pcg = '471' THEN -side.cents ELSE 0 END AS unidentified,
       CASE WHEN side.pcg = '467' THEN -side.cents ELSE 0 END AS persons
  FROM masp.postings p
  JOIN masp.entry_days d USING (entry_no)
  JOIN masp.accounts debit ON debit.account_id = p.debit_account
  JOIN masp.accounts credit ON credit.account_id = p.credit_account
 CROSS JOIN LATERAL (
       SELECT s.pcg, s.owner, s.cents,
              CASE WHEN s.pcg IN ('512', '467') THEN s.pcg ELSE s.other END AS of,
              CASE WHEN s.pcg IN ('512', '467') THEN s.owner ELSE s.other_owner END AS holder
         FROM (VALUES (debit.pcg, debit.owner, p.amount_cents, credit.pcg, credit.owner),
                      (credit.pcg, credit.owner, -p.amount_cents, debit.pcg, debit.owner))
              AS s (pcg, owner, cents, other, other_owner)) side
  LEFT JOIN masp.mandates m ON side.of = '467' AND m.mandate_id = side.holder;

COMMENT ON COLUMN masp.bank_statements.number_again IS
    'a person has accepted it although another statement bears its number, has lines like its own, or is replaced by it';

-- Lines like those of a new statement are looked up by day and amount: 0.2 ms for 50 lines among a
-- million, 370 ms without.
CREATE INDEX lines_by_day_and_amount ON masp.bank_lines (booked_on, amount_cents);
