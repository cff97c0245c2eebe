-- +goose Up
-- From what is due to what the bank has done.

-- One due date of one obligation. paid_cents rises when a run is approved and falls when a
-- transfer fails: a rent cannot be paid twice, whoever approves what.
CREATE TABLE masp.dues (
    obligation_id text NOT NULL REFERENCES masp.obligations,
    due_on        date NOT NULL,
    due_cents     bigint NOT NULL CHECK (due_cents > 0),
    paid_cents    bigint NOT NULL DEFAULT 0,
    replaced_cents bigint NOT NULL DEFAULT 0, -- a failed payment of it is issued again by another obligation
    PRIMARY KEY (obligation_id, due_on),
    CONSTRAINT paid_once CHECK (least(paid_cents, replaced_cents) >= 0 AND paid_cents + replaced_cents <= due_cents)
);

CREATE TABLE masp.runs (
    run_id       text PRIMARY KEY CONSTRAINT run_reference CHECK (run_id ~ '^C-[0-9]{4}-[0-9]{2}-[0-9]{1,4}$'),
    run_number   bigint NOT NULL CONSTRAINT run_number_once UNIQUE CHECK (run_number > 0),
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    run_on       date NOT NULL,
    state        text NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'filed', 'handed_over', 'settled', 'cancelled')),
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    created_at   timestamptz NOT NULL,
    submitted_at timestamptz,
    purpose      text NOT NULL DEFAULT 'MONTHLY' CHECK (purpose IN ('MONTHLY', 'OFF_CYCLE', 'EMERGENCY',
        'MANUAL', 'PASS_THROUGH', 'RESTITUTION', 'REFUND_TO_PAYER', 'ESTATE_PAYOUT')),
    evidence     text NOT NULL DEFAULT '',
    CONSTRAINT claims_have_evidence CHECK (purpose NOT IN ('MANUAL', 'REFUND_TO_PAYER', 'ESTATE_PAYOUT') OR btrim(evidence) <> '')
);

CREATE TABLE masp.run_mandates (
    run_id          text NOT NULL REFERENCES masp.runs,
    mandate_id      text NOT NULL REFERENCES masp.mandates,
    position        integer NOT NULL,
    refused         text,
    available_cents bigint NOT NULL DEFAULT 0,
    floor_left_cents bigint NOT NULL DEFAULT 0,
    reserved_cents  bigint NOT NULL DEFAULT 0,
    remit_cents     bigint NOT NULL DEFAULT 0,
    carried_cents   bigint NOT NULL DEFAULT 0,
    shortfall_cents bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, mandate_id)
);

CREATE TABLE masp.run_lines (
    run_id        text NOT NULL,
    mandate_id    text NOT NULL,
    line_no       integer NOT NULL,
    obligation_id text NOT NULL,
    due_on        date NOT NULL,
    class         text NOT NULL,
    creditor_id   text,
    label         text NOT NULL,
    due_cents     bigint NOT NULL CHECK (due_cents > 0),
    paid_cents    bigint NOT NULL,
    status        text NOT NULL CHECK (status IN ('PAID', 'PARTIAL', 'DEFERRED', 'BLOCKED', 'RESERVED')),
    reason        text,
    explanation   text NOT NULL,
    debt_id       text,
    PRIMARY KEY (run_id, mandate_id, line_no),
    CONSTRAINT line_of_its_mandate FOREIGN KEY (run_id, mandate_id) REFERENCES masp.run_mandates,
    CONSTRAINT line_of_a_due FOREIGN KEY (obligation_id, due_on) REFERENCES masp.dues,
    CONSTRAINT line_pays_at_most_its_due CHECK (paid_cents BETWEEN 0 AND due_cents),
    CONSTRAINT every_line_says_why CHECK ((status IN ('PAID', 'RESERVED')) = (reason IS NULL)),
    CONSTRAINT due_once_a_run UNIQUE (run_id, obligation_id, due_on)
);
CREATE INDEX run_lines_of_due ON masp.run_lines (obligation_id, due_on);

