-- +goose Up
-- Money that nobody has identified yet: who looks after it, until when, what was tried, and how it
-- goes back to who sent it (R-035).
--
--	MA060  the line is not in suspense
--	MA061  what is being given back to its sender is not identified meanwhile
--	MA062  the owner of a line is a coordinator or an accountant
--	MA063  money that nobody identified leaves for one line of the bank, and no more than is open of it
--	MA064  an undo mirrors the entry of one match, whole
--	MA065  a line is to be identified within 1 to 365 days

-- After so many days a line is late; a law gives no delay, the organisation sets its own.
ALTER TABLE masp.organisations ADD COLUMN suspense_days integer NOT NULL DEFAULT 30
    CONSTRAINT suspense_ends_within_a_year CHECK (suspense_days BETWEEN 1 AND 365);

-- +goose StatementBegin
CREATE FUNCTION masp.set_suspense_days(secret text, days integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['admin', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not set this delay', who USING ERRCODE = 'MA012';
    END IF;
    IF days NOT BETWEEN 1 AND 365 THEN
        RAISE EXCEPTION 'a line is to be identified within 1 to 365 days' USING ERRCODE = 'MA065';
    END IF;
    UPDATE masp.organisations SET suspense_days = days;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- What people did about a line: the newest act about its owner says whose it is.
CREATE TABLE masp.suspense_acts (
    act_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id  bigint NOT NULL REFERENCES masp.suspense_items,
    act      text NOT NULL CHECK (act IN ('GIVE', 'UNASSIGN', 'NOTE')),
    owner_id text REFERENCES masp.users,
    note     text NOT NULL DEFAULT '',
    acted_by text NOT NULL REFERENCES masp.users,
    acted_at timestamptz NOT NULL,
    CONSTRAINT act_says_what CHECK ((act = 'GIVE') = (owner_id IS NOT NULL) AND (act <> 'NOTE' OR btrim(note) <> ''))
);
CREATE INDEX suspense_acts_of_line ON masp.suspense_acts (line_id, act_id);

-- +goose StatementBegin
CREATE FUNCTION masp.act_on_suspense(secret text, line bigint, wanted text, new_owner text, words text) RETURNS bigint
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
        RAISE EXCEPTION 'user % may not look after unidentified money', who USING ERRCODE = 'MA012';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.suspense_items WHERE line_id = line AND open_cents <> 0) THEN
        RAISE EXCEPTION 'bank line % is not in suspense', line USING ERRCODE = 'MA060';
    END IF;
    IF wanted = 'GIVE' AND NOT EXISTS (SELECT FROM masp.users WHERE user_id = new_owner AND disabled_at IS NULL
                      AND roles && ARRAY['coordinator', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not own a line', new_owner USING ERRCODE = 'MA062';
    END IF;
    INSERT INTO masp.suspense_acts (line_id, act, owner_id, note, acted_by, acted_at)
    VALUES (line, wanted, nullif(new_owner, ''), words, who, masp.now())
    RETURNING act_id INTO made;
    RETURN made;
END
$$;
-- +goose StatementEnd

-- Back to its sender: one transfer out of 471 for one line of the bank. The person whose money it is
-- is not known, so its run names no mandate (''). While it waits for its approval it keeps its part
-- of the line; posted, it takes it; failed or cancelled, it gives it back.
ALTER TABLE masp.run_mandates DROP CONSTRAINT run_mandates_mandate_id_fkey;
-- +goose StatementBegin
CREATE FUNCTION masp.run_is_about_mandates() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM added a WHERE a.mandate_id <> ''
                  AND NOT EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = a.mandate_id))
       OR EXISTS (SELECT FROM added a JOIN masp.runs r USING (run_id) WHERE a.mandate_id = '' AND r.purpose <> 'REFUND_TO_PAYER') THEN
        RAISE EXCEPTION 'a run is about mandates' USING ERRCODE = 'foreign_key_violation',
            TABLE = 'run_mandates', CONSTRAINT = 'run_mandates_mandate_id_fkey';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_is_about_mandates AFTER INSERT ON masp.run_mandates REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_about_mandates();
CREATE TRIGGER key_stays BEFORE UPDATE OF mandate_id OR DELETE OR TRUNCATE ON masp.mandates
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();

ALTER TABLE masp.instructions
    DROP CONSTRAINT each_kind_debits_its_account,
    ADD CONSTRAINT each_kind_debits_its_account CHECK (CASE
        WHEN mandate_id = '' THEN kind = 'REFUND_TO_PAYER' AND account = '471:UNIDENTIFIED'
        WHEN kind = 'PASS_THROUGH' THEN account IN ('467:' || mandate_id || ':RESTRICTED', '467:' || mandate_id || ':RESTITUTION')
        WHEN kind = 'REFUND_TO_PAYER' THEN account = '467:' || mandate_id || ':UNDUE'
        WHEN kind = 'ESTATE_PAYOUT' THEN account IN ('467:' || mandate_id || ':ESTATE', '467:' || mandate_id || ':UNDUE')
        ELSE account = '467:' || mandate_id END);

CREATE TABLE masp.suspense_returns (
    instruction_id bigint PRIMARY KEY REFERENCES masp.instructions,
    line_id        bigint NOT NULL REFERENCES masp.suspense_items,
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    proposed_by    text NOT NULL REFERENCES masp.users,
    proposed_at    timestamptz NOT NULL
);
CREATE INDEX returns_of_line ON masp.suspense_returns (line_id);

-- suspense_reserved is what of a line waits to be given back.
-- +goose StatementBegin
CREATE FUNCTION masp.suspense_reserved(line bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(sum(r.amount_cents), 0)::bigint
      FROM masp.suspense_returns r JOIN masp.instructions i USING (instruction_id)
     WHERE r.line_id = line AND i.state IN ('draft', 'approved', 'scheduled')
$$;

-- reserve_return says for which line of the bank a draft leaves 471, in the name of who asks for it.
CREATE FUNCTION masp.reserve_return(secret text, line bigint, instruction bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    rest bigint;
    sent masp.instructions%ROWTYPE;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    SELECT open_cents INTO rest FROM masp.suspense_items WHERE line_id = line FOR UPDATE;
    IF coalesce(rest, 0) <= 0 THEN
        RAISE EXCEPTION 'nothing of bank line % can be given back', line USING ERRCODE = 'MA060';
    END IF;
    SELECT * INTO sent FROM masp.instructions WHERE instruction_id = instruction;
    IF sent.mandate_id IS DISTINCT FROM '' OR sent.state <> 'draft' OR sent.bank_account_id IS DISTINCT FROM (
            SELECT s.bank_account_id FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id) WHERE l.line_id = line) THEN
        RAISE EXCEPTION 'instruction % gives nothing of bank line % back', instruction, line USING ERRCODE = 'MA063';
    END IF;
    IF sent.amount_cents > rest - masp.suspense_reserved(line) THEN
        RAISE EXCEPTION 'bank line % has less than that in suspense', line USING ERRCODE = 'MA061';
    END IF;
    INSERT INTO masp.suspense_returns (instruction_id, line_id, amount_cents, proposed_by, proposed_at)
    VALUES (instruction, line, sent.amount_cents, who, masp.now());
END
$$;

-- Whoever takes money off a line leaves what is reserved of it.
CREATE FUNCTION masp.open_keeps_what_is_reserved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.open_cents < OLD.open_cents AND OLD.open_cents > 0 AND NEW.open_cents < masp.suspense_reserved(NEW.line_id) THEN
        RAISE EXCEPTION 'a part of bank line % is being given back to its sender', NEW.line_id USING ERRCODE = 'MA061';
    END IF;
    RETURN NEW;
END
$$;

-- move_open writes where a line stands once what is open of it has moved. Not for the application.
CREATE FUNCTION masp.move_open(line bigint, more bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rest bigint;
BEGIN
    UPDATE masp.suspense_items SET open_cents = open_cents + more WHERE line_id = line RETURNING open_cents INTO rest;
    UPDATE masp.bank_lines SET state = CASE WHEN rest <> 0 THEN 'suspense' WHEN EXISTS (
            SELECT FROM masp.line_matches m WHERE m.line_id = line AND m.undone_by IS NULL) THEN 'matched' ELSE 'posted' END
     WHERE line_id = line;
    RETURN rest;
END
$$;

-- returns_move_suspense: what left 471 is identified no more, what came back is to be identified again.
CREATE FUNCTION masp.returns_move_suspense() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT n.instruction_id, r.line_id, CASE WHEN n.state IN ('in_transit', 'settled') THEN -n.amount_cents ELSE n.amount_cents END AS cents
          FROM new_rows n JOIN old_rows o USING (instruction_id) LEFT JOIN masp.suspense_returns r USING (instruction_id)
         WHERE n.mandate_id = '' AND (n.state IN ('in_transit', 'settled')) <> (o.state IN ('in_transit', 'settled'))
         ORDER BY r.line_id, n.instruction_id
    LOOP
        IF moved.line_id IS NULL OR masp.move_open(moved.line_id, moved.cents) < 0 THEN
            RAISE EXCEPTION 'instruction % takes more out of suspense than its bank line has', moved.instruction_id USING ERRCODE = 'MA063';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER returns_move_suspense AFTER UPDATE ON masp.instructions
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION masp.returns_move_suspense();
CREATE TRIGGER open_keeps_what_is_reserved BEFORE UPDATE ON masp.suspense_items
    FOR EACH ROW EXECUTE FUNCTION masp.open_keeps_what_is_reserved();

-- Money that nobody identified goes to whoever sent it, never to an own account of a person: whose it
-- is would be known. The IBAN decides, under whatever name it is paid: none that is or was a
-- person's, none of ours.
-- +goose StatementBegin
CREATE FUNCTION masp.senders_are_no_beneficiaries() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM added i WHERE i.mandate_id = '' AND (
            EXISTS (SELECT FROM masp.creditors c WHERE c.creditor_id = i.creditor_id AND c.kind = 'BENEFICIARY')
            OR EXISTS (SELECT FROM masp.creditor_ibans v JOIN masp.creditors c USING (creditor_id)
                        WHERE v.iban = i.creditor_iban AND c.kind = 'BENEFICIARY')
            OR EXISTS (SELECT FROM masp.bank_accounts b WHERE b.iban = i.creditor_iban))) THEN
        RAISE EXCEPTION 'unidentified money goes back to its sender' USING ERRCODE = 'MA044';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER senders_are_no_beneficiaries AFTER INSERT ON masp.instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.senders_are_no_beneficiaries();

-- +goose StatementBegin
DO $$
DECLARE
    of_import text;
BEGIN
    FOREACH of_import IN ARRAY ARRAY['bank_lines', 'suspense_items'] LOOP
        EXECUTE format('DROP TRIGGER leaves_suspense_by_its_door ON masp.%I', of_import);
        EXECUTE format('CREATE TRIGGER leaves_suspense_by_its_door BEFORE UPDATE ON masp.%I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''UPDATE'', ''assign_suspense'', ''returns_move_suspense'', ''undo_match'')', of_import);
    END LOOP;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER acts_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.suspense_acts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'act_on_suspense');
CREATE TRIGGER returns_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.suspense_returns
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'reserve_return');

