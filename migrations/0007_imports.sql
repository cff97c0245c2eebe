-- +goose Up
-- What the bank says: the original byte for byte, its statements, its lines, and what each
-- line was recognised as.

CREATE TABLE masp.bank_files (
    file_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    sha256      bytea NOT NULL CONSTRAINT bank_file_once UNIQUE,
    size        bigint NOT NULL CHECK (size >= 0),
    format      text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('accepted', 'accepted_with_warnings', 'held', 'refused')),
    reasons     jsonb NOT NULL DEFAULT '[]',
    received_at timestamptz NOT NULL,
    received_by text NOT NULL,
    -- The ZIP that it came in.
    archive_id  bigint REFERENCES masp.bank_files
);

-- The bytes of a file, in pieces: a value of the database holds far less than a file may. The
-- hash of each piece is kept with it; that they are the file is proved by masp verify.
CREATE TABLE masp.bank_file_parts (
    file_id bigint NOT NULL REFERENCES masp.bank_files,
    no      integer NOT NULL CHECK (no > 0),
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 1048576),
    sha256  bytea NOT NULL,
    PRIMARY KEY (file_id, no),
    CONSTRAINT bank_file_hash_is_true CHECK (sha256 = sha256(content))
);

CREATE TABLE masp.bank_statements (
    statement_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id       bigint NOT NULL REFERENCES masp.bank_files,
    ordinal       integer NOT NULL CHECK (ordinal > 0),
    -- Only what the bank has booked is ever posted: not the day so far (camt.052), nor the
    -- details of lines that a statement books as well (camt.054). Both stay held for ever.
    kind          text NOT NULL DEFAULT 'BOOKED' CHECK (kind IN ('BOOKED', 'INTRADAY', 'NOTICE')),
    bank_account_id text REFERENCES masp.bank_accounts,
    account_iban  text NOT NULL,
    bank_ref      text NOT NULL,
    sequence      text NOT NULL DEFAULT '',
    opening_cents bigint,
    closing_cents bigint,
    opening_on    date,
    closing_on    date,
    entries       integer NOT NULL,
    -- What its booked lines move; and the page, of a statement that is cut into pages. The balances
    -- that a page leaves out follow from the pages before it, and are filled in once, when all are
    -- there.
    moved_cents   bigint NOT NULL DEFAULT 0,
    page          integer NOT NULL DEFAULT 0 CHECK (page >= 0),
    last_page     boolean NOT NULL DEFAULT false,
    content_hash  bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    state         text NOT NULL CHECK (state IN ('held', 'importing', 'accepted')),
    reason        text,
    explanation   text,
    -- The place of an accepted statement in the unbroken chain of its account, from 1. A late
    -- one is accepted after those that came before it but waited for it.
    chain_no      bigint CHECK (chain_no > 0),
    -- So many of its lines, from the first, are in the books (of a notice: are taken in). A long
    -- statement is importing until the last one is.
    posted_lines  integer NOT NULL DEFAULT 0 CHECK (posted_lines BETWEEN 0 AND entries),
    -- A person has accepted it although another statement bears its number.
    number_again  boolean NOT NULL DEFAULT false,
    CONSTRAINT statement_once UNIQUE (account_iban, bank_ref, content_hash),
    CONSTRAINT place_in_file_once UNIQUE (file_id, ordinal),
    CONSTRAINT place_in_chain_once UNIQUE (bank_account_id, chain_no),
    CONSTRAINT only_booked_is_posted CHECK (kind = 'BOOKED' OR state = 'held'),
    CONSTRAINT held_says_why CHECK ((state = 'held') = (reason IS NOT NULL)),
    CONSTRAINT accepted_has_its_place CHECK ((state = 'accepted') = (chain_no IS NOT NULL)),
    CONSTRAINT accepted_is_known CHECK (state = 'held' OR (bank_account_id IS NOT NULL
        AND opening_cents IS NOT NULL AND closing_cents IS NOT NULL AND closing_on IS NOT NULL))
);
CREATE INDEX statements_waiting ON masp.bank_statements (account_iban, closing_on)
 WHERE kind = 'BOOKED' AND state <> 'accepted';
CREATE INDEX notices_not_taken_in ON masp.bank_statements (account_iban)
 WHERE kind = 'NOTICE' AND posted_lines < entries;
CREATE UNIQUE INDEX one_importing_by_account ON masp.bank_statements (bank_account_id) WHERE state = 'importing';

