-- +goose Up
-- What a coordinator must look at before a run is approved, what was decided about it, and why
-- each line is what it is. Exceptions are written with their run and are part of its plan; the
-- decisions are added one by one, each by a person.

ALTER TABLE masp.run_lines
    ADD COLUMN explanation_person text NOT NULL DEFAULT '',
    ADD COLUMN why jsonb NOT NULL DEFAULT '{}';
CREATE INDEX run_mandates_of_mandate ON masp.run_mandates (mandate_id);

-- What an organisation wants to be told: a decided change of an amount above both thresholds, and
-- a measure that ends soon.
ALTER TABLE masp.organisations
    ADD COLUMN amount_change_cents bigint NOT NULL DEFAULT 0 CHECK (amount_change_cents >= 0),
    ADD COLUMN amount_change_percent integer NOT NULL DEFAULT 0 CHECK (amount_change_percent BETWEEN 0 AND 100),
    ADD COLUMN measure_ending_days integer NOT NULL DEFAULT 90 CHECK (measure_ending_days BETWEEN 0 AND 365);

CREATE TABLE masp.run_exceptions (
    run_id       text NOT NULL,
    exception_no integer NOT NULL CHECK (exception_no > 0),
    mandate_id   text NOT NULL,
    code         text NOT NULL,
    lines        text[] NOT NULL, -- keys of the lines; none = the mandate itself
    before_text  text NOT NULL,
    after_text   text NOT NULL,
    text         text NOT NULL CHECK (text <> ''),
    awaits       text[] NOT NULL, -- decisions that ask for another draft than this one
    instead_cents bigint NOT NULL CHECK (instead_cents >= 0), -- what PAY_PART or KEEP_OLD pays of the line
    blocking     boolean GENERATED ALWAYS AS (code = ANY (ARRAY[
        'insufficient_funds', 'rent_missing', 'duplicate_suspected', 'payee_rejected_last_time', 'iban_invalid',
        'payee_not_sepa', 'already_in_run', 'measure_ended', 'non_social_income', 'priority_violated',
        'iban_changed_same_person'])) STORED,
    PRIMARY KEY (run_id, exception_no),
    CONSTRAINT exception_of_its_mandate FOREIGN KEY (run_id, mandate_id) REFERENCES masp.run_mandates,
    CONSTRAINT exception_is_known CHECK (code = ANY (ARRAY[
        'insufficient_funds', 'rent_missing', 'duplicate_suspected', 'payee_rejected_last_time', 'iban_invalid',
        'payee_not_sepa', 'already_in_run', 'measure_ended', 'non_social_income', 'priority_violated',
        'iban_changed_same_person', 'iban_changed', 'name_mismatch', 'amount_changed', 'benefit_late',
        'benefit_lower', 'new_payee', 'nothing_for_person', 'measure_ending', 'first_run', 'plan_finished',
        'execution_day_closed']))
);

-- Decisions are only added: the newest one of an exception counts, and one without a word takes
-- the one before it back.
CREATE TABLE masp.run_decisions (
    run_id       text NOT NULL,
    act_no       integer NOT NULL,
    exception_no integer NOT NULL,
    decision     text,
    reason       text NOT NULL CONSTRAINT decision_says_why CHECK (btrim(reason) <> ''),
    PRIMARY KEY (run_id, act_no),
    CONSTRAINT decision_is_an_act FOREIGN KEY (run_id, act_no) REFERENCES masp.run_acts,
    CONSTRAINT decision_of_an_exception FOREIGN KEY (run_id, exception_no) REFERENCES masp.run_exceptions,
    CONSTRAINT decision_is_known CHECK (decision = ANY (ARRAY[
        'KEEP', 'PAY_PART', 'DEFER', 'BLOCK', 'WITHDRAW', 'CONFIRM_NO_RENT', 'NOT_A_DUPLICATE', 'CORRECT_IBAN',
        'VERIFIED_BY_CALL', 'KEEP_OLD', 'PASS_ON']))
);

