-- +goose Up
-- From what is due to what the bank has done.

-- One due date of one obligation. paid_cents rises when a run is approved and falls when a
-- transfer fails: a rent cannot be paid twice, whoever approves what.
CREATE TABLE masp.dues (
    obligation_id text NOT NULL REFERENCES masp.obligations,
    due_on        date NOT NULL,
    due_cents     bigint NOT NULL CHECK (due_cents > 0),
    paid_cents    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (obligation_id, due_on),
    CONSTRAINT paid_once CHECK (paid_cents BETWEEN 0 AND due_cents)
);

CREATE TABLE masp.runs (
    run_id       text PRIMARY KEY CONSTRAINT run_reference CHECK (run_id ~ '^C-[0-9]{4}-[0-9]{2}-[0-9]{1,4}$'),
    run_number   bigint NOT NULL CONSTRAINT run_number_once UNIQUE CHECK (run_number > 0),
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    run_on       date NOT NULL,
    state        text NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'filed', 'handed_over', 'settled', 'cancelled')),
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    created_at   timestamptz NOT NULL,
    submitted_at timestamptz
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
    iban_version   integer NOT NULL,
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
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
    CONSTRAINT iban_that_was_confirmed FOREIGN KEY (creditor_id, iban_version) REFERENCES masp.creditor_ibans (creditor_id, version)
);
CREATE INDEX instructions_of_run ON masp.instructions (run_id);
CREATE INDEX instructions_of_mandate ON masp.instructions (mandate_id, execute_on);
CREATE INDEX instructions_under_way ON masp.instructions (bank_account_id, state) WHERE state IN ('scheduled', 'in_transit');

CREATE TABLE masp.instruction_covers (
    instruction_id bigint NOT NULL REFERENCES masp.instructions,
    line_no        integer NOT NULL,
    obligation_id  text NOT NULL,
    due_on         date NOT NULL,
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    debt_id        text,
    PRIMARY KEY (instruction_id, line_no),
    FOREIGN KEY (obligation_id, due_on) REFERENCES masp.dues
);

-- Who did what to a run. Written only by masp.act_on_run, which asks for the person's secret.
CREATE TABLE masp.run_acts (
    run_id       text NOT NULL REFERENCES masp.runs,
    act_no       integer NOT NULL CHECK (act_no > 0),
    user_id      text NOT NULL REFERENCES masp.users,
    act          text NOT NULL CHECK (act IN ('propose', 'edit', 'submit', 'approve', 'reopen', 'file', 'hand_over', 'cancel')),
    content_hash bytea NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (run_id, act_no)
);
CREATE UNIQUE INDEX approved_once_by_one ON masp.run_acts (run_id, user_id, content_hash) WHERE act = 'approve';

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
    CONSTRAINT void_is_never_released CHECK (NOT void OR released_at IS NULL)
);
CREATE INDEX payment_files_of_run ON masp.payment_files (run_id);

-- An instruction is in at most one file that may leave (P04).
CREATE TABLE masp.payment_file_instructions (
    file_id         bigint NOT NULL REFERENCES masp.payment_files,
    instruction_id  bigint NOT NULL REFERENCES masp.instructions,
    payment_info_id text NOT NULL CHECK (length(payment_info_id) <= 35),
    void            boolean NOT NULL DEFAULT false,
    PRIMARY KEY (file_id, instruction_id)
);
CREATE UNIQUE INDEX instruction_in_one_file ON masp.payment_file_instructions (instruction_id) WHERE NOT void;
CREATE INDEX files_by_payment_info ON masp.payment_file_instructions (payment_info_id);

CREATE TABLE masp.alerts (
    alert_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    on_day       date NOT NULL,
    code         text NOT NULL,
    mandate_id   text REFERENCES masp.mandates,
    subject      text NOT NULL,
    amount_cents bigint,
    source       text NOT NULL CONSTRAINT alert_once UNIQUE,
    text         text NOT NULL
);

GRANT SELECT, INSERT ON masp.dues, masp.runs, masp.run_mandates, masp.run_lines, masp.instructions,
    masp.instruction_covers, masp.payment_files, masp.payment_file_instructions, masp.alerts TO masp_app;
GRANT SELECT ON masp.run_acts TO masp_app;
GRANT UPDATE (due_cents, paid_cents) ON masp.dues TO masp_app;
GRANT UPDATE (state, content_hash, submitted_at) ON masp.runs TO masp_app;
GRANT UPDATE (state, reason, posted_entry, settled_entry, failed_entry, settled_on) ON masp.instructions TO masp_app;
GRANT UPDATE (released_at, handed_over_at, void) ON masp.payment_files TO masp_app;
GRANT UPDATE (void) ON masp.payment_file_instructions TO masp_app;

