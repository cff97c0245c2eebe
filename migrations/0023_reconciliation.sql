-- +goose Up
-- The bank and the books agree, account by account and day by day (R-046): what a day was, as it was
-- computed, and which days are locked.
--   MA070  an entry dated in a locked day of its bank account
--   MA071  an approval while the bank and the books of an account differ
--   MA072  days that are not over, or that nothing locks
--   MA073  days that are not reconciled
--   MA074  days reopened by whoever closed them

-- The bank account on which the money of a mandate lay before it moved to another one: its postings
-- up to that entry belong there. It holds nothing when it moves (MA030).
CREATE TABLE masp.earlier_accounts (
    mandate_id      text NOT NULL,
    until_entry     bigint NOT NULL,
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    PRIMARY KEY (mandate_id, until_entry)
);
GRANT SELECT ON masp.earlier_accounts TO masp_app;
-- +goose StatementBegin
CREATE FUNCTION masp.keep_earlier_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO masp.earlier_accounts SELECT OLD.mandate_id, h.last_entry, OLD.bank_account_id FROM masp.chain_heads h
    ON CONFLICT DO NOTHING; -- nothing was posted in between
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_earlier_account AFTER UPDATE OF bank_account_id ON masp.mandates FOR EACH ROW
    WHEN (OLD.bank_account_id IS NOT NULL AND OLD.bank_account_id IS DISTINCT FROM NEW.bank_account_id)
    EXECUTE FUNCTION masp.keep_earlier_account();
CREATE TRIGGER earlier_accounts_stay BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.earlier_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'keep_earlier_account');

-- Through which day each account is locked, and who locked or reopened it. Written only by the doors.
-- A statement that comes when its days are locked counts in the first open day after them, and stays
-- there when they are reopened.
CREATE TABLE masp.bank_locks (
    bank_account_id text PRIMARY KEY REFERENCES masp.bank_accounts,
    locked_through  date
);
CREATE INDEX last_lock ON masp.bank_locks (locked_through);
CREATE TABLE masp.day_closings (
    closing_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    act             text NOT NULL CHECK (act IN ('CLOSE', 'REOPEN')),
    locked_before   date,
    locked_through  date,
    chain_no        bigint NOT NULL, -- of the last statement that the act has seen
    late_through    date NOT NULL,   -- later statements count after this day
    reason          text NOT NULL,
    user_id         text NOT NULL REFERENCES masp.users,
    at              timestamptz NOT NULL,
    CONSTRAINT lock_goes_forward CHECK ((act = 'CLOSE') = (locked_through IS NOT NULL AND locked_through > coalesce(locked_before, '-infinity'))),
    CONSTRAINT reopened_for_a_reason CHECK (act = 'CLOSE' OR btrim(reason) <> '')
);
CREATE INDEX closings_of_account ON masp.day_closings (bank_account_id, closing_no);
-- The day from which the agreement counts the closing balance of an accepted statement: its own, or
-- the first after the days that were locked when it came.
CREATE VIEW masp.statement_days AS
SELECT s.statement_id, s.bank_account_id, s.chain_no, s.closing_on, s.closing_cents,
       greatest(s.closing_on, late.through + 1) AS counts_on, late.through AS late_through
  FROM masp.bank_statements s
  LEFT JOIN LATERAL (SELECT c.late_through AS through FROM masp.day_closings c
                      WHERE c.bank_account_id = s.bank_account_id AND c.chain_no < s.chain_no
                      ORDER BY c.closing_no DESC LIMIT 1) late ON true
 WHERE s.chain_no IS NOT NULL;