CREATE TABLE masp.instructions (
    instruction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id         text REFERENCES masp.runs,
    mandate_id     text NOT NULL REFERENCES masp.mandates,
    kind           text NOT NULL CHECK (kind IN ('PAYMENT', 'REMITTANCE', 'PASS_THROUGH', 'RESTITUTION', 'REFUND_TO_PAYER', 'ESTATE_PAYOUT')),
    account        text NOT NULL,
    bank_account_id text NOT NULL REFERENCES masp.bank_accounts,
    creditor_id    text NOT NULL REFERENCES masp.creditors,
    creditor_name  text NOT NULL,
    creditor_iban  text NOT NULL,
    iban_version   integer, -- none: paid by hand
    means          text NOT NULL DEFAULT '' CHECK (means IN ('', 'CHEQUE', 'CASH_VOUCHER', 'PREPAID_CARD', 'OTHER')),
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    leave_on       date NOT NULL,
    execute_on     date NOT NULL,
    reference      text NOT NULL,
    end_to_end_id  text NOT NULL CONSTRAINT end_to_end_id_once UNIQUE CHECK (length(end_to_end_id) <= 35),
    state          text NOT NULL DEFAULT 'draft' CHECK (state IN
        ('draft', 'approved', 'scheduled', 'in_transit', 'settled', 'rejected', 'returned', 'cancelled')),
    reason         text,
    posted_entry   bigint,
    settled_entry  bigint,
    failed_entry   bigint,
    settled_on     date,
    CONSTRAINT iban_that_was_confirmed FOREIGN KEY (creditor_id, iban_version) REFERENCES masp.creditor_ibans (creditor_id, version),
    CONSTRAINT by_hand_or_to_an_iban CHECK ((means = '') = (creditor_iban <> '') AND (means = '') = (iban_version IS NOT NULL)
        AND (means = '' OR kind = 'PAYMENT')),
    CONSTRAINT executed_after_it_left CHECK (execute_on >= leave_on),
    CONSTRAINT each_kind_debits_its_account CHECK (CASE kind
        WHEN 'PASS_THROUGH' THEN account IN ('467:' || mandate_id || ':RESTRICTED', '467:' || mandate_id || ':RESTITUTION')
        WHEN 'REFUND_TO_PAYER' THEN account = '467:' || mandate_id || ':UNDUE'
        WHEN 'ESTATE_PAYOUT' THEN account = '467:' || mandate_id || ':ESTATE'
        ELSE account = '467:' || mandate_id END)
);
CREATE INDEX instructions_of_run ON masp.instructions (run_id);
CREATE INDEX instructions_of_mandate ON masp.instructions (mandate_id, leave_on);
CREATE INDEX instructions_by_entry ON masp.instructions (posted_entry);
CREATE INDEX instructions_sent_back ON masp.instructions (creditor_id, iban_version) WHERE state IN ('rejected', 'returned');
CREATE INDEX instructions_under_way ON masp.instructions (bank_account_id, state) WHERE state IN ('scheduled', 'in_transit');

-- A failed payment is issued again once (R-082): by one obligation of the same amount, or by one for
-- each line that it had covered, which pays the same debt.
ALTER TABLE masp.obligations ADD COLUMN reissue_of text CONSTRAINT reissue_of_a_transfer REFERENCES masp.instructions (end_to_end_id);
ALTER TABLE masp.obligations ADD COLUMN reissue_line integer; -- of instruction_covers; none: the whole payment
CREATE UNIQUE INDEX reissued_once ON masp.obligations (reissue_of, coalesce(reissue_line, -1));

-- +goose StatementBegin
CREATE FUNCTION masp.reissue_is_of_a_failed_payment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.obligations o WHERE o.reissue_of = NEW.reissue_of
                  AND (o.reissue_line IS NULL) <> (NEW.reissue_line IS NULL)) THEN
        RAISE EXCEPTION 'payment % is issued again already', NEW.reissue_of
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'reissued_once';
    END IF;
    IF NEW.frequency <> 'ONCE' OR NOT EXISTS (
            SELECT FROM masp.instructions i LEFT JOIN masp.instruction_covers c
                ON c.instruction_id = i.instruction_id AND c.line_no = NEW.reissue_line
             WHERE i.end_to_end_id = NEW.reissue_of AND i.kind = 'PAYMENT' AND i.state IN ('rejected', 'returned')
               AND i.mandate_id = NEW.mandate_id
               AND CASE WHEN NEW.reissue_line IS NULL THEN i.amount_cents = NEW.amount_cents
                        ELSE c.amount_cents = NEW.amount_cents AND c.debt_id IS NOT DISTINCT FROM NEW.debt_id END) THEN
        RAISE EXCEPTION 'obligation % issues no failed payment of its mandate and amount again', NEW.obligation_id
            USING ERRCODE = 'MA023';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER reissue_is_of_a_failed_payment BEFORE INSERT OR UPDATE OF reissue_of ON masp.obligations
    FOR EACH ROW WHEN (NEW.reissue_of IS NOT NULL) EXECUTE FUNCTION masp.reissue_is_of_a_failed_payment();

CREATE TABLE masp.instruction_covers (
    instruction_id bigint NOT NULL, -- covers_are_written_before_acts looks it up
    line_no        integer NOT NULL,
    obligation_id  text NOT NULL,
    due_on         date NOT NULL,
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    debt_id        text,
    PRIMARY KEY (instruction_id, line_no),
    FOREIGN KEY (obligation_id, due_on) REFERENCES masp.dues
);
CREATE INDEX covers_of_due ON masp.instruction_covers (obligation_id, due_on);

-- Who did what to a run. Written only by masp.act_on_run, which asks for the person's secret.
CREATE TABLE masp.run_acts (
    run_id       text NOT NULL REFERENCES masp.runs,
    act_no       integer NOT NULL CHECK (act_no > 0),
    user_id      text NOT NULL REFERENCES masp.users,
    act          text NOT NULL CHECK (act IN ('propose', 'edit', 'submit', 'approve', 'reopen', 'file', 'hand_over', 'cancel',
        'comment', 'cancel_transfer', 'void_file')),
    content_hash bytea NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (run_id, act_no)
);