-- act_on_run is the only door to run_acts: it knows the user by the secret, and refuses an
-- approval by whoever proposed, edited or submitted the run, or changed an IBAN that it pays.
-- +goose StatementBegin
CREATE FUNCTION masp.act_on_run(of_run text, wanted text, seen_hash bytea, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    run  masp.runs%ROWTYPE;
    mine text[];
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    SELECT roles INTO mine FROM masp.users WHERE user_id = who;
    IF NOT mine && (CASE wanted
            WHEN 'approve' THEN ARRAY['approver']
            WHEN 'file' THEN ARRAY['approver', 'accountant', 'coordinator']
            WHEN 'hand_over' THEN ARRAY['approver', 'accountant', 'coordinator']
            ELSE ARRAY['coordinator'] END) THEN
        RAISE EXCEPTION 'user % may not % a run', who, wanted USING ERRCODE = 'MA012';
    END IF;
    SELECT * INTO run FROM masp.runs WHERE run_id = of_run FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run % does not exist', of_run USING ERRCODE = 'no_data_found';
    END IF;
    IF seen_hash IS DISTINCT FROM run.content_hash THEN
        RAISE EXCEPTION 'run % has changed since it was read', of_run USING ERRCODE = 'MA013';
    END IF;
    IF wanted = 'approve' THEN
        IF run.state <> 'in_review' THEN
            RAISE EXCEPTION 'run % is %, not in_review', of_run, run.state USING ERRCODE = 'MA014';
        END IF;
        IF EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = of_run AND a.user_id = who
                      AND a.act IN ('propose', 'edit', 'submit', 'reopen')) THEN
            RAISE EXCEPTION 'the preparer of run % cannot approve it', of_run USING ERRCODE = 'MA011';
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
                      AND (v.payable_from IS NULL OR v.payable_from > masp.now())) THEN
            RAISE EXCEPTION 'run % pays an IBAN that is not confirmed or still held', of_run USING ERRCODE = 'MA016';
        END IF;
    END IF;
    INSERT INTO masp.run_acts (run_id, act_no, user_id, act, content_hash, at)
    SELECT of_run, 1 + count(*), who, wanted, run.content_hash, masp.now() FROM masp.run_acts WHERE run_id = of_run;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.act_on_run(text, text, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.act_on_run(text, text, bytea, text) TO masp_app;

-- A run moves only along its own path, and is approved only after an approval was written.
-- +goose StatementBegin
CREATE FUNCTION masp.run_keeps_its_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'draft>in_review', 'draft>cancelled', 'in_review>draft', 'in_review>approved', 'in_review>cancelled',
            'approved>filed', 'filed>handed_over', 'handed_over>settled', 'approved>settled', 'filed>settled']) THEN
        RAISE EXCEPTION 'run % cannot go from % to %', OLD.run_id, OLD.state, NEW.state USING ERRCODE = 'MA014';
    END IF;
    IF NEW.content_hash IS DISTINCT FROM OLD.content_hash AND OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'the content of run % is frozen', OLD.run_id USING ERRCODE = 'MA014';
    END IF;
    IF NEW.state = 'approved' AND OLD.state = 'in_review' AND NOT EXISTS (
            SELECT FROM masp.run_acts a
             WHERE a.run_id = NEW.run_id AND a.act = 'approve' AND a.content_hash = NEW.content_hash
               AND NOT EXISTS (SELECT FROM masp.run_acts p WHERE p.run_id = a.run_id AND p.user_id = a.user_id
                                  AND p.act IN ('propose', 'edit', 'submit', 'reopen'))) THEN
        RAISE EXCEPTION 'run % has no approval by a second person', NEW.run_id USING ERRCODE = 'MA011';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_keeps_its_path BEFORE UPDATE ON masp.runs
    FOR EACH ROW EXECUTE FUNCTION masp.run_keeps_its_path();

-- An instruction leaves 'draft' only with its run; its money facts never change.
-- +goose StatementBegin
CREATE FUNCTION masp.instruction_keeps_its_path() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'draft>approved', 'draft>scheduled', 'draft>in_transit', 'draft>cancelled', 'approved>in_transit', 'approved>cancelled',
            'scheduled>in_transit', 'scheduled>cancelled', 'in_transit>settled', 'in_transit>rejected',
            'in_transit>returned', 'settled>returned']) THEN
        RAISE EXCEPTION 'instruction % cannot go from % to %', OLD.instruction_id, OLD.state, NEW.state USING ERRCODE = 'MA014';
    END IF;
    IF OLD.state = 'draft' AND NEW.state IN ('approved', 'scheduled', 'in_transit') AND NOT EXISTS (
            SELECT FROM masp.run_acts WHERE run_id = NEW.run_id AND act = 'approve') THEN
        RAISE EXCEPTION 'instruction % belongs to no approved run', OLD.instruction_id USING ERRCODE = 'MA011';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER instruction_keeps_its_path BEFORE UPDATE ON masp.instructions
    FOR EACH ROW EXECUTE FUNCTION masp.instruction_keeps_its_path();

-- A released file never changes.
-- +goose StatementBegin
CREATE FUNCTION masp.released_file_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.released_at IS NOT NULL AND NEW.released_at IS DISTINCT FROM OLD.released_at)
            OR NEW.content IS DISTINCT FROM OLD.content OR NEW.content_hash IS DISTINCT FROM OLD.content_hash THEN
        RAISE EXCEPTION 'payment file % is final', OLD.file_id USING ERRCODE = 'MA002';
    END IF;
    IF NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND NOT EXISTS (
            SELECT FROM masp.runs r WHERE r.run_id = NEW.run_id AND r.state NOT IN ('draft', 'in_review', 'cancelled')) THEN
        RAISE EXCEPTION 'payment file % belongs to a run that nobody approved', OLD.file_id USING ERRCODE = 'MA011';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER released_file_is_final BEFORE UPDATE OR DELETE ON masp.payment_files
    FOR EACH ROW EXECUTE FUNCTION masp.released_file_is_final();
