-- +goose Up
-- Who may see whom: a coordinator her caseload, an auditor his Départements and his period, a person
-- herself. Said twice: by package api/auth before it reads, and here by row-level security for what is
-- read as masp_reach (auth.Restricted). MA100: a user whose role has no such reach.

-- masp_reach only reads, and only the rows that the secret in masp.secret reaches. The program becomes
-- it for one transaction. Where masp_app does not inherit it (NOINHERIT), its own reading costs less.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'masp_reach') THEN
        BEGIN
            CREATE ROLE masp_reach NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of the same server was faster
        END;
    END IF;
    IF NOT pg_has_role('masp_app', 'masp_reach', 'MEMBER') THEN
        GRANT masp_reach TO masp_app;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'role masp_reach is missing, or masp_app may not become it, and % may not mend it', current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'as an administrator: CREATE ROLE masp_reach NOLOGIN; ALTER ROLE masp_app NOINHERIT; GRANT masp_reach TO masp_app;';
END
$$;
-- +goose StatementEnd

-- A caseload: from a day to a last one, or until further notice.
CREATE TABLE masp.caseloads (
    user_id    text NOT NULL REFERENCES masp.users,
    mandate_id text NOT NULL REFERENCES masp.mandates,
    from_on    date NOT NULL,
    until_on   date CONSTRAINT caseload_ends_after_it_began CHECK (until_on >= from_on - 1),
    CONSTRAINT caseload_once PRIMARY KEY (user_id, mandate_id, from_on)
);
CREATE INDEX caseloads_of_mandate ON masp.caseloads (mandate_id);

-- The mission of an auditor: his Départements, and one period of the journal for all of them.
CREATE TABLE masp.auditor_scopes (
    user_id    text NOT NULL REFERENCES masp.users,
    department text NOT NULL CHECK (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$'),
    from_on    date NOT NULL,
    until_on   date CONSTRAINT audited_period_is_one CHECK (until_on >= from_on),
    CONSTRAINT audited_once PRIMARY KEY (user_id, department)
);
CREATE INDEX mandates_of_department ON masp.mandates (department);
SELECT masp.register(of_table) FROM unnest(ARRAY['auditor_scopes', 'caseloads']) AS of_table;
GRANT SELECT ON masp.caseloads, masp.auditor_scopes TO masp_app;

-- Whoever is the coordinator of a mandate has it in her caseload.
-- +goose StatementBegin
CREATE FUNCTION masp.coordinator_has_the_mandate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO masp.caseloads (user_id, mandate_id, from_on)
    SELECT n.coordinator, n.mandate_id, masp.today() FROM new_rows n
     WHERE n.coordinator IS NOT NULL AND NOT EXISTS (SELECT FROM masp.caseloads c
           WHERE c.user_id = n.coordinator AND c.mandate_id = n.mandate_id AND c.until_on IS NULL)
        ON CONFLICT ON CONSTRAINT caseload_once DO UPDATE SET until_on = NULL;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER coordinator_has_the_mandate AFTER INSERT ON masp.mandates
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.coordinator_has_the_mandate();
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM masp.mandates WHERE coordinator IS NOT NULL) THEN
        INSERT INTO masp.caseloads (user_id, mandate_id, from_on)
        SELECT coordinator, mandate_id, masp.today() FROM masp.mandates WHERE coordinator IS NOT NULL;
        PERFORM masp.record_act('operator', 'caseload.assign', 'organisation', 'only', NULL, NULL,
            'the coordinators named by the mandates', '');
    END IF;
END
$$;
-- +goose StatementEnd