-- acted_now tells whether somebody has signed such an act on the run in this very transaction.
-- +goose StatementBegin
CREATE FUNCTION masp.acted_now(of_run text, VARIADIC wanted text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM masp.run_acts a
                    WHERE a.run_id = of_run AND a.act = ANY (wanted) AND a.xmin = pg_current_xact_id()::xid)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.acted_now(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.acted_now(text, text[]) TO masp_app;

CREATE TABLE masp.payment_files (
    file_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       text NOT NULL REFERENCES masp.runs,
    pain_version text NOT NULL,
    execute_on   date NOT NULL,
    message_id   text NOT NULL CONSTRAINT message_id_once UNIQUE CHECK (length(message_id) <= 35),
    name         text NOT NULL CONSTRAINT file_name_once UNIQUE,
    content_hash bytea NOT NULL,
    sha256       bytea NOT NULL,
    content      bytea NOT NULL,
    transfers    integer NOT NULL CHECK (transfers > 0),
    total_cents  bigint NOT NULL CHECK (total_cents > 0),
    built_at     timestamptz NOT NULL,
    released_at  timestamptz,
    handed_over_at timestamptz,
    void         boolean NOT NULL DEFAULT false,
    CONSTRAINT file_hash_is_true CHECK (sha256 = sha256(content)),
    CONSTRAINT void_is_never_handed_over CHECK (NOT void OR handed_over_at IS NULL)
);
CREATE INDEX payment_files_of_run ON masp.payment_files (run_id);

-- An instruction is in at most one file that may leave (P04).
CREATE TABLE masp.payment_file_instructions (
    file_id         bigint NOT NULL REFERENCES masp.payment_files,
    instruction_id  bigint NOT NULL, -- transfers_fit_their_file looks it up
    payment_info_id text NOT NULL CHECK (length(payment_info_id) <= 35),
    void            boolean NOT NULL DEFAULT false,
    PRIMARY KEY (file_id, instruction_id)
);
CREATE UNIQUE INDEX instruction_in_one_file ON masp.payment_file_instructions (instruction_id) WHERE NOT void;
CREATE INDEX files_by_payment_info ON masp.payment_file_instructions (payment_info_id);

GRANT SELECT, INSERT ON masp.dues, masp.runs, masp.run_mandates, masp.run_lines, masp.instructions,
    masp.instruction_covers, masp.payment_files, masp.payment_file_instructions TO masp_app;
GRANT SELECT ON masp.run_acts TO masp_app;
GRANT UPDATE (paid_cents, replaced_cents) ON masp.dues TO masp_app;
GRANT UPDATE (state, submitted_at, content_hash) ON masp.runs TO masp_app;
GRANT DELETE ON masp.run_lines, masp.instructions, masp.instruction_covers, masp.payment_file_instructions TO masp_app;
GRANT UPDATE (refused, available_cents, floor_left_cents, reserved_cents, remit_cents, carried_cents, shortfall_cents)
    ON masp.run_mandates TO masp_app;
GRANT UPDATE (state, reason, posted_entry, settled_entry, failed_entry, settled_on) ON masp.instructions TO masp_app;
GRANT UPDATE (released_at, handed_over_at, void) ON masp.payment_files TO masp_app;
GRANT UPDATE (void) ON masp.payment_file_instructions TO masp_app;

-- act_on_run is the only door to run_acts: it knows the user by the secret, and refuses an
-- approval by whoever proposed, edited or submitted the run, or changed an IBAN that it pays.
-- +goose StatementBegin
CREATE FUNCTION masp.act_on_run(of_run text, wanted text, seen_hash bytea, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    who  text := masp.user_of(secret);
    run  masp.runs%ROWTYPE;
    mine text[];
    this_instant timestamptz;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    SELECT roles INTO mine FROM masp.users WHERE user_id = who;
    IF NOT mine && (CASE wanted
            WHEN 'approve' THEN ARRAY['approver']
            WHEN 'file' THEN ARRAY['approver', 'accountant', 'coordinator']
            WHEN 'hand_over' THEN ARRAY['approver', 'accountant', 'coordinator']
            WHEN 'cancel_transfer' THEN ARRAY['approver', 'accountant', 'coordinator']
            WHEN 'void_file' THEN ARRAY['approver', 'accountant', 'coordinator']
            ELSE ARRAY['coordinator'] END) THEN
        RAISE EXCEPTION 'user % may not % a run', who, wanted USING ERRCODE = 'MA012';
    END IF;
    SELECT * INTO run FROM masp.runs WHERE run_id = of_run FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run % does not exist', of_run USING ERRCODE = 'no_data_found';
    END IF;
    this_instant := masp.now(); -- asked once, not once a transfer
    IF seen_hash IS DISTINCT FROM run.content_hash THEN
        RAISE EXCEPTION 'run % has changed since it was read', of_run USING ERRCODE = 'MA013';
    END IF;
    IF NOT run.state = ANY (CASE wanted
            WHEN 'propose' THEN ARRAY['draft']
            WHEN 'edit' THEN ARRAY['draft']
            WHEN 'submit' THEN ARRAY['draft']
            WHEN 'reopen' THEN ARRAY['in_review']
            WHEN 'approve' THEN ARRAY['in_review']
            WHEN 'cancel' THEN ARRAY['draft', 'in_review']
            WHEN 'comment' THEN ARRAY['draft', 'in_review', 'approved', 'filed', 'handed_over', 'settled']
            WHEN 'cancel_transfer' THEN ARRAY['approved', 'filed', 'handed_over']
            WHEN 'void_file' THEN ARRAY['approved', 'filed', 'handed_over']
            WHEN 'file' THEN ARRAY['approved', 'filed', 'handed_over', 'settled'] -- again, for a file that replaces another
            WHEN 'hand_over' THEN ARRAY['approved', 'filed', 'handed_over', 'settled']
            ELSE ARRAY[]::text[] END) THEN
        RAISE EXCEPTION 'nobody can % run %: it is %', wanted, of_run, run.state USING ERRCODE = 'MA014';
    END IF;
    IF wanted = 'approve' THEN
        IF EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = of_run AND a.user_id = who
                      AND a.act IN ('propose', 'edit', 'submit', 'reopen')) THEN
            RAISE EXCEPTION 'the preparer of run % cannot approve it', of_run USING ERRCODE = 'MA011';
        END IF;
        IF EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = of_run AND a.user_id = who AND a.act = 'approve'
                      AND a.act_no > (SELECT max(act_no) FROM masp.run_acts WHERE run_id = of_run AND act = 'submit')) THEN
            RAISE EXCEPTION 'user % has signed run % already', who, of_run USING ERRCODE = 'MA040';
        END IF;
        IF EXISTS (SELECT FROM masp.instructions i
                     JOIN masp.creditor_ibans v ON v.creditor_id = i.creditor_id AND v.version = i.iban_version
                    WHERE i.run_id = of_run AND i.state = 'draft' AND v.load_sha256 IS NULL AND v.proposed_by = who
                      AND NOT EXISTS (SELECT FROM masp.instructions paid
                                       WHERE paid.creditor_id = i.creditor_id AND paid.iban_version = i.iban_version
                                         AND paid.state = 'settled')) THEN
            RAISE EXCEPTION 'user % changed an IBAN that run % pays for the first time', who, of_run USING ERRCODE = 'MA015';
        END IF;
        IF EXISTS (SELECT FROM masp.instructions i
                     JOIN masp.creditor_ibans v ON v.creditor_id = i.creditor_id AND v.version = i.iban_version
                    WHERE i.run_id = of_run AND i.state = 'draft'
                      AND (v.payable_from IS NULL OR v.payable_from > this_instant)) THEN
            RAISE EXCEPTION 'run % pays an IBAN that is not confirmed or still held', of_run USING ERRCODE = 'MA016';
        END IF;
        IF EXISTS (SELECT FROM masp.instructions i
                     JOIN masp.creditor_ibans v ON v.creditor_id = i.creditor_id AND v.version > i.iban_version
                    WHERE i.run_id = of_run AND i.state = 'draft' AND v.payable_from <= this_instant) THEN
            RAISE EXCEPTION 'run % pays an IBAN that another one has replaced', of_run USING ERRCODE = 'MA019';
        END IF;
    END IF;
    INSERT INTO masp.run_acts (run_id, act_no, user_id, act, content_hash, at)
    SELECT of_run, 1 + count(*), who, wanted, run.content_hash, this_instant FROM masp.run_acts WHERE run_id = of_run;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.act_on_run(text, text, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.act_on_run(text, text, bytea, text) TO masp_app;

-- Whatever a run says is only added to, by its owner too; the edit of a draft alone takes rows back.
-- +goose StatementBegin
CREATE FUNCTION masp.runs_are_only_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% of masp.% is refused: what a run says never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'MA001', HINT = 'cancel the run and propose another one';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER dues_stay BEFORE DELETE OR TRUNCATE ON masp.dues
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER runs_stay BEFORE DELETE OR TRUNCATE ON masp.runs
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER run_mandates_stay BEFORE DELETE OR TRUNCATE ON masp.run_mandates
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER run_lines_stay BEFORE UPDATE OR TRUNCATE ON masp.run_lines
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER instructions_stay BEFORE TRUNCATE ON masp.instructions
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER covers_stay BEFORE UPDATE OR TRUNCATE ON masp.instruction_covers
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER files_stay BEFORE DELETE OR TRUNCATE ON masp.payment_files
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER file_instructions_stay BEFORE TRUNCATE ON masp.payment_file_instructions
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER run_acts_are_only_signed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.run_acts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'act_on_run');