-- What counts today of each exception that somebody has decided.
CREATE VIEW masp.run_verdicts AS
SELECT run_id, exception_no, decision, reason, user_id, at, act_no
  FROM (SELECT DISTINCT ON (d.run_id, d.exception_no) d.run_id, d.exception_no, d.decision, d.reason, a.user_id, a.at, d.act_no
          FROM masp.run_decisions d JOIN masp.run_acts a USING (run_id, act_no)
         ORDER BY d.run_id, d.exception_no, d.act_no DESC) newest
 WHERE decision IS NOT NULL;

GRANT SELECT, INSERT, DELETE ON masp.run_exceptions TO masp_app;
GRANT UPDATE (lines, before_text, after_text, text, awaits, instead_cents) ON masp.run_exceptions TO masp_app;
GRANT SELECT ON masp.run_decisions, masp.run_verdicts TO masp_app;

CREATE TRIGGER run_exceptions_before_acts AFTER INSERT ON masp.run_exceptions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_written_before_its_acts();
CREATE TRIGGER run_exceptions_stay BEFORE TRUNCATE ON masp.run_exceptions
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
CREATE TRIGGER run_exceptions_taken_back BEFORE UPDATE OR DELETE ON masp.run_exceptions
    FOR EACH ROW EXECUTE FUNCTION masp.run_is_taken_back_by_its_editor();
CREATE TRIGGER run_decisions_are_only_signed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.run_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'decide_exception');

-- decide_exception is the door of decisions: it edits the run in the name of the person whose
-- secret it gets, so that whoever decides never approves.
-- +goose StatementBegin
CREATE FUNCTION masp.decide_exception(
    of_run text, exception integer, word text, because text, seen_hash bytea, secret text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made integer;
BEGIN
    PERFORM masp.act_on_run(of_run, 'edit', seen_hash, secret);
    SELECT max(act_no) INTO made FROM masp.run_acts WHERE run_id = of_run;
    INSERT INTO masp.run_decisions (run_id, act_no, exception_no, decision, reason)
    VALUES (of_run, made, exception, word, because);
    RETURN made;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.decide_exception(text, integer, text, text, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.decide_exception(text, integer, text, text, bytea, text) TO masp_app;

-- A run is submitted once each blocking exception is decided, and does what was decided.
-- +goose StatementBegin
CREATE FUNCTION masp.run_is_submitted_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.run_exceptions e WHERE e.run_id = NEW.run_id AND e.blocking AND NOT EXISTS (
            SELECT FROM masp.run_verdicts v WHERE v.run_id = e.run_id AND v.exception_no = e.exception_no)) THEN
        RAISE EXCEPTION 'run % has blocking exceptions that nobody has decided', NEW.run_id USING ERRCODE = 'MA038';
    END IF;
    IF EXISTS (SELECT FROM masp.run_exceptions e JOIN masp.run_verdicts v USING (run_id, exception_no)
                WHERE e.run_id = NEW.run_id AND v.decision = ANY (e.awaits)) THEN
        RAISE EXCEPTION 'run % does not do what was decided', NEW.run_id USING ERRCODE = 'MA039';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER run_is_submitted_decided BEFORE UPDATE OF state ON masp.runs
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'in_review')
    EXECUTE FUNCTION masp.run_is_submitted_decided();

-- set_exception_settings is the door of the thresholds: an administrator, known by the secret.
-- +goose StatementBegin
CREATE FUNCTION masp.set_exception_settings(cents bigint, percent integer, days integer, secret text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND 'admin' = ANY (roles)) THEN
        RAISE EXCEPTION 'user % may not change what is told', who USING ERRCODE = 'MA012';
    END IF;
    UPDATE masp.organisations
       SET amount_change_cents = cents, amount_change_percent = percent, measure_ending_days = days;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.set_exception_settings(bigint, integer, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.set_exception_settings(bigint, integer, integer, text) TO masp_app;