-- The day on which the agreement with the bank counts an entry. A bank line: the bank's booking day,
-- within the days that its statement adds to those before it, because only then it is part of the
-- balance that the bank says; bank_day is that day, and where it was locked when the statement came,
-- day is the first one after, beyond the balance before. A reversal of a bank line or of an opening: the day of what it takes
-- back. Everything else: the day on which it was posted.
CREATE VIEW masp.entry_days AS
SELECT e.entry_no, e.kind, e.source, e.reverses, l.line_id, l.amount_cents AS line_cents,
       own.day AS bank_day,
       least(greatest(own.day, late.late_through + 1, before.counts_on + 1), late.counts_on) AS day
  FROM masp.entries e
  LEFT JOIN masp.bank_lines l ON l.entry_no = coalesce(e.reverses, e.entry_no)
  LEFT JOIN masp.bank_statements s ON s.statement_id = l.statement_id
  LEFT JOIN masp.statement_days before
         ON before.bank_account_id = s.bank_account_id AND before.chain_no = s.chain_no - 1
  LEFT JOIN masp.statement_days late ON late.statement_id = l.statement_id
  LEFT JOIN masp.entries undone ON undone.entry_no = e.reverses
 CROSS JOIN LATERAL (SELECT CASE
       WHEN l.line_id IS NOT NULL
       THEN least(greatest(l.booked_on, before.closing_on + 1), coalesce(s.closing_on, l.booked_on))
       WHEN coalesce(undone.kind, e.kind) = 'OPENING' OR e.kind IN ('BANK_CREDIT', 'BANK_DEBIT', 'RETURN')
       THEN coalesce(e.booked_on, e.posted_on)
       ELSE e.posted_on END AS day) own;

-- Each side of each posting, with the bank account whose money it moves: 512 says it itself, the money
-- of a person (467) lies on the account of the mandate, 580 and 471 follow the other side; between
-- those two, the transfer or the bank line tells, or the line whose match is undone. Cents: the bank's money debit positive, what it
-- stands for credit positive, so that books = transit + unidentified + persons. line is what the bank
-- said of the entry, once.
CREATE INDEX matches_undone ON masp.line_matches (undone_by) WHERE undone_by IS NOT NULL;
CREATE VIEW masp.agreement_moves AS
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
       CASE WHEN side.pcg = '512' AND p.line_no = 1 AND d.reverses IS NULL THEN coalesce(d.line_cents, 0) ELSE 0 END AS line,
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

-- When each transfer left the money of a person, and when the bank had debited or refused it.
CREATE VIEW masp.transfer_days AS
SELECT i.mandate_id, i.end_to_end_id, i.creditor_name, i.amount_cents, i.posted_entry, sent.day AS sent_on,
       i.settled_entry, settled.day AS settled_day, i.failed_entry, failed.day AS failed_day
  FROM masp.instructions i
  JOIN masp.entry_days sent ON sent.entry_no = i.posted_entry
  LEFT JOIN masp.entry_days settled ON settled.entry_no = i.settled_entry
  LEFT JOIN masp.entry_days failed ON failed.entry_no = i.failed_entry;
GRANT SELECT ON masp.statement_days, masp.entry_days, masp.agreement_moves, masp.transfer_days TO masp_app;

-- Where each account stands now, from the balances and from what they must explain: the transfers
-- under way, the lines that nobody has identified. NULL for all accounts. It never reads history.
-- +goose StatementBegin
CREATE FUNCTION masp.bank_agreement(of_accounts text[]) RETURNS TABLE (
    bank_account_id text, importing boolean, bank bigint, bank_on date, books bigint,
    transit bigint, unidentified bigint, persons bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT a.bank_account_id AS id FROM masp.bank_accounts a
         WHERE of_accounts IS NULL OR a.bank_account_id = ANY (of_accounts)
    ), under_way AS (
        SELECT i.bank_account_id AS id, sum(i.amount_cents) AS cents FROM masp.instructions i
         WHERE i.state = 'in_transit' GROUP BY 1
    ), unknown AS (
        SELECT s.bank_account_id AS id, sum(i.open_cents) AS cents
          FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
         WHERE i.open_cents <> 0 GROUP BY 1
    ), held AS (
        SELECT m.bank_account_id AS id, sum(b.credit_cents - b.debit_cents) AS cents
          FROM masp.mandates m JOIN masp.accounts a ON a.owner = m.mandate_id AND a.pcg = '467'
          JOIN masp.account_balances b USING (account_id) GROUP BY 1
    )
    SELECT w.id,
           EXISTS (SELECT FROM masp.bank_statements s WHERE s.bank_account_id = w.id AND s.state = 'importing'),
           last.closing_cents, last.closing_on, coalesce(b.debit_cents - b.credit_cents, 0),
           coalesce(u.cents, 0)::bigint, coalesce(k.cents, 0)::bigint, coalesce(h.cents, 0)::bigint
      FROM wanted w
      LEFT JOIN LATERAL (SELECT s.closing_cents, s.closing_on FROM masp.bank_statements s
                          WHERE s.bank_account_id = w.id AND s.chain_no IS NOT NULL
                          ORDER BY s.chain_no DESC LIMIT 1) last ON true
      LEFT JOIN masp.accounts a ON a.code = '512:' || w.id
      LEFT JOIN masp.account_balances b ON b.account_id = a.account_id
      LEFT JOIN under_way u ON u.id = w.id
      LEFT JOIN unknown k ON k.id = w.id
      LEFT JOIN held h ON h.id = w.id
     ORDER BY w.id;