-- The first act of a run closes it: its mandates, lines and transfers stand before. While it is a
-- draft, whoever signs an edit opens it until the end of that transaction.
-- +goose StatementBegin
CREATE FUNCTION masp.run_is_open(of_run text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT NOT EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = of_run)
        OR masp.acted_now(of_run, 'edit') AND EXISTS (SELECT FROM masp.runs r WHERE r.run_id = of_run AND r.state = 'draft')
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.run_is_open(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.run_is_open(text) TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.run_is_written_before_its_acts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    closed text;
BEGIN
    WITH written AS MATERIALIZED (SELECT DISTINCT run_id FROM added) -- asked once a run, not once a row
    SELECT run_id INTO closed FROM written WHERE NOT masp.run_is_open(run_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the content of run % is frozen', closed USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.run_is_taken_back_by_its_editor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_run text := to_jsonb(OLD) ->> 'run_id';
BEGIN
    IF of_run IS NULL THEN -- what a transfer covers, the void file that it stood in
        SELECT run_id INTO of_run FROM masp.instructions WHERE instruction_id = (to_jsonb(OLD) ->> 'instruction_id')::bigint;
    END IF;
    IF NOT (masp.acted_now(of_run, 'edit') AND masp.run_is_open(of_run)) THEN
        RAISE EXCEPTION '% of masp.% is refused: what run % says is frozen', TG_OP, TG_TABLE_NAME, of_run
            USING ERRCODE = 'MA001', HINT = 'reopen the run, and edit it';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_mandates_taken_back BEFORE UPDATE ON masp.run_mandates
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();
CREATE TRIGGER run_lines_taken_back BEFORE DELETE ON masp.run_lines
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();
CREATE TRIGGER instructions_taken_back BEFORE DELETE ON masp.instructions
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();
CREATE TRIGGER void_transfers_taken_back BEFORE DELETE ON masp.payment_file_instructions
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();
CREATE TRIGGER covers_taken_back BEFORE DELETE ON masp.instruction_covers
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();

-- A run sends what its purpose says: a run of lines pays and remits, a payout is of its own kind.
-- A balance is given back once the measure has ended (R-092). Every transfer starts as a draft.
-- +goose StatementBegin
CREATE FUNCTION masp.transfers_fit_their_run() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT run_id, kind, means <> '' AS by_hand FROM added) a JOIN masp.runs r USING (run_id)
                WHERE (r.purpose = 'MANUAL') <> a.by_hand
                   OR CASE WHEN r.purpose IN ('MONTHLY', 'OFF_CYCLE', 'EMERGENCY') THEN a.kind NOT IN ('PAYMENT', 'REMITTANCE')
                      WHEN r.purpose = 'MANUAL' THEN a.kind <> 'PAYMENT'
                      ELSE a.kind <> r.purpose END)
       OR EXISTS (SELECT FROM added a WHERE a.kind = 'RESTITUTION' AND 'ENDED' <>
                    (SELECT m.status FROM masp.mandates m WHERE m.mandate_id = a.mandate_id)) THEN
        RAISE EXCEPTION 'a transfer does not fit the purpose of its run' USING ERRCODE = 'MA024';
    END IF;
    IF EXISTS (SELECT FROM added WHERE state <> 'draft'
                OR num_nonnulls(reason, posted_entry, settled_entry, failed_entry, settled_on) > 0) THEN
        RAISE EXCEPTION 'a transfer starts as a draft' USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER transfers_fit_their_run AFTER INSERT ON masp.instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.transfers_fit_their_run();