REVOKE ALL ON FUNCTION masp.set_suspense_days(text, integer), masp.act_on_suspense(text, bigint, text, text, text),
    masp.run_is_about_mandates(), masp.suspense_reserved(bigint), masp.reserve_return(text, bigint, bigint),
    masp.open_keeps_what_is_reserved(), masp.move_open(bigint, bigint), masp.returns_move_suspense(),
    masp.senders_are_no_beneficiaries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.set_suspense_days(text, integer), masp.act_on_suspense(text, bigint, text, text, text),
    masp.suspense_reserved(bigint), masp.reserve_return(text, bigint, bigint) TO masp_app;
GRANT SELECT ON masp.suspense_acts, masp.suspense_returns TO masp_app;

-- What was recognised or identified may be wrong: one match is undone by the reversal of its entry, in
-- the name of a person, and what it had taken is open again. A match is undone once. The line of an
-- undone recognition stands whole in 471 by another entry.
CREATE TABLE masp.match_undos (
    undo_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id        bigint NOT NULL REFERENCES masp.bank_lines,
    assignment_id  bigint REFERENCES masp.suspense_assignments, -- none: what an import had recognised
    undone_entry   bigint NOT NULL CONSTRAINT match_is_undone_once UNIQUE,
    reversal_entry bigint NOT NULL CONSTRAINT reversal_undoes_once UNIQUE,
    line_entry     bigint CONSTRAINT line_is_booked_again_once UNIQUE,
    amount_cents   bigint NOT NULL CHECK (amount_cents <> 0), -- open again, signed like the line
    reason         text NOT NULL CHECK (btrim(reason) <> ''),
    undone_by      text NOT NULL REFERENCES masp.users,
    undone_at      timestamptz NOT NULL,
    CONSTRAINT line_is_booked_again CHECK (assignment_id IS NULL OR line_entry IS NULL)
);
CREATE INDEX undos_of_line ON masp.match_undos (line_id);
CREATE INDEX assignments_of_transfer ON masp.suspense_assignments (instruction_id) WHERE instruction_id IS NOT NULL;
ALTER TABLE masp.line_matches ADD CONSTRAINT undone_by_an_undo FOREIGN KEY (undone_by) REFERENCES masp.match_undos;
-- A line that was recognised whole comes into suspense by its undo.
ALTER TABLE masp.suspense_items ADD COLUMN undo_id bigint REFERENCES masp.match_undos;

