-- +goose Up
-- Debts fall and rise by movements only (R-064): what is still owed is the sum of them, and
-- PostgreSQL keeps that sum. What the payer withholds (R-070) and what an aid pays straight to the
-- creditor (R-079) are movements without an entry.

CREATE TABLE masp.debt_movements (
    movement_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    debt_id      text NOT NULL REFERENCES masp.debts,
    on_day       date NOT NULL,
    kind         text NOT NULL,
    amount_cents bigint NOT NULL,
    source       text NOT NULL CONSTRAINT debt_movement_once UNIQUE,
    evidence     text NOT NULL DEFAULT '',
    CONSTRAINT debt_movement_has_its_sign CHECK (CASE kind
        WHEN 'OPENING' THEN amount_cents >= 0 AND source = 'opening ' || debt_id
        WHEN 'PAYMENT' THEN amount_cents < 0
        WHEN 'RESTORED' THEN amount_cents > 0
        WHEN 'WITHHOLDING' THEN amount_cents < 0
        WHEN 'AID' THEN amount_cents < 0 AND evidence <> ''
        WHEN 'CORRECTION' THEN amount_cents <> 0 AND evidence <> ''
        ELSE false END)
);
CREATE INDEX movements_of_debt ON masp.debt_movements (debt_id, movement_id);
SELECT masp.register('debt_movements');

-- A contest stops recovery from its day until the day on which it ends (R-072).
ALTER TABLE masp.debts ADD COLUMN contest_ended_on date
    CONSTRAINT contest_ends_after_it_began CHECK (contest_ended_on >= contested_on);

GRANT SELECT ON masp.debt_movements TO masp_app;
GRANT UPDATE (contest_ended_on, instalment_cents) ON masp.debts TO masp_app;
GRANT INSERT (debt_id, on_day, kind, amount_cents, source, evidence) ON masp.debt_movements TO masp_app;
REVOKE UPDATE (outstanding_cents) ON masp.debts FROM masp_app;

-- debt_opens_with_a_movement: what is owed when a debt comes in is its first movement.
-- +goose StatementBegin
CREATE FUNCTION masp.debt_opens_with_a_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
    SELECT debt_id, masp.today(), 'OPENING', outstanding_cents, 'opening ' || debt_id FROM added;
    RETURN NULL;
END
$$;
-- debt_follows_its_movements: never below zero (debt_never_overpaid).
CREATE FUNCTION masp.debt_follows_its_movements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE 'UPDATE masp.debts d SET outstanding_cents = d.outstanding_cents + m.cents
      FROM (SELECT debt_id, sum(amount_cents)::bigint AS cents FROM added WHERE kind <> ''OPENING'' GROUP BY debt_id) m
     WHERE d.debt_id = m.debt_id'; -- planned for these rows
    RETURN NULL;
END
$$;
CREATE FUNCTION masp.debt_movements_are_only_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% of masp.% is refused: what happened to a debt never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'MA001', HINT = 'a mistake is corrected by another movement';
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.debt_opens_with_a_movement(), masp.debt_follows_its_movements(),
    masp.debt_movements_are_only_added() FROM PUBLIC;
CREATE TRIGGER debt_opens_with_a_movement AFTER INSERT ON masp.debts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_opens_with_a_movement();
CREATE TRIGGER debt_follows_its_movements AFTER INSERT ON masp.debt_movements REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_follows_its_movements();
CREATE TRIGGER debt_movements_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.debt_movements
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_movements_are_only_added();
CREATE TRIGGER debt_falls_by_movements_only BEFORE UPDATE OF outstanding_cents ON masp.debts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'debt_follows_its_movements');

-- What payers have kept of benefits, by day: it explains a benefit that came short.
CREATE VIEW masp.debt_withholdings AS
SELECT d.mandate_id, m.debt_id, m.on_day, -m.amount_cents AS amount_cents
  FROM masp.debt_movements m JOIN masp.debts d USING (debt_id) WHERE m.kind = 'WITHHOLDING';
GRANT SELECT ON masp.debt_withholdings TO masp_app, masp_read;