CREATE TRIGGER run_mandates_before_acts AFTER INSERT ON masp.run_mandates REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_written_before_its_acts();
CREATE TRIGGER run_lines_before_acts AFTER INSERT ON masp.run_lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_written_before_its_acts();
CREATE TRIGGER instructions_before_acts AFTER INSERT ON masp.instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_written_before_its_acts();

-- A plan without parameters is made once a session: what joins the rows of a statement is planned
-- anew (EXECUTE), else the plan for a run of one mandate would serve for ten thousand.
-- A transfer leaves with the edit of its run, which locks the run: whoever says what it pays holds
-- the run too, so no transfer leaves meanwhile.
-- +goose StatementBegin
CREATE FUNCTION masp.covers_are_written_before_acts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    of_runs text[];
    missing bigint;
BEGIN
    EXECUTE 'SELECT array_agg(run_id), sum(missing)
               FROM (SELECT i.run_id, count(*) FILTER (WHERE i.instruction_id IS NULL) AS missing
                       FROM added LEFT JOIN masp.instructions i USING (instruction_id) GROUP BY i.run_id) written'
       INTO of_runs, missing;
    PERFORM FROM masp.runs WHERE run_id = ANY (of_runs) FOR KEY SHARE;
    IF missing = 0 THEN -- again, now that the run is held
        EXECUTE 'SELECT count(*) FROM added WHERE NOT EXISTS (
                 SELECT FROM masp.instructions i WHERE i.instruction_id = added.instruction_id)' INTO missing;
    END IF;
    IF missing > 0 THEN
        RAISE EXCEPTION 'a row of masp.instruction_covers names no row of masp.instructions' USING ERRCODE = 'foreign_key_violation',
            TABLE = 'instruction_covers', CONSTRAINT = 'cover_of_a_transfer';
    END IF;
    IF EXISTS (SELECT FROM unnest(of_runs) AS w (run_id) WHERE NOT masp.run_is_open(w.run_id)) THEN
        RAISE EXCEPTION 'what the transfers of a run pay is frozen' USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION masp.transfer_leaves_alone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.instruction_covers c WHERE c.instruction_id = OLD.instruction_id)
       OR EXISTS (SELECT FROM masp.payment_file_instructions f WHERE f.instruction_id = OLD.instruction_id) THEN
        RAISE EXCEPTION 'instruction % still pays something or stands in a file', OLD.instruction_id
            USING ERRCODE = 'foreign_key_violation', TABLE = 'instructions', CONSTRAINT = 'transfer_leaves_alone';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER covers_before_acts AFTER INSERT ON masp.instruction_covers REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.covers_are_written_before_acts();