-- assign_caseload gives mandates to a coordinator; release_caseload takes them away at once. An admin
-- does, who sees none of them. They answer who has acted and how many mandates changed. The first
-- coordinator of a mandate is told of its alerts; whoever loses it is not told any more.
-- +goose StatementBegin
CREATE FUNCTION masp.assign_caseload(
    of_user text, wanted text[], begins date, ends date, by_secret text, OUT who text, OUT changed bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first date := coalesce(begins, masp.today());
BEGIN
    who := masp.proven(by_secret, ARRAY['admin'], NULL);
    PERFORM FROM masp.users WHERE user_id = of_user AND disabled_at IS NULL AND 'coordinator' = ANY (roles) FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % is no living coordinator', of_user USING ERRCODE = 'MA100';
    END IF;
    IF EXISTS (SELECT FROM unnest(wanted) w WHERE NOT EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = w)) THEN
        RAISE EXCEPTION 'a mandate does not exist' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM FROM masp.mandates WHERE mandate_id = ANY (wanted) ORDER BY mandate_id FOR NO KEY UPDATE;
    INSERT INTO masp.caseloads (user_id, mandate_id, from_on, until_on)
    SELECT DISTINCT of_user, w, first, ends FROM unnest(wanted) w
     WHERE NOT EXISTS (SELECT FROM masp.caseloads c WHERE c.user_id = of_user AND c.mandate_id = w AND c.from_on <= first
                          AND coalesce(c.until_on, 'infinity') >= coalesce(ends, 'infinity'))
        ON CONFLICT ON CONSTRAINT caseload_once DO UPDATE SET until_on = excluded.until_on;
    GET DIAGNOSTICS changed = ROW_COUNT;
    UPDATE masp.mandates SET coordinator = of_user
     WHERE mandate_id = ANY (wanted) AND coordinator IS NULL AND ends IS NULL AND first <= masp.today();
END
$$;

CREATE FUNCTION masp.release_caseload(of_user text, wanted text[], by_secret text, OUT who text, OUT changed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.proven(by_secret, ARRAY['admin'], NULL);
    PERFORM FROM masp.mandates WHERE mandate_id = ANY (wanted) ORDER BY mandate_id FOR NO KEY UPDATE;
    DELETE FROM masp.caseloads c WHERE c.user_id = of_user AND c.mandate_id = ANY (wanted) AND c.from_on > masp.today();
    UPDATE masp.caseloads c SET until_on = greatest(masp.today() - 1, c.from_on - 1)
     WHERE c.user_id = of_user AND c.mandate_id = ANY (wanted) AND coalesce(c.until_on, 'infinity') >= masp.today();
    GET DIAGNOSTICS changed = ROW_COUNT;
    UPDATE masp.mandates SET coordinator = NULL WHERE mandate_id = ANY (wanted) AND coordinator = of_user;
END
$$;

-- set_audit_scope replaces the mission of an auditor; without Départements he sees nothing any more.
CREATE FUNCTION masp.set_audit_scope(of_user text, wanted text[], first_day date, last_day date, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL);
BEGIN
    PERFORM FROM masp.users WHERE user_id = of_user AND disabled_at IS NULL AND 'auditor' = ANY (roles) FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % is no living auditor', of_user USING ERRCODE = 'MA100';
    END IF;
    DELETE FROM masp.auditor_scopes s WHERE s.user_id = of_user;
    INSERT INTO masp.auditor_scopes (user_id, department, from_on, until_on)
    SELECT DISTINCT of_user, w, first_day, last_day FROM unnest(wanted) w;
    RETURN who;
END
$$;

-- beneficiary_of names the person whose device this secret opens. A later migration says how.
CREATE FUNCTION masp.beneficiary_of(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT NULL::text $$;

-- reach_of is the one answer to who sees whom: of the whole house, of the whole house within the
-- period of an audit, of mandates, of audited mandates within that period. A secret that proves
-- nobody reaches nothing.
CREATE FUNCTION masp.reach_of(
    secret text, OUT whole boolean, OUT audits_whole boolean, OUT mandates text[], OUT audited text[],
    OUT from_on date, OUT until_on date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who         text := masp.user_of(secret);
    held        text[];
    departments text[];
    today       date;
BEGIN
    reach_of.whole := false;
    reach_of.audits_whole := false;
    reach_of.mandates := '{}';
    reach_of.audited := '{}';
    IF who IS NULL THEN
        reach_of.mandates := ARRAY(SELECT m.mandate_id FROM masp.mandates m
                                    WHERE m.beneficiary_id = masp.beneficiary_of(reach_of.secret));
        RETURN;
    END IF;
    SELECT u.roles INTO held FROM masp.users u WHERE u.user_id = who;
    reach_of.whole := held && ARRAY['approver', 'accountant', 'machine'];
    IF reach_of.whole THEN
        RETURN;
    END IF;
    IF 'coordinator' = ANY (held) THEN
        today := masp.today();
        reach_of.mandates := ARRAY(SELECT DISTINCT c.mandate_id FROM masp.caseloads c
                                    WHERE c.user_id = who AND c.from_on <= today AND coalesce(c.until_on, today) >= today);
    END IF;
    IF 'auditor' = ANY (held) THEN
        SELECT array_agg(s.department), min(s.from_on), min(s.until_on)
          INTO departments, reach_of.from_on, reach_of.until_on
          FROM masp.auditor_scopes s WHERE s.user_id = who;
        reach_of.audits_whole := departments IS NOT NULL
            AND NOT EXISTS (SELECT FROM masp.mandates m WHERE m.department <> ALL (departments));
        IF departments IS NOT NULL AND NOT reach_of.audits_whole THEN
            reach_of.audited := ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.department = ANY (departments));
        END IF;
    END IF;
END
$$;

-- The same for the policies, of the secret of the transaction. Each is asked once a statement.
CREATE FUNCTION masp.reached() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT r.mandates || r.audited FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

CREATE FUNCTION masp.reaches_all() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT r.whole OR r.audits_whole FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

CREATE FUNCTION masp.reached_persons() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT ARRAY(SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = ANY (masp.reached())) $$;

-- The bank accounts that hold, or held, money of reached mandates.
CREATE FUNCTION masp.reached_banks() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT m.bank_account_id FROM masp.mandates m WHERE m.mandate_id = ANY (r.reached)
                 UNION SELECT e.bank_account_id FROM masp.earlier_accounts e WHERE e.mandate_id = ANY (r.reached))
      FROM (SELECT masp.reached() AS reached OFFSET 0) r
$$;

-- Of them, those that belong to one person alone: all that happens there is hers.
CREATE FUNCTION masp.own_banks() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT a.bank_account_id FROM masp.bank_accounts a
                  WHERE a.model = 'INDIVIDUAL' AND a.bank_account_id = ANY (masp.reached_banks()))