-- The file of over-indebtedness of a person, step by step (R-074 to R-076, R-157). The newest file
-- says what is frozen: masp.freezes.
CREATE TABLE masp.overindebtedness_steps (
    mandate_id text NOT NULL REFERENCES masp.mandates,
    step_no    integer NOT NULL CHECK (step_no > 0),
    file_no    integer NOT NULL CHECK (file_no > 0),
    state      text NOT NULL CHECK (state IN ('TO_BUILD', 'SENT', 'DEPOSITED', 'ADMISSIBLE', 'MEASURES', 'CLOSED', 'REJECTED')),
    on_day     date NOT NULL,
    documents  text[] NOT NULL DEFAULT '{}',
    note       text NOT NULL DEFAULT '',
    PRIMARY KEY (mandate_id, step_no)
);
SELECT masp.register('overindebtedness_steps');
GRANT SELECT, INSERT ON masp.overindebtedness_steps TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.overindebtedness_goes_step_by_step() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    last masp.overindebtedness_steps%ROWTYPE;
BEGIN
    SELECT * INTO last FROM masp.overindebtedness_steps WHERE mandate_id = NEW.mandate_id ORDER BY step_no DESC LIMIT 1;
    IF NEW.step_no <> coalesce(last.step_no, 0) + 1 OR NEW.on_day < last.on_day OR NEW.on_day > masp.today()
       OR NEW.file_no <> coalesce(last.file_no, 0) + (NEW.state = 'TO_BUILD')::integer
       OR NOT coalesce(last.state, 'NONE') || '>' || NEW.state = ANY (ARRAY[
            'NONE>TO_BUILD', 'CLOSED>TO_BUILD', 'REJECTED>TO_BUILD', 'TO_BUILD>SENT', 'SENT>DEPOSITED',
            'DEPOSITED>ADMISSIBLE', 'ADMISSIBLE>MEASURES', 'SENT>REJECTED', 'DEPOSITED>REJECTED', 'ADMISSIBLE>REJECTED',
            'TO_BUILD>CLOSED', 'SENT>CLOSED', 'DEPOSITED>CLOSED', 'ADMISSIBLE>CLOSED', 'MEASURES>CLOSED']) THEN
        RAISE EXCEPTION 'a file of over-indebtedness cannot go from % to % on %', coalesce(last.state, 'nothing'), NEW.state, NEW.on_day
            USING ERRCODE = 'MA035';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.overindebtedness_goes_step_by_step() FROM PUBLIC;
CREATE TRIGGER overindebtedness_goes_step_by_step BEFORE INSERT ON masp.overindebtedness_steps
    FOR EACH ROW EXECUTE FUNCTION masp.overindebtedness_goes_step_by_step();
CREATE TRIGGER overindebtedness_steps_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.overindebtedness_steps
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_movements_are_only_added();

CREATE VIEW masp.freezes AS
SELECT s.mandate_id, min(s.on_day) FILTER (WHERE s.state = 'ADMISSIBLE') AS admissible_on,
       min(s.on_day) FILTER (WHERE s.state = 'MEASURES') AS measures_on,
       min(s.on_day) FILTER (WHERE s.state IN ('CLOSED', 'REJECTED')) AS lifted_on
  FROM masp.overindebtedness_steps s
 WHERE s.file_no = (SELECT max(file_no) FROM masp.overindebtedness_steps newest WHERE newest.mandate_id = s.mandate_id)
 GROUP BY s.mandate_id;
GRANT SELECT ON masp.freezes TO masp_app, masp_read;

-- law_forbids is the law's reason for not paying a debt on a day by a plan line that begins on the
-- day plan, as Debt.BlockOn says it: what PostgreSQL holds every payment against.
-- +goose StatementBegin
CREATE FUNCTION masp.law_forbids(debt text, plan date, day date) RETURNS text LANGUAGE sql STABLE
RETURN (SELECT CASE
        WHEN d.contested_on <= day AND (d.contest_ended_on IS NULL OR day < d.contest_ended_on) THEN 'CONTESTED_DEBT'
        WHEN f.admissible_on <= day AND (f.lifted_on IS NULL OR day < f.lifted_on) AND d.kind NOT IN ('ALIMONY', 'FINE')
             AND (d.born_on IS NULL OR d.born_on < f.admissible_on)
             AND NOT coalesce(f.measures_on <= day AND plan >= f.measures_on, false) THEN 'OVER_INDEBTEDNESS_FREEZE' END
          FROM masp.debts d LEFT JOIN masp.freezes f USING (mandate_id) WHERE d.debt_id = debt);

CREATE FUNCTION masp.forbidden_debts_are_not_paid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    line text;
BEGIN
    EXECUTE 'SELECT min(o.obligation_id)
      FROM after_rows a JOIN before_rows b USING (obligation_id, due_on) JOIN masp.obligations o USING (obligation_id)
     WHERE a.paid_cents > b.paid_cents AND o.debt_id IS NOT NULL
       AND masp.law_forbids(o.debt_id, o.valid_from, masp.today()) IS NOT NULL' INTO line; -- planned for these rows
    IF line IS NOT NULL THEN
        RAISE EXCEPTION 'the law forbids to pay % today', line USING ERRCODE = 'MA037';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.law_forbids(text, date, date), masp.forbidden_debts_are_not_paid() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.law_forbids(text, date, date) TO masp_app, masp_read;
CREATE TRIGGER forbidden_debts_are_not_paid AFTER UPDATE ON masp.dues
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION masp.forbidden_debts_are_not_paid();