CREATE TRIGGER transfer_leaves_alone AFTER DELETE ON masp.instructions
    FOR EACH ROW EXECUTE FUNCTION masp.transfer_leaves_alone();

-- A run starts as a draft, moves only along its own path, and each step needs the act of a
-- person on this very content; the approval needs a second person, and a third above the amount
-- that the organisation has set. What was signed before the last submission counts no more.
-- +goose StatementBegin
CREATE FUNCTION masp.run_keeps_its_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    needed text;
    signed integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.submitted_at IS NOT NULL THEN
            RAISE EXCEPTION 'run % starts as a draft', NEW.run_id USING ERRCODE = 'MA014';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.run_id, NEW.run_number, NEW.month, NEW.run_on, NEW.created_at, NEW.purpose, NEW.evidence) IS DISTINCT FROM
       (OLD.run_id, OLD.run_number, OLD.month, OLD.run_on, OLD.created_at, OLD.purpose, OLD.evidence)
       OR NEW.content_hash IS DISTINCT FROM OLD.content_hash AND (NEW.state <> 'draft' OR NOT masp.run_is_open(OLD.run_id)) THEN
        RAISE EXCEPTION 'the content of run % is frozen', OLD.run_id USING ERRCODE = 'MA014';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'draft>in_review', 'draft>cancelled', 'in_review>draft', 'in_review>approved', 'in_review>cancelled',
            'approved>filed', 'filed>handed_over', 'handed_over>settled', 'filed>settled', 'approved>settled',
            'settled>handed_over', 'settled>filed', 'settled>approved'])
       OR OLD.state = 'settled' AND NOT EXISTS ( -- what the bank had answered was undone (0021)
            SELECT FROM masp.instructions WHERE run_id = NEW.run_id AND state = 'in_transit') THEN
        RAISE EXCEPTION 'run % cannot go from % to %', OLD.run_id, OLD.state, NEW.state USING ERRCODE = 'MA014';
    END IF;
    needed := CASE NEW.state WHEN 'in_review' THEN 'submit' WHEN 'draft' THEN 'reopen' WHEN 'approved' THEN 'approve'
        WHEN 'cancelled' THEN 'cancel' WHEN 'filed' THEN 'file' WHEN 'handed_over' THEN 'hand_over' END;
    SELECT count(DISTINCT a.user_id) INTO signed FROM masp.run_acts a
     WHERE a.run_id = NEW.run_id AND a.act = needed AND a.content_hash = NEW.content_hash
       AND (needed NOT IN ('submit', 'reopen') OR masp.acted_now(a.run_id, needed))
       AND (needed <> 'approve'
            OR a.act_no > (SELECT max(act_no) FROM masp.run_acts WHERE run_id = a.run_id AND act = 'submit')
           AND NOT EXISTS (SELECT FROM masp.run_acts p WHERE p.run_id = a.run_id AND p.user_id = a.user_id
                              AND p.act IN ('propose', 'edit', 'submit', 'reopen')));
    IF needed IS NOT NULL AND signed = 0 THEN
        RAISE EXCEPTION 'run % becomes % by the act of a person, approved by a second one', NEW.run_id, NEW.state
            USING ERRCODE = 'MA011';
    END IF;
    IF needed = 'approve' AND signed < masp.signatures_needed(NEW.run_id) THEN
        RAISE EXCEPTION 'run % needs another signature', NEW.run_id USING ERRCODE = 'MA041';
    END IF;
    IF NEW.state = 'settled' AND EXISTS (SELECT FROM masp.instructions WHERE run_id = NEW.run_id
            AND (state IN ('draft', 'approved', 'scheduled', 'in_transit')
                 OR OLD.state = 'approved' AND OLD.purpose <> 'MANUAL' AND state <> 'cancelled')) THEN
        RAISE EXCEPTION 'transfers of run % are still under way', NEW.run_id USING ERRCODE = 'MA014';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_keeps_its_path BEFORE INSERT OR UPDATE ON masp.runs
    FOR EACH ROW EXECUTE FUNCTION masp.run_keeps_its_path();

-- An instruction leaves with its approved run; its money facts never
-- change, and each step names the entry that moved the money. Judged for a statement at once.
-- +goose StatementBegin
CREATE FUNCTION masp.instruction_keeps_its_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    fact  bigint; -- counted: a plan for the first one found would join row by row
    path  bigint;
    early bigint;
    proof bigint;