END
$$;
-- +goose StatementEnd
CREATE INDEX statements_importing ON masp.bank_statements (bank_account_id) WHERE state = 'importing';

-- drift_since is the first day of the difference that an account has, from its history; none when there
-- is none. What the bank says must be what the books say on every day: corrections count on the day of
-- what they correct. What the books stand for must add up today: it is corrected on a later day.
-- +goose StatementBegin
CREATE FUNCTION masp.drift_since(account text) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH moved AS MATERIALIZED (
        SELECT m.day, sum(m.books) AS books, sum(m.line) AS line,
               sum(m.books - m.transit - m.unidentified - m.persons) AS torn,
               bool_or(m.kind = 'OPENING' AND m.books <> 0) AS opening
          FROM masp.agreement_moves m WHERE m.bank_account_id = account GROUP BY m.day
    ), said AS (
        SELECT DISTINCT ON (s.counts_on) s.counts_on AS day, s.closing_cents
          FROM masp.statement_days s WHERE s.bank_account_id = account
         ORDER BY s.counts_on, s.chain_no DESC
    ), days AS (
        SELECT day, sum(coalesce(books, 0)) OVER d AS books, sum(coalesce(line, 0)) OVER d AS line,
               sum(coalesce(torn, 0)) OVER d AS torn, said.closing_cents, count(said.closing_cents) OVER d AS nth
          FROM moved FULL JOIN said USING (day) WINDOW d AS (ORDER BY day)
    ), compared AS (
        SELECT day, torn <> 0 AS torn, nth > 0 AND day >= coalesce((SELECT min(day) FROM moved WHERE opening), day)
               AND max(closing_cents) OVER n - max(line) FILTER (WHERE closing_cents IS NOT NULL) OVER n + line <> books AS wrong
          FROM days WINDOW n AS (PARTITION BY nth)
    )
    SELECT min(day) FROM compared
     WHERE wrong OR torn AND day > coalesce((SELECT max(day) FROM compared WHERE NOT torn), '-infinity')
$$;
-- +goose StatementEnd

-- One row for each account and day, with what it was computed from: the entries up to last_entry, the
-- statements up to chain_no. A day of which more was heard later has another revision; the last one
-- counts. Computed again, each is the same to the byte (verify).
CREATE TABLE masp.reconciliations (
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    day             date NOT NULL,
    revision        integer NOT NULL CHECK (revision > 0),
    state           text NOT NULL,
    statement_id    bigint REFERENCES masp.bank_statements,
    bank_cents      bigint,
    books_cents     bigint NOT NULL,
    transit_cents   bigint NOT NULL,
    unidentified_cents bigint NOT NULL,
    persons_cents   bigint NOT NULL,
    chain_no        bigint NOT NULL CHECK (chain_no >= 0),
    last_entry      bigint NOT NULL CHECK (last_entry >= 0),
    batch           bigint NOT NULL,
    computed_at     timestamptz NOT NULL,
    computed_by     text NOT NULL CHECK (computed_by <> ''),
    hash            bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT day_reconciled_once PRIMARY KEY (bank_account_id, day, revision),
    CONSTRAINT state_is_that_of_the_figures CHECK (state = CASE
        WHEN bank_cents <> books_cents OR books_cents <> transit_cents + unidentified_cents + persons_cents THEN 'DIFFERENCE'
        WHEN bank_cents IS NULL THEN 'NO_STATEMENT' ELSE 'BALANCED' END),
    CONSTRAINT bank_balance_is_of_a_statement CHECK ((bank_cents IS NULL) = (statement_id IS NULL))
);
CREATE INDEX reconciliations_that_differ ON masp.reconciliations (bank_account_id, day) WHERE state = 'DIFFERENCE';
CREATE INDEX reconciliations_of_batch ON masp.reconciliations (batch);