-- The plan in force of a debt is its last one; each has its line among the obligations. A rent
-- plan says when landlord and CAF signed it (R-078).
CREATE TABLE masp.debt_plans (
    debt_id       text NOT NULL REFERENCES masp.debts,
    plan_no       integer NOT NULL CHECK (plan_no > 0),
    obligation_id text NOT NULL CONSTRAINT plan_of_its_line UNIQUE REFERENCES masp.obligations,
    signed_with_creditor_on date,
    signed_with_caf_on      date,
    PRIMARY KEY (debt_id, plan_no)
);
SELECT masp.register('debt_plans');
GRANT SELECT, INSERT ON masp.debt_plans TO masp_app;

-- Days of an obligation that do not count, and what its parts are parts of.
ALTER TABLE masp.obligations ADD COLUMN except_days date[] NOT NULL DEFAULT '{}';
GRANT UPDATE (except_days) ON masp.obligations TO masp_app;

-- A line that several mandates share (R-101): its parts add up to it, to the cent.
CREATE TABLE masp.shared_obligations (
    shared_id    text PRIMARY KEY CONSTRAINT shared_reference CHECK (shared_id ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0)
);
SELECT masp.register('shared_obligations');
GRANT SELECT, INSERT ON masp.shared_obligations TO masp_app;
ALTER TABLE masp.obligations ADD COLUMN shared_id text REFERENCES masp.shared_obligations;
CREATE UNIQUE INDEX one_part_each ON masp.obligations (shared_id, mandate_id) WHERE shared_id IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION masp.parts_add_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT sum(o.amount_cents) FROM masp.obligations o WHERE o.shared_id = NEW.shared_id)
       IS DISTINCT FROM (SELECT amount_cents FROM masp.shared_obligations WHERE shared_id = NEW.shared_id) THEN
        RAISE EXCEPTION 'the parts of % do not add up to it', NEW.shared_id USING ERRCODE = 'MA036';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.parts_add_up() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER parts_add_up AFTER INSERT ON masp.shared_obligations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION masp.parts_add_up();
CREATE CONSTRAINT TRIGGER parts_add_up AFTER INSERT ON masp.obligations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.shared_id IS NOT NULL) EXECUTE FUNCTION masp.parts_add_up();

-- One of a couple pays the other's part only by a written agreement of both (R-102).
CREATE TABLE masp.cover_agreements (
    mandate_id  text NOT NULL REFERENCES masp.mandates,
    pays_for    text NOT NULL REFERENCES masp.mandates (mandate_id),
    signed_on   date NOT NULL,
    ends_on     date CHECK (ends_on >= signed_on),
    evidence    text NOT NULL CHECK (evidence <> ''),
    PRIMARY KEY (mandate_id, pays_for, signed_on),
    CONSTRAINT agreement_is_of_two CHECK (mandate_id <> pays_for)
);
SELECT masp.register('cover_agreements');
GRANT SELECT, INSERT ON masp.cover_agreements TO masp_app;
ALTER TABLE masp.obligations ADD COLUMN covers text REFERENCES masp.obligations;

-- +goose StatementBegin
CREATE FUNCTION masp.cover_needs_agreement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.cover_agreements a JOIN masp.obligations o ON o.mandate_id = a.pays_for
                    WHERE o.obligation_id = NEW.covers AND o.shared_id IS NOT NULL AND a.mandate_id = NEW.mandate_id
                      AND NEW.valid_from BETWEEN a.signed_on AND coalesce(a.ends_on, 'infinity')) THEN
        RAISE EXCEPTION 'mandate % has not agreed in writing to pay %', NEW.mandate_id, NEW.covers USING ERRCODE = 'MA036';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.cover_needs_agreement() FROM PUBLIC;
CREATE TRIGGER cover_needs_agreement BEFORE INSERT OR UPDATE OF covers ON masp.obligations
    FOR EACH ROW WHEN (NEW.covers IS NOT NULL) EXECUTE FUNCTION masp.cover_needs_agreement();

-- What the landlord asks, from which month on (R-052, R-069); the last record of a month counts.
CREATE TABLE masp.housing (
    mandate_id    text NOT NULL REFERENCES masp.mandates,
    record_no     integer NOT NULL CHECK (record_no > 0),
    valid_from    date NOT NULL CHECK (extract(day FROM valid_from) = 1),
    landlord      text NOT NULL REFERENCES masp.creditors,
    rent_cents    bigint NOT NULL CHECK (rent_cents >= 0),
    charges_cents bigint NOT NULL CHECK (charges_cents >= 0),
    rls_cents     bigint NOT NULL CHECK (rls_cents >= 0),
    apl_cents     bigint NOT NULL CHECK (apl_cents >= 0),
    new_tenancy   boolean NOT NULL,
    PRIMARY KEY (mandate_id, record_no)
);
SELECT masp.register('housing');
GRANT SELECT, INSERT ON masp.housing TO masp_app;