$$;

CREATE FUNCTION masp.reached_creditors() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT o.creditor_id FROM masp.obligations o WHERE o.mandate_id = ANY (r.reached)
                 UNION SELECT d.creditor_id FROM masp.debts d WHERE d.mandate_id = ANY (r.reached)
                 UNION SELECT i.creditor_id FROM masp.instructions i WHERE i.mandate_id = ANY (r.reached)
                 UNION SELECT h.landlord FROM masp.housing h WHERE h.mandate_id = ANY (r.reached)
                 UNION SELECT t.remit_to FROM masp.mandate_terms t WHERE t.mandate_id = ANY (r.reached))
      FROM (SELECT masp.reached() AS reached OFFSET 0) r
$$;

-- Of the books: the accounts that are seen on every day, those that are seen within the period of an
-- audit, and that period as numbers of entries, for their days never go back.
CREATE FUNCTION masp.reaches_books() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT r.whole FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

CREATE FUNCTION masp.accounts_of(owners text[]) RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT a.account_id::integer FROM masp.accounts a
                  WHERE a.pcg = '467' AND a.owner = ANY (owners)
                 UNION
                 SELECT a.account_id::integer FROM masp.mandates m
                   JOIN masp.bank_accounts b ON b.bank_account_id = m.bank_account_id AND b.model = 'INDIVIDUAL'
                   JOIN masp.accounts a ON a.code = '512:' || b.bank_account_id
                  WHERE m.mandate_id = ANY (owners))
$$;

CREATE FUNCTION masp.reached_accounts() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT masp.accounts_of(r.mandates) FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

CREATE FUNCTION masp.audited_accounts() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT masp.accounts_of(r.audited) FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

CREATE FUNCTION masp.audits_all() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT r.audits_whole FROM masp.reach_of(current_setting('masp.secret', true)) r $$;