-- What a person had in a month, as it was when its days were locked.
CREATE TABLE masp.beneficiary_months (
    mandate_id      text NOT NULL REFERENCES masp.mandates,
    month           date NOT NULL CHECK (extract(day FROM month) = 1),
    revision        integer NOT NULL CHECK (revision > 0),
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    opening_cents   bigint NOT NULL,
    in_cents        bigint NOT NULL CHECK (in_cents >= 0),
    out_cents       bigint NOT NULL CHECK (out_cents >= 0),
    closing_cents   bigint NOT NULL,
    transit_cents   bigint NOT NULL,
    expected_cents  bigint NOT NULL,
    received_cents  bigint NOT NULL,
    reserved_cents  bigint NOT NULL,
    last_entry      bigint NOT NULL,
    batch           bigint NOT NULL,
    computed_at     timestamptz NOT NULL,
    computed_by     text NOT NULL CHECK (computed_by <> ''),
    hash            bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT month_reconciled_once PRIMARY KEY (mandate_id, month, bank_account_id, revision),
    CONSTRAINT month_adds_up CHECK (opening_cents + in_cents - out_cents = closing_cents)
);
CREATE INDEX beneficiary_months_of_batch ON masp.beneficiary_months (batch);
CREATE SEQUENCE masp.reconciliation_batches;

GRANT SELECT, INSERT ON masp.reconciliations, masp.beneficiary_months TO masp_app;
GRANT SELECT ON masp.bank_locks, masp.day_closings TO masp_app;
GRANT USAGE ON SEQUENCE masp.reconciliation_batches TO masp_app;

SELECT masp.register(of_table) FROM unnest(ARRAY['bank_locks', 'day_closings', 'earlier_accounts']) AS of_table;

CREATE TRIGGER reconciliations_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.reconciliations
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'reconcile');
CREATE TRIGGER beneficiary_months_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.beneficiary_months
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'reconcile');
CREATE TRIGGER locks_by_their_doors BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.bank_locks
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'close_days', 'reopen_days');
CREATE TRIGGER day_closings_by_their_doors BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.day_closings
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'close_days', 'reopen_days');

-- A locked day has had its last word.
-- +goose StatementBegin
CREATE FUNCTION masp.locked_days_are_not_reconciled_again() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM added r JOIN masp.bank_locks k USING (bank_account_id) WHERE r.day <= k.locked_through) THEN
        RAISE EXCEPTION 'a locked day is not reconciled again' USING ERRCODE = 'MA070';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER locked_days_are_not_reconciled_again AFTER INSERT ON masp.reconciliations REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.locked_days_are_not_reconciled_again();

-- Nothing is dated in a locked day of a bank account: no posting day, and no day of the bank on its 512
-- either, but for a line of a statement, which the bank dates as it likes: it counts in the first open
-- day. Judged once a batch; nearly always the first comparison is enough.
-- +goose StatementBegin
CREATE FUNCTION masp.locked_days_stay() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    last_lock date;
    which     text;
BEGIN
    SELECT max(locked_through) INTO last_lock FROM masp.bank_locks;
    IF last_lock IS NULL OR NOT EXISTS (
        SELECT FROM masp.entries e WHERE e.entry_no BETWEEN NEW.first_entry AND NEW.last_entry
           AND (e.posted_on <= last_lock
                OR e.booked_on <= last_lock AND e.kind NOT IN ('BANK_CREDIT', 'BANK_DEBIT', 'RETURN'))) THEN
        RETURN NULL;
    END IF;
    SELECT k.bank_account_id || ' ' || k.locked_through INTO which
      FROM masp.entries e JOIN masp.postings p USING (entry_no)
      JOIN masp.accounts a ON a.account_id IN (p.debit_account, p.credit_account)
      LEFT JOIN masp.mandates m ON a.pcg = '467' AND m.mandate_id = a.owner
      JOIN masp.bank_locks k ON k.bank_account_id = CASE a.pcg WHEN '512' THEN a.owner ELSE m.bank_account_id END
     WHERE e.entry_no BETWEEN NEW.first_entry AND NEW.last_entry
       AND (e.posted_on <= k.locked_through OR a.pcg = '512' AND e.booked_on <= k.locked_through
            AND e.kind NOT IN ('BANK_CREDIT', 'BANK_DEBIT', 'RETURN')) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the days of bank account % are locked', which USING ERRCODE = 'MA070';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER locked_days_stay AFTER INSERT ON masp.seals FOR EACH ROW EXECUTE FUNCTION masp.locked_days_stay();