CREATE TABLE masp.bank_lines (
    line_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement_id  bigint NOT NULL REFERENCES masp.bank_statements,
    rank          integer NOT NULL CHECK (rank > 0),
    booked_on     date NOT NULL,
    value_on      date NOT NULL,
    amount_cents  bigint NOT NULL,
    bank_reference text NOT NULL DEFAULT '',
    end_to_end_id text NOT NULL DEFAULT '',
    payment_info_id text NOT NULL DEFAULT '',
    code          text NOT NULL DEFAULT '',
    counterparty  text NOT NULL DEFAULT '',
    text          text NOT NULL DEFAULT '',
    return_reason text,
    state         text NOT NULL CHECK (state IN ('posted', 'matched', 'suspense', 'ignored')),
    recognised_by text NOT NULL DEFAULT '',
    entry_no      bigint,
    CONSTRAINT line_once UNIQUE (statement_id, rank),
    CONSTRAINT every_booked_line_is_posted CHECK ((state = 'ignored') = (entry_no IS NULL)),
    CONSTRAINT posted_line_moves_money CHECK (state = 'ignored' OR amount_cents <> 0)
);
CREATE INDEX lines_in_suspense ON masp.bank_lines (line_id) WHERE state = 'suspense';
CREATE UNIQUE INDEX line_has_its_entry ON masp.bank_lines (entry_no) WHERE entry_no IS NOT NULL;

-- Which of our transfers a bank line settles or gives back, by which entry: that of the line, or of
-- who identified it. What is undone (0021) stays, and counts no more.
CREATE TABLE masp.line_matches (
    entry_no       bigint NOT NULL,
    line_id        bigint NOT NULL REFERENCES masp.bank_lines,
    instruction_id bigint NOT NULL REFERENCES masp.instructions,
    meaning        text NOT NULL CHECK (meaning IN ('SETTLED', 'RETURNED')),
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    undone_by      bigint,
    PRIMARY KEY (entry_no, instruction_id)
);
CREATE UNIQUE INDEX settled_or_returned_once ON masp.line_matches (instruction_id, meaning) WHERE undone_by IS NULL;
CREATE INDEX matches_of_line ON masp.line_matches (line_id);

-- What is still unidentified of a line, with the sign of the line: its part of 471.
CREATE TABLE masp.suspense_items (
    line_id       bigint PRIMARY KEY REFERENCES masp.bank_lines,
    open_cents    bigint NOT NULL,
    suggestion    text NOT NULL DEFAULT ''
);
CREATE INDEX suspense_still_open ON masp.suspense_items (line_id) WHERE open_cents <> 0;

-- What a payer says that a credit brings (bordereau, R-031): its parts in their order, each once.
-- A part without a mandate stays unidentified. Written only by masp.announce.
CREATE TABLE masp.advices (
    advice_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    payer           text NOT NULL CHECK (payer <> ''),
    reference       text NOT NULL CHECK (reference <> ''),
    amount_cents    bigint NOT NULL CHECK (amount_cents > 0),
    paid_on         date NOT NULL,
    content_hash    bytea NOT NULL CONSTRAINT advice_once UNIQUE CHECK (octet_length(content_hash) = 32),
    announced_by    text NOT NULL REFERENCES masp.users,
    announced_at    timestamptz NOT NULL
);
CREATE INDEX advices_by_amount ON masp.advices (bank_account_id, amount_cents);
CREATE TABLE masp.advice_parts (
    advice_id    bigint NOT NULL REFERENCES masp.advices,
    rank         integer NOT NULL CHECK (rank > 0),
    mandate_id   text REFERENCES masp.mandates,
    benefit      text NOT NULL DEFAULT '',
    period       date CHECK (extract(day FROM period) = 1),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (advice_id, rank),
    CONSTRAINT part_of_a_mandate_is_a_benefit CHECK (mandate_id IS NULL OR benefit <> '')
);
-- The line that an advice has split: one, for ever.
CREATE TABLE masp.advice_uses (
    advice_id bigint CONSTRAINT advice_is_used_once PRIMARY KEY REFERENCES masp.advices,
    line_id   bigint NOT NULL REFERENCES masp.bank_lines
);
CREATE INDEX advices_of_line ON masp.advice_uses (line_id);