-- first_entry_on is the number of the first entry of a day or later: the next number when there is none.
CREATE FUNCTION masp.first_entry_on(day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    low    bigint := 1;
    high   bigint := (SELECT last_entry + 1 FROM masp.chain_heads);
    middle bigint;
BEGIN
    WHILE low < high LOOP
        middle := (low + high) / 2;
        IF (SELECT e.posted_on >= day FROM masp.entries e WHERE e.entry_no = middle) THEN
            high := middle;
        ELSE
            low := middle + 1;
        END IF;
    END LOOP;
    RETURN low;
END
$$;

CREATE FUNCTION masp.audited_entries() RETURNS int8range
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN r.from_on IS NULL THEN 'empty'::int8range
                WHEN r.until_on IS NULL OR r.until_on >= masp.today() THEN int8range(masp.first_entry_on(r.from_on), NULL)
                ELSE int8range(masp.first_entry_on(r.from_on), masp.first_entry_on(r.until_on + 1)) END
      FROM masp.reach_of(current_setting('masp.secret', true)) r
$$;
-- +goose StatementEnd

-- An auditor's period begins with what an account held then: the number of its last line before, and
-- the balance after it, are his; nothing else of the days before.
-- +goose StatementBegin
CREATE FUNCTION masp.reached_seq_on(account bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record := masp.reach_of(current_setting('masp.secret', true));
BEGIN
    IF r.whole OR account = ANY (masp.reached_accounts()) THEN
        RETURN masp.account_seq_on(account, day);
    END IF;
    IF r.audits_whole OR account = ANY (masp.audited_accounts()) THEN
        RETURN masp.account_seq_on(account, least(greatest(day, r.from_on - 1), r.until_on));
    END IF;
    RETURN 0;
END
$$;

CREATE FUNCTION masp.audited_opening(account bigint, seq bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    r record := masp.reach_of(current_setting('masp.secret', true));
BEGIN
    IF r.from_on IS NULL OR seq <> masp.account_seq_on(account, r.from_on - 1)
        OR NOT (r.audits_whole OR account = ANY (masp.audited_accounts())) THEN
        RETURN NULL;
    END IF;
    RETURN coalesce((SELECT p.debit_after FROM masp.postings p WHERE p.debit_account = account AND p.debit_seq = seq),
                    (SELECT p.credit_after FROM masp.postings p WHERE p.credit_account = account AND p.credit_seq = seq));
END
$$;

CREATE OR REPLACE FUNCTION masp.account_seq_on(account bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    low    bigint := 0;
    high   bigint;
    middle bigint;
    posted date;
BEGIN
    IF current_user = 'masp_reach' THEN -- who may not see each line cannot search among them
        RETURN masp.reached_seq_on(account, day);
    END IF;
    SELECT b.seq INTO high FROM masp.account_balances b WHERE b.account_id = account;
    middle := high;
    WHILE low < high LOOP
        SELECT e.posted_on INTO posted FROM masp.entries e
         WHERE e.entry_no = coalesce(
            (SELECT p.entry_no FROM masp.postings p
              WHERE p.debit_account = account AND p.debit_seq = middle),
            (SELECT p.entry_no FROM masp.postings p
              WHERE p.credit_account = account AND p.credit_seq = middle));
        IF posted <= day THEN low := middle; ELSE high := middle - 1; END IF;
        middle := (low + high + 1) / 2;
    END LOOP;
    RETURN low;
END
$$;
-- +goose StatementEnd

-- Each reading of a person's file: who, what, when, once in ten minutes. It is only added to.
CREATE TABLE masp.file_reads (
    read_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    user_id        text COLLATE "C" NOT NULL DEFAULT '', -- or the person herself:
    beneficiary_id text COLLATE "C" NOT NULL DEFAULT '',
    mandate_id     text COLLATE "C" NOT NULL REFERENCES masp.mandates,
    what           text COLLATE "C" NOT NULL CONSTRAINT read_has_a_name CHECK (what ~ '^[a-z][a-z._-]{0,39}$'),
    request_id     text NOT NULL CONSTRAINT request_is_short CHECK (length(request_id) <= 64),
    slot           bigint NOT NULL GENERATED ALWAYS AS (floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 600)::bigint) STORED,
    CONSTRAINT read_by_one CHECK ((user_id = '') <> (beneficiary_id = '')),
    CONSTRAINT read_once_in_ten_minutes UNIQUE (mandate_id, user_id, beneficiary_id, what, slot)
);
-- +goose StatementBegin
CREATE FUNCTION masp.note_read(by_secret text, mandate text, seen text, request text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who    text := coalesce(masp.user_of(by_secret), '');
    person text := CASE who WHEN '' THEN coalesce(masp.beneficiary_of(by_secret), '') ELSE '' END;
BEGIN
    IF who = '' AND person = '' THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    INSERT INTO masp.file_reads (at, user_id, beneficiary_id, mandate_id, what, request_id)
    VALUES (masp.now(), who, person, mandate, seen, request)
        ON CONFLICT ON CONSTRAINT read_once_in_ten_minutes DO NOTHING;
    RETURN FOUND;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER reads_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.file_reads
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'note_read');
GRANT SELECT ON masp.file_reads TO masp_app;

-- restrict lets masp_reach see the rows of a table for which a condition holds. The program sees all
-- of them, as before, but can no more COPY into the table: unit.Copy inserts.
-- +goose StatementBegin
CREATE FUNCTION masp.restrict(of_table text, seen text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE masp.%I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('CREATE POLICY whole_house ON masp.%I TO masp_app, masp_read USING (true) WITH CHECK (true)', of_table);
    EXECUTE format('CREATE POLICY within_reach ON masp.%I FOR SELECT TO masp_reach USING (%s)', of_table, seen);
    EXECUTE format('GRANT SELECT ON masp.%I TO masp_reach', of_table);
END
$$;

DO $$
DECLARE
    of_table text;
    pair     text[];
    reached  text := 'mandate_id IN (SELECT unnest(masp.reached())) OR (SELECT masp.reaches_all())';
    banked   text := 'bank_account_id IN (SELECT unnest(masp.reached_banks())) OR (SELECT masp.reaches_all())';
BEGIN
    FOREACH of_table IN ARRAY ARRAY[
        'advice_parts', 'aid_requests', 'alerts', 'amendments', 'authorised_benefits', 'beneficiary_months', 'caseloads',
        'contributions', 'court_benefits', 'cover_agreements', 'debts', 'direct_payments', 'earlier_accounts', 'evaluations',
        'expected_benefits', 'file_reads', 'housing', 'instructions', 'mandate_conventions', 'mandate_terms', 'mandates',
        'obligations', 'overindebtedness_steps', 'payer_changes', 'receipts', 'recognition_rules', 'renewals',
        'reserve_movements', 'run_adjustments', 'run_comments', 'run_exceptions', 'run_lines', 'run_mandates', 'suspensions',
        'suspense_assignments', 'threat_notes'] LOOP
        PERFORM masp.restrict(of_table, reached);
    END LOOP;
    FOREACH of_table IN ARRAY ARRAY['bank_accounts', 'bank_locks', 'bank_statements', 'day_closings'] LOOP
        PERFORM masp.restrict(of_table, banked);
    END LOOP;
    FOREACH of_table IN ARRAY ARRAY['advices', 'notice_lines', 'notice_uses', 'reconciliations', 'rule_uses', 'suspense_acts',
        'suspense_items', 'suspense_returns'] LOOP
        PERFORM masp.restrict(of_table, '(SELECT masp.reaches_all())');
    END LOOP;
    -- What belongs to a row that is seen.
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        ['creditor_ibans', 'creditors', 'creditor_id'], ['creditor_contacts', 'creditors', 'creditor_id'],
        ['debt_movements', 'debts', 'debt_id'], ['debt_plans', 'debts', 'debt_id'],
        ['dues', 'obligations', 'obligation_id'], ['shared_obligations', 'obligations', 'shared_id'],
        ['instruction_covers', 'instructions', 'instruction_id'], ['line_matches', 'instructions', 'instruction_id'],
        ['payment_file_instructions', 'instructions', 'instruction_id'], ['status_reports', 'instructions', 'instruction_id'],
        ['match_undos', 'suspense_assignments', 'assignment_id'],
        ['payment_files', 'payment_file_instructions', 'file_id'],
        ['runs', 'run_mandates', 'run_id'], ['run_acts', 'run_mandates', 'run_id'],
        ['entries', 'postings', 'entry_no'], ['entry_texts', 'postings', 'entry_no']] LOOP
        PERFORM masp.restrict(pair[1], format('EXISTS (SELECT FROM masp.%I seen WHERE seen.%I = %I.%I)', pair[2], pair[3], pair[1], pair[3])
            || CASE WHEN pair[1] IN ('entries', 'entry_texts') THEN ' OR (SELECT masp.reaches_books())'
                    ELSE ' OR (SELECT masp.reaches_all())' END);
    END LOOP;
END
$$;
-- +goose StatementEnd

SELECT masp.restrict('beneficiaries',
    'beneficiary_id IN (SELECT unnest(masp.reached_persons())) OR (SELECT masp.reaches_all())');
SELECT masp.restrict('payer_numbers',
    'beneficiary_id IN (SELECT unnest(masp.reached_persons())) OR (SELECT masp.reaches_all())');
SELECT masp.restrict('creditors', -- a person's own account is a creditor too
    '(creditor_id IN (SELECT unnest(masp.reached_creditors()))
      AND (beneficiary_id IS NULL OR beneficiary_id IN (SELECT unnest(masp.reached_persons()))))
     OR (SELECT masp.reaches_all())');
SELECT masp.restrict('run_decisions',
    'EXISTS (SELECT FROM masp.run_exceptions e WHERE e.run_id = run_decisions.run_id AND e.exception_no = run_decisions.exception_no)');
SELECT masp.restrict('bank_lines',
    'EXISTS (SELECT FROM masp.receipts r WHERE r.line_id = bank_lines.line_id)
     OR EXISTS (SELECT FROM masp.line_matches m WHERE m.line_id = bank_lines.line_id)
     OR EXISTS (SELECT FROM masp.suspense_assignments a WHERE a.line_id = bank_lines.line_id)
     OR EXISTS (SELECT FROM masp.bank_statements s WHERE s.statement_id = bank_lines.statement_id
                   AND s.bank_account_id IN (SELECT unnest(masp.own_banks())))
     OR (SELECT masp.reaches_all())');
SELECT masp.restrict('advice_uses', 'EXISTS (SELECT FROM masp.bank_lines l WHERE l.line_id = advice_uses.line_id)');
SELECT masp.restrict('bank_files', -- whose name the proof of a line says
    'EXISTS (SELECT FROM masp.bank_statements s WHERE s.file_id = bank_files.file_id) OR (SELECT masp.reaches_all())');
SELECT masp.restrict('accounts',
    'CASE pcg WHEN ''467'' THEN owner IN (SELECT unnest(masp.reached()))
              WHEN ''512'' THEN owner IN (SELECT unnest(masp.reached_banks()))
              ELSE true END OR (SELECT masp.reaches_all())');
SELECT masp.restrict('account_balances',
    '(SELECT masp.reaches_books()) OR account_id IN (SELECT unnest(masp.reached_accounts()))
     OR upper_inf((SELECT masp.audited_entries()))
        AND ((SELECT masp.audits_all()) OR account_id IN (SELECT unnest(masp.audited_accounts())))');
SELECT masp.restrict('postings',
    '(SELECT masp.reaches_books())
     OR debit_account IN (SELECT unnest(masp.reached_accounts()))
     OR credit_account IN (SELECT unnest(masp.reached_accounts()))
     OR entry_no <@ (SELECT masp.audited_entries())
        AND ((SELECT masp.audits_all()) OR debit_account IN (SELECT unnest(masp.audited_accounts()))
             OR credit_account IN (SELECT unnest(masp.audited_accounts())))');
SELECT masp.restrict('audit_log',
    'object_type = ''mandate'' AND object_id IN (SELECT unnest(masp.reached())) OR (SELECT masp.reaches_all())');
-- The bytes of files name everybody who is paid in them.
REVOKE SELECT ON masp.payment_files FROM masp_reach;
GRANT SELECT (file_id, run_id, pain_version, execute_on, message_id, name, content_hash, sha256, transfers, total_cents,
    built_at, released_at, handed_over_at, void) ON masp.payment_files TO masp_reach;
REVOKE SELECT ON masp.bank_files FROM masp_reach;
GRANT SELECT (file_id, name, sha256) ON masp.bank_files TO masp_reach;

-- No person who is helped stands in these: the organisation, its catalogue, its calendars, its closed
-- months, who signed its loads.
GRANT SELECT ON masp.organisations, masp.benefits, masp.benefit_tolerances, masp.contribution_scales, masp.conventions,
    masp.payer_calendars, masp.seizure_floors, masp.statement_delays, masp.journals, masp.closings, masp.chain_heads, masp.load_signatures TO masp_reach;

-- The views show what their reader may see. masp_read keeps what it saw through two of them.
ALTER VIEW masp.posting_lines SET (security_invoker = true);
ALTER VIEW masp.debt_withholdings SET (security_invoker = true);
ALTER VIEW masp.freezes SET (security_invoker = true);
ALTER VIEW masp.run_verdicts SET (security_invoker = true);
ALTER VIEW masp.statement_days SET (security_invoker = true);
ALTER VIEW masp.entry_days SET (security_invoker = true);
ALTER VIEW masp.agreement_moves SET (security_invoker = true);
ALTER VIEW masp.transfer_days SET (security_invoker = true);
GRANT SELECT ON masp.posting_lines, masp.debt_withholdings, masp.freezes, masp.run_verdicts, masp.statement_days,
    masp.entry_days, masp.agreement_moves, masp.transfer_days TO masp_reach;
GRANT SELECT (debt_id, mandate_id) ON masp.debts TO masp_read;
GRANT SELECT (debt_id, on_day, kind, amount_cents) ON masp.debt_movements TO masp_read;
GRANT SELECT (mandate_id, file_no, state, on_day) ON masp.overindebtedness_steps TO masp_read;

-- A run needs as many signatures as all of it wants, whoever reads how many.
ALTER FUNCTION masp.signatures_needed(text) SECURITY DEFINER;

REVOKE ALL ON FUNCTION masp.coordinator_has_the_mandate(), masp.assign_caseload(text, text[], date, date, text),
    masp.release_caseload(text, text[], text), masp.set_audit_scope(text, text[], date, date, text), masp.beneficiary_of(text),
    masp.reach_of(text), masp.reached(), masp.reaches_all(), masp.reached_persons(), masp.reached_banks(), masp.own_banks(),
    masp.reached_creditors(), masp.reaches_books(), masp.accounts_of(text[]), masp.reached_accounts(), masp.audited_accounts(),
    masp.audits_all(), masp.first_entry_on(date), masp.audited_entries(), masp.reached_seq_on(bigint, date),
    masp.audited_opening(bigint, bigint), masp.note_read(text, text, text, text), masp.restrict(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.assign_caseload(text, text[], date, date, text), masp.release_caseload(text, text[], text),
    masp.set_audit_scope(text, text[], date, date, text), masp.reach_of(text), masp.note_read(text, text, text, text) TO masp_app;
GRANT EXECUTE ON FUNCTION masp.reached(), masp.reaches_all(), masp.reached_persons(), masp.reached_banks(), masp.own_banks(),
    masp.reached_creditors(), masp.reaches_books(), masp.reached_accounts(), masp.audited_accounts(), masp.audits_all(),
    masp.audited_entries(), masp.reached_seq_on(bigint, date), masp.audited_opening(bigint, bigint) TO masp_app, masp_reach;
GRANT USAGE ON SCHEMA masp TO masp_reach;
GRANT EXECUTE ON FUNCTION masp.now(), masp.today(), masp.account_seq_on(bigint, date), masp.account_lines(bigint, bigint, bigint),
    masp.contract_months(date, date), masp.months_elsewhere(text, text), masp.law_forbids(text, date, date),
    masp.unpaid_rents(date), masp.undue_kept_until(text), masp.under_convention(text, date), masp.contribution_ceiling(bigint, date),
    masp.signatures_needed(text), masp.recognised_cents(bigint), masp.suspense_reserved(bigint), masp.run_is_open(text) TO masp_reach;