-- recognised_cents is what the entry of a line did not leave in suspense, signed like the line.
-- +goose StatementBegin
CREATE FUNCTION masp.recognised_cents(line bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT l.amount_cents
         - (SELECT coalesce(sum(CASE WHEN c.code = '471:UNIDENTIFIED' THEN p.amount_cents ELSE 0 END
                              - CASE WHEN d.code = '471:UNIDENTIFIED' THEN p.amount_cents ELSE 0 END), 0)
              FROM masp.postings p JOIN masp.accounts c ON c.account_id = p.credit_account
              JOIN masp.accounts d ON d.account_id = p.debit_account WHERE p.entry_no = l.entry_no)::bigint
         + (SELECT coalesce(sum(m.amount_cents), 0) -- that is open on the line which was given back
              FROM masp.line_matches m JOIN masp.instructions t USING (instruction_id)
             WHERE m.entry_no = l.entry_no AND m.meaning = 'RETURNED' AND t.mandate_id = '')::bigint
      FROM masp.bank_lines l WHERE l.line_id = line
$$;

-- undo_match takes back one match of a line: its transfers are matched no more, its receipts have a row
-- below zero, its amount is open again. The transfers themselves move by instruction_keeps_its_path.
CREATE FUNCTION masp.undo_match(
    secret text, line bigint, assignment bigint, reversal bigint, again bigint, because text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who    text := masp.user_of(secret);
    undone bigint;
    cents  bigint;
    made   bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not undo a match', who USING ERRCODE = 'MA012';
    END IF;
    IF assignment IS NULL AND again IS NULL THEN -- a notice had identified it (0022)
        SELECT n.entry_no, l.amount_cents INTO undone, cents
          FROM masp.notice_uses n JOIN masp.bank_lines l USING (line_id) WHERE n.line_id = line;
    ELSIF assignment IS NULL THEN
        SELECT l.entry_no, masp.recognised_cents(l.line_id) INTO undone, cents FROM masp.bank_lines l WHERE l.line_id = line;
    ELSE
        SELECT a.entry_no, a.amount_cents INTO undone, cents
          FROM masp.suspense_assignments a WHERE a.assignment_id = assignment AND a.line_id = line;
    END IF;
    IF coalesce(cents, 0) = 0
       OR NOT EXISTS (SELECT FROM masp.entries e WHERE e.entry_no = reversal AND e.reverses = undone AND e.actor = who)
       OR again IS NOT NULL AND NOT EXISTS (
            SELECT FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
              JOIN masp.entries e ON e.entry_no = again AND e.line_count = 1 AND e.booked_on = l.booked_on AND e.value_on = l.value_on
              JOIN masp.postings p ON p.entry_no = again AND p.amount_cents = abs(l.amount_cents)
              JOIN masp.accounts d ON d.account_id = p.debit_account JOIN masp.accounts c ON c.account_id = p.credit_account
             WHERE l.line_id = line AND CASE WHEN l.amount_cents > 0 THEN ARRAY[d.code, c.code] ELSE ARRAY[c.code, d.code] END
                   = ARRAY['512:' || s.bank_account_id, '471:UNIDENTIFIED']) THEN
        RAISE EXCEPTION 'an undo of bank line % mirrors the entry of one match', line USING ERRCODE = 'MA064';
    END IF;
    INSERT INTO masp.match_undos (line_id, assignment_id, undone_entry, reversal_entry, line_entry, amount_cents, reason, undone_by, undone_at)
    VALUES (line, assignment, undone, reversal, again, cents, because, who, masp.now()) RETURNING undo_id INTO made;
    UPDATE masp.line_matches SET undone_by = made WHERE entry_no = undone;
    INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, period, amount_cents, received_on)
    SELECT reversal, r.line_id, r.mandate_id, r.benefit, r.period, -r.amount_cents, r.received_on
      FROM masp.receipts r WHERE r.entry_no = undone ORDER BY r.receipt_id;
    INSERT INTO masp.suspense_items (line_id, open_cents, undo_id) VALUES (line, 0, made) ON CONFLICT (line_id) DO NOTHING;
    PERFORM masp.move_open(line, cents);
    RETURN made;
END
$$;

-- undone_now tells whether somebody undoes the match of this entry in this very transaction.
CREATE FUNCTION masp.undone_now(entry bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = entry AND u.xmin = pg_current_xact_id()::xid)
$$;
-- +goose StatementEnd
CREATE TRIGGER undos_have_an_author BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.match_undos
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'undo_match');
DROP TRIGGER never_changed ON masp.line_matches;
CREATE TRIGGER undone_by_a_person BEFORE UPDATE ON masp.line_matches
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'undo_match');
REVOKE ALL ON FUNCTION masp.recognised_cents(bigint), masp.undone_now(bigint),
    masp.undo_match(text, bigint, bigint, bigint, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.recognised_cents(bigint), masp.undone_now(bigint),
    masp.undo_match(text, bigint, bigint, bigint, bigint, text) TO masp_app;
GRANT SELECT ON masp.match_undos TO masp_app;