-- Who said what an unidentified line is (R-035). Written only by masp.assign_suspense.
CREATE TABLE masp.suspense_assignments (
    assignment_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id        bigint NOT NULL REFERENCES masp.suspense_items,
    entry_no       bigint NOT NULL CONSTRAINT assignment_has_its_entry UNIQUE,
    amount_cents   bigint NOT NULL CHECK (amount_cents <> 0),
    mandate_id     text REFERENCES masp.mandates,
    benefit        text NOT NULL DEFAULT '',
    period         date CHECK (extract(day FROM period) = 1),
    -- The transfer that a debit executes, or that a creditor refunds (R-034).
    instruction_id bigint REFERENCES masp.instructions,
    advice_id      bigint CONSTRAINT advice_identifies_once UNIQUE REFERENCES masp.advices,
    reason         text NOT NULL,
    assigned_by    text NOT NULL REFERENCES masp.users,
    assigned_at    timestamptz NOT NULL,
    CONSTRAINT money_in_is_a_benefit_money_out_a_transfer CHECK (
        CASE WHEN advice_id IS NOT NULL
             THEN amount_cents > 0 AND mandate_id IS NULL AND benefit = '' AND instruction_id IS NULL
             ELSE mandate_id IS NOT NULL AND (amount_cents > 0) = (benefit <> '')
              AND (amount_cents > 0 OR instruction_id IS NOT NULL)
              AND (amount_cents < 0 OR instruction_id IS NULL OR benefit = 'REFUND_OF_PAYMENT') END)
);
CREATE INDEX assignments_of_line ON masp.suspense_assignments (line_id);

-- What a person received: the benefit, the month of the right, the entry that booked it. A row below
-- zero takes one back, by the entry that reversed it (0021): sums are what came.
CREATE TABLE masp.receipts (
    receipt_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_no     bigint NOT NULL,
    line_id      bigint REFERENCES masp.bank_lines,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    benefit      text NOT NULL,
    period       date CHECK (extract(day FROM period) = 1),
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    received_on  date NOT NULL
);
CREATE INDEX receipts_of_mandate ON masp.receipts (mandate_id, benefit, period);
CREATE INDEX receipts_of_line ON masp.receipts (line_id);

-- What a pain.002 said of one of our transfers.
CREATE TABLE masp.status_reports (
    report_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id        bigint NOT NULL REFERENCES masp.bank_files,
    instruction_id bigint REFERENCES masp.instructions,
    message_id     text NOT NULL,
    status         text NOT NULL,
    reason         text NOT NULL DEFAULT '',
    text           text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL
);

GRANT SELECT, INSERT ON masp.bank_files, masp.bank_file_parts, masp.bank_statements, masp.bank_lines, masp.line_matches,
    masp.suspense_items, masp.receipts, masp.status_reports, masp.advice_uses TO masp_app;
GRANT SELECT ON masp.suspense_assignments, masp.advices, masp.advice_parts TO masp_app;
GRANT UPDATE (state, reason, explanation, bank_account_id, chain_no, posted_lines, number_again)
    ON masp.bank_statements TO masp_app;
GRANT UPDATE (opening_cents, closing_cents, opening_on, closing_on) ON masp.bank_statements TO masp_app;

-- A statement that was held may be accepted later, when all its lines are in the books and no
-- other one of its account is on its way; nothing else of a statement ever changes.
-- +goose StatementBegin
CREATE FUNCTION masp.statement_keeps_its_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moves text[] := '{state,reason,explanation,bank_account_id,chain_no,posted_lines,number_again}';
BEGIN
    IF OLD.page > 0 AND OLD.reason = 'PAGES' THEN
        moves := moves || '{opening_cents,closing_cents,opening_on,closing_on}'::text[];
        IF OLD.opening_cents <> NEW.opening_cents OR OLD.closing_cents <> NEW.closing_cents
                OR NEW.opening_cents + NEW.moved_cents <> NEW.closing_cents THEN
            RAISE EXCEPTION 'what page % of statement % says never changes', OLD.page, OLD.statement_id USING ERRCODE = 'MA001';
        END IF;
    END IF;
    IF OLD.state = 'accepted' OR (OLD.state = 'importing' AND NEW.state = 'held') THEN
        RAISE EXCEPTION 'statement % is %: it is final', OLD.statement_id, OLD.state USING ERRCODE = 'MA014';
    END IF;
    IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
        RAISE EXCEPTION 'what statement % says never changes', OLD.statement_id USING ERRCODE = 'MA001';
    END IF;
    IF NEW.posted_lines < OLD.posted_lines OR OLD.number_again > NEW.number_again
            OR NEW.state = 'accepted' AND NEW.posted_lines <> NEW.entries
            OR NEW.state = 'held' AND NEW.kind = 'BOOKED' AND NEW.posted_lines <> 0
            OR NEW.kind = 'BOOKED' AND (SELECT coalesce(max(rank), 0) FROM masp.bank_lines
                WHERE statement_id = NEW.statement_id) <> NEW.posted_lines THEN
        RAISE EXCEPTION 'statement % does not have so many lines in the books', OLD.statement_id USING ERRCODE = 'MA050';
    END IF;
    IF NEW.state <> 'held' AND EXISTS (SELECT FROM masp.bank_statements s
            WHERE s.bank_account_id = NEW.bank_account_id AND s.state = 'importing' AND s.statement_id <> NEW.statement_id) THEN
        RAISE EXCEPTION 'a statement of the account of statement % is on its way', OLD.statement_id USING ERRCODE = 'MA051';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER statement_keeps_its_path BEFORE UPDATE ON masp.bank_statements
    FOR EACH ROW EXECUTE FUNCTION masp.statement_keeps_its_path();