-- signer is who closes or reopens days, known by the secret.
-- +goose StatementBegin
CREATE FUNCTION masp.day_signer(secret text, wanted text[]) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && wanted) THEN
        RAISE EXCEPTION 'user % may not lock days', who USING ERRCODE = 'MA012';
    END IF;
    PERFORM FROM masp.chain_heads FOR UPDATE; -- no posting slips under it
    RETURN who;
END
$$;
-- +goose StatementEnd

-- close_days locks the days of bank accounts through one that is over. Each of them must be stored,
-- without a difference, and the last one against a balance of the bank.
-- +goose StatementBegin
CREATE FUNCTION masp.close_days(secret text, of_accounts text[], until_day date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.day_signer(secret, ARRAY['accountant']);
    which text;
BEGIN
    IF until_day >= masp.today() THEN
        RAISE EXCEPTION 'day % is not over', until_day USING ERRCODE = 'MA072';
    END IF;
    IF EXISTS (SELECT FROM masp.bank_locks k WHERE k.bank_account_id = ANY (of_accounts) AND k.locked_through >= until_day) THEN
        RAISE EXCEPTION 'day % is locked already', until_day USING ERRCODE = 'MA072';
    END IF;
    SELECT a.id INTO which
      FROM unnest(of_accounts) AS a (id)
      LEFT JOIN masp.bank_locks k ON k.bank_account_id = a.id
      LEFT JOIN LATERAL (
           SELECT count(*) AS days, min(r.day) AS first, bool_or(r.state = 'DIFFERENCE') AS wrong,
                  bool_or(r.day = until_day AND r.state = 'BALANCED') AS last_is_right
             FROM (SELECT DISTINCT ON (r.day) r.day, r.state FROM masp.reconciliations r
                    WHERE r.bank_account_id = a.id AND r.day <= until_day AND r.day > coalesce(k.locked_through, '-infinity')
                    ORDER BY r.day, r.revision DESC) r) r ON true
     WHERE r.wrong OR r.last_is_right IS NOT TRUE
        OR r.days <> until_day - coalesce(k.locked_through, r.first - 1) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the days of bank account % are not reconciled through %', which, until_day
            USING ERRCODE = 'MA073', DETAIL = which;
    END IF;
    INSERT INTO masp.day_closings (bank_account_id, act, locked_before, locked_through, chain_no, late_through, reason, user_id, at)
    SELECT a.id, 'CLOSE', k.locked_through, until_day,
           (SELECT max(r.chain_no) FROM masp.reconciliations r WHERE r.bank_account_id = a.id AND r.day <= until_day),
           greatest(until_day, (SELECT c.late_through FROM masp.day_closings c WHERE c.bank_account_id = a.id
                                 ORDER BY c.closing_no DESC LIMIT 1)), '', who, masp.now()
      FROM unnest(of_accounts) AS a (id) LEFT JOIN masp.bank_locks k ON k.bank_account_id = a.id ORDER BY a.id;
    INSERT INTO masp.bank_locks SELECT a.id, until_day FROM unnest(of_accounts) AS a (id)
    ON CONFLICT (bank_account_id) DO UPDATE SET locked_through = EXCLUDED.locked_through;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- reopen_days takes the lock off the days of a bank account from one on: never by whoever closed one of
-- them, and for a reason.
-- +goose StatementBegin
CREATE FUNCTION masp.reopen_days(secret text, account text, from_day date, because text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who    text := masp.day_signer(secret, ARRAY['accountant', 'approver']);
    before date := (SELECT locked_through FROM masp.bank_locks WHERE bank_account_id = account);
    late   date; -- no statement may count before one that came earlier
BEGIN
    IF before IS NULL OR from_day > before THEN
        RAISE EXCEPTION 'day % of bank account % is not locked', from_day, account USING ERRCODE = 'MA072';
    END IF;
    IF EXISTS (SELECT FROM masp.day_closings c WHERE c.bank_account_id = account AND c.act = 'CLOSE'
                  AND c.locked_through >= from_day AND c.user_id = who) THEN
        RAISE EXCEPTION 'user % has closed these days', who USING ERRCODE = 'MA074';
    END IF;
    SELECT greatest(max(s.late_through) FILTER (WHERE s.counts_on > s.closing_on), from_day - 1) INTO late
      FROM masp.statement_days s WHERE s.bank_account_id = account;
    INSERT INTO masp.day_closings (bank_account_id, act, locked_before, locked_through, chain_no, late_through, reason, user_id, at)
    SELECT account, 'REOPEN', before, from_day - 1, coalesce(max(s.chain_no), 0), late, because, who, masp.now()
      FROM masp.bank_statements s WHERE s.bank_account_id = account;
    UPDATE masp.bank_locks SET locked_through = from_day - 1 WHERE bank_account_id = account;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- No run is approved while any account differs from its bank, be it of the run or not: what is wrong
-- with one may be wrong with all. Twice: the balances now, and the days as they were last reconciled,
-- where one in the middle of the history may be wrong although today is right. Only an account of the
-- run makes it wait for a statement on its way into the books. The accounts of the run come first.
-- +goose StatementBegin
CREATE FUNCTION masp.disagreements(of_run text) RETURNS TABLE (
    bank_account_id text, importing boolean, cents bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH own AS MATERIALIZED (
        SELECT i.bank_account_id AS id FROM masp.instructions i WHERE i.run_id = of_run
         UNION SELECT m.bank_account_id FROM masp.run_mandates u JOIN masp.mandates m USING (mandate_id) WHERE u.run_id = of_run
    ), stored AS MATERIALIZED (
        SELECT DISTINCT ON (r.bank_account_id) r.bank_account_id AS id,
               coalesce(nullif(r.bank_cents - r.books_cents, 0),
                        r.books_cents - r.transit_cents - r.unidentified_cents - r.persons_cents) AS cents
          FROM masp.reconciliations r
         WHERE r.state = 'DIFFERENCE' AND NOT EXISTS (SELECT FROM masp.reconciliations n
                WHERE n.bank_account_id = r.bank_account_id AND n.day = r.day AND n.revision > r.revision)
         ORDER BY r.bank_account_id, r.day DESC
    )
    SELECT g.bank_account_id, g.importing AND o.id IS NOT NULL,
           coalesce(nullif(g.bank - g.books, 0), nullif(g.books - g.transit - g.unidentified - g.persons, 0), r.cents, 0)
      FROM masp.bank_agreement(NULL) g
      LEFT JOIN own o ON o.id = g.bank_account_id
      LEFT JOIN stored r ON r.id = g.bank_account_id
     WHERE g.importing AND o.id IS NOT NULL
        OR NOT g.importing AND (g.bank <> g.books OR g.books <> g.transit + g.unidentified + g.persons)
        OR r.id IS NOT NULL AND masp.drift_since(g.bank_account_id) IS NOT NULL
     ORDER BY o.id IS NULL, 1;
END
$$;
CREATE FUNCTION masp.run_agrees_with_the_bank() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    which text;
BEGIN
    SELECT bank_account_id INTO which FROM masp.disagreements(NEW.run_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bank account % differs from the bank: run % waits', which, NEW.run_id USING ERRCODE = 'MA071', DETAIL = which;
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_agrees_with_the_bank BEFORE UPDATE OF state ON masp.runs
    FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state = 'in_review') EXECUTE FUNCTION masp.run_agrees_with_the_bank();

REVOKE ALL ON FUNCTION masp.keep_earlier_account(), masp.bank_agreement(text[]), masp.drift_since(text),
    masp.locked_days_are_not_reconciled_again(), masp.locked_days_stay(), masp.day_signer(text, text[]),
    masp.close_days(text, text[], date), masp.reopen_days(text, text, date, text), masp.disagreements(text),
    masp.run_agrees_with_the_bank() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.bank_agreement(text[]), masp.drift_since(text), masp.close_days(text, text[], date),
    masp.reopen_days(text, text, date, text), masp.disagreements(text) TO masp_app;