BEGIN
    EXECUTE $q$
    SELECT count(*) FILTER (WHERE fact), count(*) FILTER (WHERE NOT step = ANY (ARRAY[
               'draft>scheduled', 'draft>in_transit', 'draft>cancelled', 'scheduled>in_transit', 'scheduled>cancelled',
               'in_transit>settled', 'in_transit>rejected', 'in_transit>returned', 'in_transit>cancelled', 'settled>returned',
               'settled>in_transit', 'returned>settled', 'returned>in_transit'])),
           count(*) FILTER (WHERE step IN ('draft>scheduled', 'draft>in_transit') AND of_run IS DISTINCT FROM 'approved'),
           count(*) FILTER (WHERE step IS NOT NULL AND NOT coalesce(CASE state
               WHEN 'in_transit' THEN EXISTS (SELECT FROM masp.entries e
                   WHERE e.entry_no = moved.posted_entry AND e.source = 'payment ' || moved.end_to_end_id)
                   AND num_nonnulls(settled_entry, settled_on, failed_entry) = 0
               WHEN 'settled' THEN settled_entry IS NOT NULL AND settled_on IS NOT NULL AND failed_entry IS NULL
               WHEN 'rejected' THEN failed_entry IS NOT NULL
               WHEN 'returned' THEN failed_entry IS NOT NULL
               WHEN 'cancelled' THEN of_run = 'cancelled' OR reason IS NOT NULL AND (step = 'scheduled>cancelled'
                   OR masp.acted_now(run_id, 'cancel_transfer')
                  AND EXISTS (SELECT FROM masp.entries e WHERE e.entry_no = moved.failed_entry AND e.source = 'reversal ' || moved.was_posted)
                  AND NOT EXISTS (SELECT FROM masp.payment_file_instructions fi JOIN masp.payment_files f USING (file_id)
                                   WHERE fi.instruction_id = moved.instruction_id AND f.handed_over_at IS NOT NULL))
               ELSE true END, true))
      FROM (SELECT n.*, r.state AS of_run, o.posted_entry AS was_posted,
                   CASE WHEN n.state <> o.state THEN o.state || '>' || n.state END AS step,
                   (n.run_id, n.mandate_id, n.kind, n.account, n.bank_account_id, n.creditor_id, n.creditor_name, n.creditor_iban,
                    n.iban_version, n.amount_cents, n.leave_on, n.execute_on, n.reference, n.end_to_end_id, n.means) IS DISTINCT FROM
                   (o.run_id, o.mandate_id, o.kind, o.account, o.bank_account_id, o.creditor_id, o.creditor_name, o.creditor_iban,
                    o.iban_version, o.amount_cents, o.leave_on, o.execute_on, o.reference, o.end_to_end_id, o.means)
                   OR n.posted_entry IS DISTINCT FROM o.posted_entry AND o.posted_entry IS NOT NULL
                   OR n.settled_entry IS DISTINCT FROM o.settled_entry AND o.settled_entry IS NOT NULL
                      AND NOT (o.state = 'settled' AND n.state = 'in_transit' AND masp.undone_now(o.settled_entry)) -- 0021
                   OR n.failed_entry IS DISTINCT FROM o.failed_entry AND o.failed_entry IS NOT NULL
                      AND NOT (o.state = 'returned' AND masp.undone_now(o.failed_entry)) AS fact
              FROM new_rows n LEFT JOIN old_rows o USING (instruction_id) LEFT JOIN masp.runs r ON r.run_id = n.run_id) moved $q$
       INTO fact, path, early, proof;
    IF fact > 0 THEN
        RAISE EXCEPTION 'the facts of an instruction never change' USING ERRCODE = 'MA014';
    ELSIF path > 0 THEN
        RAISE EXCEPTION 'an instruction leaves its path' USING ERRCODE = 'MA014';
    ELSIF early > 0 THEN
        RAISE EXCEPTION 'an instruction belongs to no approved run' USING ERRCODE = 'MA011';
    ELSIF proof > 0 THEN
        RAISE EXCEPTION 'an instruction takes each step with its proof only' USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER instruction_keeps_its_path AFTER UPDATE ON masp.instructions
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION masp.instruction_keeps_its_path();