-- assign_suspense writes who identified a line, and takes the amount off what is open. It knows
-- the user by the secret: nobody identifies money in another one's name. The posting of entry
-- stands in the same transaction; `masp verify` holds the two against each other.
-- +goose StatementBegin
CREATE FUNCTION masp.assign_suspense(
    secret text, line bigint, entry bigint, amount bigint,
    mandate text, what text, month date, instruction bigint, advice bigint, because text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    rest bigint;
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
    INSERT INTO masp.suspense_assignments
        (line_id, entry_no, amount_cents, mandate_id, benefit, period, instruction_id, advice_id, reason, assigned_by, assigned_at)
    VALUES (line, entry, amount, nullif(mandate, ''), what, month, instruction, advice, because, who, masp.now())
    RETURNING assignment_id INTO made;
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
REVOKE ALL ON FUNCTION masp.assign_suspense(text, bigint, bigint, bigint, text, text, date, bigint, bigint, text),
    masp.statement_keeps_its_path() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.assign_suspense(text, bigint, bigint, bigint, text, text, date, bigint, bigint, text) TO masp_app;

-- announce keeps a payer's list in the name of whoever brings it, known by the secret. The parts
-- never exceed the credit; what they leave of it stays unidentified.
-- +goose StatementBegin
CREATE FUNCTION masp.announce(
    secret text, account text, by_payer text, said text, total bigint, day date, content bytea,
    mandates text[], benefits text[], months date[], amounts bigint[]
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    made bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not announce money', who USING ERRCODE = 'MA012';
    END IF;
    IF (SELECT sum(a) FROM unnest(amounts) AS a) > total THEN
        RAISE EXCEPTION 'the parts of the list are more than its credit' USING ERRCODE = 'MA032';
    END IF;
    INSERT INTO masp.advices (bank_account_id, payer, reference, amount_cents, paid_on, content_hash, announced_by, announced_at)
    VALUES (account, by_payer, said, total, day, content, who, masp.now())
    RETURNING advice_id INTO made;
    INSERT INTO masp.advice_parts (advice_id, rank, mandate_id, benefit, period, amount_cents)
    SELECT made, p.rank, nullif(p.mandate, ''), p.benefit, p.month, p.amount
      FROM unnest(mandates, benefits, months, amounts) WITH ORDINALITY AS p (mandate, benefit, month, amount, rank);
    RETURN made;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.announce(text, text, text, text, bigint, date, bytea, text[], text[], date[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.announce(text, text, text, text, bigint, date, bytea, text[], text[], date[], bigint[]) TO masp_app;

-- The lines of a statement are numbered before they are written, all at once.
GRANT USAGE ON SEQUENCE masp.bank_lines_line_id_seq TO masp_app;

-- What the bank said is only added to, by the owner too. Two things move, each by its own door:
-- a held statement is accepted (statement_keeps_its_path), a line leaves suspense.
-- +goose StatementBegin
DO $$
DECLARE
    of_import text;
BEGIN
    FOREACH of_import IN ARRAY ARRAY['bank_files', 'bank_file_parts', 'bank_statements', 'bank_lines', 'line_matches',
            'suspense_items', 'suspense_assignments', 'receipts', 'status_reports', 'advices', 'advice_parts', 'advice_uses'] LOOP
        EXECUTE format('CREATE TRIGGER never_taken_away BEFORE DELETE OR TRUNCATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''INSERT'', ''import'')', of_import);
    END LOOP;
    FOREACH of_import IN ARRAY ARRAY['bank_files', 'bank_file_parts', 'line_matches', 'suspense_assignments', 'receipts', 'status_reports',
            'advices', 'advice_parts', 'advice_uses'] LOOP
        EXECUTE format('CREATE TRIGGER never_changed BEFORE UPDATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''INSERT'', ''import'')', of_import);
    END LOOP;
    FOREACH of_import IN ARRAY ARRAY['bank_lines', 'suspense_items'] LOOP
        EXECUTE format('CREATE TRIGGER leaves_suspense_by_its_door BEFORE UPDATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''UPDATE'', ''assign_suspense'')', of_import);
    END LOOP;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER assignments_have_an_author BEFORE INSERT ON masp.suspense_assignments
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'assign_suspense');
CREATE TRIGGER advices_have_an_author BEFORE INSERT ON masp.advices
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'announce');
CREATE TRIGGER parts_come_with_their_advice BEFORE INSERT ON masp.advice_parts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'announce');