-- A file holds the content that its run signed; it leaves once its run is approved, and what
-- has left, and the bytes of any file, never change.
-- +goose StatementBegin
CREATE FUNCTION masp.payment_file_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    run masp.runs%ROWTYPE;
BEGIN
    SELECT * INTO run FROM masp.runs WHERE run_id = NEW.run_id;
    IF NEW.released_at IS NOT NULL AND run.state IN ('draft', 'in_review', 'cancelled') THEN
        RAISE EXCEPTION 'payment file % belongs to a run that nobody approved', NEW.name USING ERRCODE = 'MA011';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.content_hash IS DISTINCT FROM run.content_hash THEN
            RAISE EXCEPTION 'payment file % holds another content than its run', NEW.name USING ERRCODE = 'MA013';
        END IF;
        IF NEW.void OR NEW.handed_over_at IS NOT NULL OR run.state IN ('draft', 'cancelled')
           OR run.state <> 'approved' AND (run.state = 'in_review') <> (NEW.released_at IS NULL) THEN
            RAISE EXCEPTION 'payment file % is built at submission, on its day, or in place of a void one', NEW.name USING ERRCODE = 'MA014';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.file_id, NEW.run_id, NEW.pain_version, NEW.execute_on, NEW.message_id, NEW.name, NEW.content_hash,
        NEW.sha256, NEW.content, NEW.transfers, NEW.total_cents, NEW.built_at) IS DISTINCT FROM
       (OLD.file_id, OLD.run_id, OLD.pain_version, OLD.execute_on, OLD.message_id, OLD.name, OLD.content_hash,
        OLD.sha256, OLD.content, OLD.transfers, OLD.total_cents, OLD.built_at)
       OR NEW.released_at IS DISTINCT FROM OLD.released_at AND OLD.released_at IS NOT NULL
       OR NEW.handed_over_at IS DISTINCT FROM OLD.handed_over_at AND OLD.handed_over_at IS NOT NULL
       OR NEW.handed_over_at IS NOT NULL AND NEW.released_at IS NULL
       OR NEW.void AND NEW.released_at IS DISTINCT FROM OLD.released_at
       OR NEW.void IS DISTINCT FROM OLD.void AND (OLD.void OR run.state NOT IN ('draft', 'cancelled')
          AND NOT masp.acted_now(run.run_id, 'void_file', 'cancel_transfer') AND NOT EXISTS (
          SELECT FROM masp.payment_file_instructions fi JOIN masp.instructions i USING (instruction_id)
            JOIN masp.mandates m USING (mandate_id)
           WHERE fi.file_id = OLD.file_id AND run.state = 'approved' AND i.posted_entry IS NULL
             AND (i.state = 'cancelled' OR m.status <> 'ACTIVE'))) THEN
        RAISE EXCEPTION 'payment file % is final', OLD.name USING ERRCODE = 'MA002';
    END IF;
    IF NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND EXISTS (
          SELECT FROM masp.payment_file_instructions fi JOIN masp.instructions i USING (instruction_id)
           WHERE fi.file_id = OLD.file_id AND i.posted_entry IS NULL) THEN
        RAISE EXCEPTION 'payment file % holds a transfer that is not posted', OLD.name USING ERRCODE = 'MA022';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER payment_file_is_final BEFORE INSERT OR UPDATE ON masp.payment_files
    FOR EACH ROW EXECUTE FUNCTION masp.payment_file_is_final();

-- +goose StatementBegin
CREATE FUNCTION masp.file_holds_its_transfers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT count(*) FROM masp.payment_file_instructions WHERE file_id = NEW.file_id AND void = NEW.void) <> NEW.transfers THEN
        RAISE EXCEPTION 'payment file % does not hold the transfers that it announces', NEW.file_id USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER file_holds_its_transfers AFTER INSERT OR UPDATE OF void ON masp.payment_files
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION masp.file_holds_its_transfers();

-- +goose StatementBegin
CREATE FUNCTION masp.transfers_fit_their_file() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    unfit bigint;
BEGIN
    -- held, so that no transfer leaves meanwhile
    PERFORM FROM masp.runs WHERE run_id IN (SELECT run_id FROM masp.payment_files WHERE file_id IN (SELECT file_id FROM added))
        FOR KEY SHARE;
    EXECUTE $q$
    SELECT count(*)
      FROM (SELECT a.file_id, i.run_id, i.means = '' AS by_bank, i.posted_entry IS NOT NULL AS posted,
                   count(*) AS transfers, sum(i.amount_cents) AS cents
              FROM added a LEFT JOIN masp.instructions i USING (instruction_id) GROUP BY 1, 2, 3, 4) part
     RIGHT JOIN masp.payment_files f USING (file_id)
     WHERE f.file_id IN (SELECT file_id FROM added)
     GROUP BY f.file_id
    HAVING sum(part.transfers) <> f.transfers OR sum(part.cents) IS DISTINCT FROM f.total_cents
        OR (SELECT count(*) FROM masp.payment_file_instructions fi WHERE fi.file_id = f.file_id) <> f.transfers
        OR NOT bool_and(coalesce(part.run_id = f.run_id AND by_bank AND (f.released_at IS NULL OR posted), false)) LIMIT 1 $q$
       INTO unfit;
    IF unfit > 0 THEN
        RAISE EXCEPTION 'a payment file holds the transfers that it announces, all of its run, posted when it leaves' USING ERRCODE = 'MA014';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER transfers_fit_their_file AFTER INSERT ON masp.payment_file_instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.transfers_fit_their_file();

-- The transfers of a file are written with it and follow it when it becomes void.
-- +goose StatementBegin
CREATE FUNCTION masp.file_transfers_follow_their_file() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (NEW.file_id, NEW.instruction_id, NEW.payment_info_id) IS DISTINCT FROM
       (OLD.file_id, OLD.instruction_id, OLD.payment_info_id)
       OR NEW.void IS DISTINCT FROM (SELECT void FROM masp.payment_files WHERE file_id = NEW.file_id) THEN
        RAISE EXCEPTION 'the transfers of payment file % are final', OLD.file_id USING ERRCODE = 'MA002';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER file_transfers_follow_their_file BEFORE UPDATE ON masp.payment_file_instructions
    FOR EACH ROW EXECUTE FUNCTION masp.file_transfers_follow_their_file();
