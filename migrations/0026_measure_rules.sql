-- +goose Up
-- What the law says beside the contract itself: who else manages benefits, under which convention
-- the association works, what the person contributes.
-- MA085: a benefit that the family court has given to somebody else.

-- Benefits that a delegate of the family court manages for the household (MJAGBF): no contract names
-- one of them meanwhile (R-029, R-104).
CREATE TABLE masp.court_benefits (
    mandate_id text NOT NULL REFERENCES masp.mandates,
    benefit    text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to >= valid_from),
    judgment   text NOT NULL CHECK (btrim(judgment) <> ''),
    CONSTRAINT court_benefit_once PRIMARY KEY (mandate_id, benefit, valid_from)
);
SELECT masp.register('court_benefits');
GRANT SELECT, INSERT ON masp.court_benefits TO masp_app;
GRANT UPDATE (valid_to) ON masp.court_benefits TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.court_benefits_are_not_managed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.court_benefits c JOIN masp.authorised_benefits a USING (mandate_id, benefit)
                WHERE (mandate_id, benefit) IN (SELECT n.mandate_id, n.benefit FROM new_rows n)
                  AND a.valid_from <= coalesce(c.valid_to, 'infinity')
                  AND coalesce(a.valid_to, 'infinity') >= greatest(a.valid_from, c.valid_from)) THEN
        RAISE EXCEPTION 'R-029: a delegate of the family court manages this benefit' USING ERRCODE = 'MA085';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.court_benefits_are_not_managed() FROM PUBLIC;
CREATE TRIGGER court_benefits_are_not_managed AFTER INSERT ON masp.court_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER longer_court_benefits_are_not_managed AFTER UPDATE ON masp.court_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER court_manages_no_authorised_benefit AFTER INSERT ON masp.authorised_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER court_manages_no_longer_authorised_benefit AFTER UPDATE ON masp.authorised_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();

-- The association works for a Département under a convention: which one, where, from when to when
-- (R-017). A measure comes under one from a day on; the next market takes over on another day.
-- MA086: a measure outside its convention.
CREATE TABLE masp.conventions (
    convention_id text PRIMARY KEY CONSTRAINT convention_reference CHECK (convention_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    delegator     text NOT NULL CHECK (btrim(delegator) <> ''),
    delegate      text NOT NULL CHECK (btrim(delegate) <> ''),
    reference     text NOT NULL CHECK (btrim(reference) <> ''), -- of the convention, or of the market and its lot
    department    text NOT NULL CHECK (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$'),
    territory     text NOT NULL CHECK (btrim(territory) <> ''),
    places        text[] NOT NULL CHECK (array_to_string(places, ' ') ~ '^([0-9][0-9AB][0-9]{3}( |$))*$'), -- INSEE or postal codes; none = all
    starts_on     date NOT NULL,
    ends_on       date NOT NULL CHECK (ends_on >= starts_on)
);
CREATE TABLE masp.mandate_conventions (
    mandate_id    text NOT NULL REFERENCES masp.mandates,
    valid_from    date NOT NULL,
    convention_id text NOT NULL REFERENCES masp.conventions,
    place         text NOT NULL CHECK (place ~ '^([0-9][0-9AB][0-9]{3})?$'),
    CONSTRAINT one_convention_a_day PRIMARY KEY (mandate_id, valid_from)
);
SELECT masp.register(of_table) FROM unnest(ARRAY['conventions', 'mandate_conventions']) AS of_table;
GRANT SELECT, INSERT ON masp.conventions, masp.mandate_conventions TO masp_app;

-- under_convention tells whether a measure is under a convention in force on a day, or needs none:
-- its Département has made none.
-- +goose StatementBegin
CREATE FUNCTION masp.under_convention(mandate text, day date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT NOT EXISTS (SELECT FROM masp.conventions c JOIN masp.mandates m USING (department) WHERE m.mandate_id = mandate)
        OR coalesce((SELECT day <= c.ends_on FROM masp.mandate_conventions u JOIN masp.conventions c USING (convention_id)
                      WHERE u.mandate_id = mandate AND u.valid_from <= day ORDER BY u.valid_from DESC LIMIT 1), false)
$$;
CREATE FUNCTION masp.measure_is_in_its_convention() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.conventions c JOIN masp.mandates m USING (department)
                    WHERE c.convention_id = NEW.convention_id AND m.mandate_id = NEW.mandate_id
                      AND NEW.valid_from BETWEEN greatest(c.starts_on, m.contract_start) AND c.ends_on
                      AND (c.places = '{}' OR NEW.place = ANY (c.places))) THEN
        RAISE EXCEPTION 'R-017: measure % is outside the dates or the territory of %', NEW.mandate_id, NEW.convention_id
            USING ERRCODE = 'MA086';
    END IF;
    RETURN NEW;
END
$$;
-- A load writes the convention after its measure: the commit asks. A measure that was running before
-- its present convention began comes under that one on its first day.
CREATE FUNCTION masp.measure_begins_under_a_convention() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT masp.under_convention(NEW.mandate_id, NEW.contract_start)
        OR TG_OP = 'INSERT' AND NOT masp.under_convention(NEW.mandate_id, greatest(NEW.contract_start, (
           SELECT min(u.valid_from) FROM masp.mandate_conventions u WHERE u.mandate_id = NEW.mandate_id))) THEN
        RAISE EXCEPTION 'R-017: measure % begins under no convention', NEW.mandate_id USING ERRCODE = 'MA086';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION masp.renewal_is_under_a_convention() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT masp.under_convention(NEW.mandate_id, NEW.starts_on) THEN
        RAISE EXCEPTION 'R-017: the renewal of % is under no convention', NEW.mandate_id USING ERRCODE = 'MA086';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.under_convention(text, date), masp.measure_is_in_its_convention(),
    masp.measure_begins_under_a_convention(), masp.renewal_is_under_a_convention() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.under_convention(text, date) TO masp_app;
CREATE TRIGGER measure_is_in_its_convention BEFORE INSERT ON masp.mandate_conventions
    FOR EACH ROW EXECUTE FUNCTION masp.measure_is_in_its_convention();
CREATE CONSTRAINT TRIGGER loaded_measure_is_under_a_convention AFTER INSERT ON masp.mandates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'ACTIVE')
    EXECUTE FUNCTION masp.measure_begins_under_a_convention();
CREATE TRIGGER measure_begins_under_a_convention AFTER UPDATE OF status ON masp.mandates
    FOR EACH ROW WHEN (OLD.status = 'PENDING_SIGNATURE' AND NEW.status = 'ACTIVE')
    EXECUTE FUNCTION masp.measure_begins_under_a_convention();
CREATE TRIGGER renewal_is_under_a_convention AFTER INSERT OR UPDATE OF starts_on ON masp.renewals
    FOR EACH ROW EXECUTE FUNCTION masp.renewal_is_under_a_convention();

-- What a person may be asked to contribute to a measure, at most what the scale of protected adults
-- says of the resources of a year (R-016, D271-5). The thresholds are parameters: sources differ.
-- MA087: a contribution beyond its ceiling, or without the scale that gives it.
CREATE TABLE masp.contribution_scales (
    valid_from date PRIMARY KEY,
    aah_cents  bigint NOT NULL CHECK (aah_cents > 0),          -- a year
    smic_cents bigint NOT NULL CHECK (smic_cents >= aah_cents), -- a year
    rates      integer[] NOT NULL CHECK (cardinality(rates) = 3 AND 0 <= ALL (rates) AND 10000 >= ALL (rates)), -- per 10 000
    until      integer[] NOT NULL CHECK (cardinality(until) = 2 AND until[1] >= 100 AND until[2] >= until[1]), -- hundredths of the SMIC
    CHECK (smic_cents < 100000000 AND until[2] <= 10000)
);
-- contribution_ceiling is the most that a month may cost, in cents; none without a scale.
-- +goose StatementBegin
CREATE FUNCTION masp.contribution_ceiling(resources bigint, day date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (greatest(least(resources, s.smic_cents) - s.aah_cents, 0) * s.rates[1]
          + greatest(least(resources, s.smic_cents * s.until[1] / 100) - s.smic_cents, 0) * s.rates[2]
          + greatest(least(resources, s.smic_cents * s.until[2] / 100) - s.smic_cents * s.until[1] / 100, 0) * s.rates[3]) / 120000
      FROM masp.contribution_scales s WHERE s.valid_from <= day ORDER BY s.valid_from DESC LIMIT 1
$$;
-- +goose StatementEnd

-- From a month on; a line of the dossier asks for it, in its own rank, never before the rent.
CREATE TABLE masp.contributions (
    mandate_id      text NOT NULL REFERENCES masp.mandates,
    valid_from      date NOT NULL CHECK (extract(day FROM valid_from) = 1),
    amount_cents    bigint NOT NULL CHECK (amount_cents >= 0),    -- a month
    resources_cents bigint NOT NULL CHECK (resources_cents >= 0), -- a year
    alone           text NOT NULL CHECK (alone IN ('', 'RSA', 'AAH')), -- the only resource
    decision        text NOT NULL CHECK (btrim(decision) <> ''),
    obligation_id   text CONSTRAINT contribution_of_its_line UNIQUE REFERENCES masp.obligations,
    CONSTRAINT one_contribution_a_month PRIMARY KEY (mandate_id, valid_from),
    CONSTRAINT nothing_of_a_minimum CHECK (alone = '' OR amount_cents = 0),
    CONSTRAINT contribution_has_its_line CHECK ((amount_cents > 0) = (obligation_id IS NOT NULL))
);
-- +goose StatementBegin
CREATE FUNCTION masp.contribution_keeps_its_ceiling() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.amount_cents > coalesce(masp.contribution_ceiling(NEW.resources_cents, NEW.valid_from), 0)
        OR NEW.amount_cents > 0 AND NOT EXISTS (
           SELECT FROM masp.obligations o WHERE o.obligation_id = NEW.obligation_id AND o.mandate_id = NEW.mandate_id
              AND o.class = 'OTHER_BILL' AND o.frequency = 'MONTHLY' AND o.amount_cents = NEW.amount_cents)
        OR EXISTS (SELECT FROM masp.contributions c WHERE c.mandate_id = NEW.mandate_id AND c.valid_from >= NEW.valid_from) THEN
        RAISE EXCEPTION 'R-016: measure % cannot be asked this contribution', NEW.mandate_id USING ERRCODE = 'MA087';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.contribution_ceiling(bigint, date), masp.contribution_keeps_its_ceiling() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.contribution_ceiling(bigint, date) TO masp_app;
CREATE TRIGGER contribution_keeps_its_ceiling BEFORE INSERT ON masp.contributions
    FOR EACH ROW EXECUTE FUNCTION masp.contribution_keeps_its_ceiling();
SELECT masp.register(of_table) FROM unnest(ARRAY['contribution_scales', 'contributions']) AS of_table;
GRANT SELECT, INSERT ON masp.contribution_scales, masp.contributions TO masp_app;

-- What of a benefit is due for the month of death (R-096): nothing, its days, or all of it.
ALTER TABLE masp.benefits ADD COLUMN month_of_death text NOT NULL DEFAULT 'UNDUE'
    CONSTRAINT month_of_death_is_known CHECK (month_of_death IN ('UNDUE', 'UNTIL_DAY', 'DUE'));

-- The balance that no seizure takes (SBI), a month, from a day on (R-077).
CREATE TABLE masp.seizure_floors (
    valid_from   date PRIMARY KEY,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0)
);

-- Why health or safety is threatened, in a few words (R-003): the person's, out of the log of acts.
-- The last note counts.
CREATE TABLE masp.threat_notes (
    mandate_id text NOT NULL REFERENCES masp.mandates,
    note_no    integer NOT NULL CHECK (note_no > 0),
    on_day     date NOT NULL,
    content    text NOT NULL CONSTRAINT threat_note_is_short CHECK (btrim(content) <> '' AND char_length(content) <= 500),
    PRIMARY KEY (mandate_id, note_no)
);

-- Whom to ask at a creditor about a debt (R-156); the last one counts.
CREATE TABLE masp.creditor_contacts (
    creditor_id text NOT NULL REFERENCES masp.creditors,
    contact_no  integer NOT NULL CHECK (contact_no > 0),
    on_day      date NOT NULL,
    name        text NOT NULL CHECK (char_length(name) <= 140),
    phone       text NOT NULL CHECK (phone ~ '^([0-9+][0-9 .()-]{2,29})?$'),
    email       text NOT NULL CHECK (email ~ '^([^@ ]{1,100}@[^@ ]{1,100})?$'),
    hours       text NOT NULL CHECK (char_length(hours) <= 140),
    PRIMARY KEY (creditor_id, contact_no),
    CONSTRAINT contact_says_something CHECK (btrim(name || phone || email) <> '')
);
SELECT masp.register(of_table) FROM unnest(ARRAY['creditor_contacts', 'seizure_floors', 'threat_notes']) AS of_table;
GRANT SELECT, INSERT ON masp.creditor_contacts, masp.seizure_floors, masp.threat_notes TO masp_app;

-- An order of the judge may be ended at any time (R-018): by another decision, from a day on. What it
-- had been ordered for stays written. MA088: an order that does not end like that.
ALTER TABLE masp.direct_payments
    ADD COLUMN ordered_to  date CHECK (ordered_to > ends_on),
    ADD COLUMN lifted_by   text CHECK (btrim(lifted_by) <> ''), -- court, reference and day
    ADD CONSTRAINT lifting_is_whole CHECK ((ordered_to IS NULL) = (lifted_by IS NULL));
GRANT UPDATE (ends_on, ordered_to, lifted_by) ON masp.direct_payments TO masp_app;
-- +goose StatementBegin
CREATE FUNCTION masp.order_ends_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.ordered_to IS NOT NULL OR NEW.ordered_to IS DISTINCT FROM OLD.ends_on THEN
        RAISE EXCEPTION 'R-018: an order of the judge ends earlier, once' USING ERRCODE = 'MA088';
    END IF;
    RETURN NEW;
END
$$;
-- third_party_stays: what is paid to a landlord is not expected here again, unless by an order that
-- has been ended.
CREATE OR REPLACE FUNCTION masp.third_party_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.direct_payments d WHERE d.mandate_id = OLD.mandate_id AND d.benefit = OLD.benefit
                      AND OLD.expected_on > d.ends_on AND OLD.expected_on <= d.ordered_to) THEN
        RAISE EXCEPTION 'benefit % of % is paid to a third party', OLD.benefit, OLD.mandate_id USING ERRCODE = 'MA046';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER order_ends_once BEFORE UPDATE ON masp.direct_payments
    FOR EACH ROW EXECUTE FUNCTION masp.order_ends_once();

-- A rent or a charge that is due does not leave a draft: it is put off, and nothing lower leaves
-- (R-008). It may leave when the law or the judge blocks it, when its line ended before, or when
-- another run that stands has it. MA089.
-- +goose StatementBegin
CREATE FUNCTION masp.rent_stays_in_the_run() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.obligations o, masp.dues d
                WHERE o.mandate_id = NEW.mandate_id AND d.obligation_id = o.obligation_id
                  AND NEW.line = o.obligation_id || '@' || to_char(d.due_on, 'YYYY-MM-DD')
                  AND o.class IN ('RENT', 'RENTAL_CHARGE') AND o.block IS NULL AND d.due_on <= coalesce(o.valid_to, 'infinity')
                  AND NOT EXISTS (SELECT FROM masp.direct_payments p JOIN masp.runs r ON r.run_id = NEW.run_id
                                   WHERE p.obligation_id = o.obligation_id AND r.run_on BETWEEN p.starts_on AND p.ends_on)
                  AND NOT EXISTS (SELECT FROM masp.run_lines l JOIN masp.runs r USING (run_id)
                                   WHERE l.obligation_id = o.obligation_id AND l.due_on = d.due_on
                                     AND l.run_id <> NEW.run_id AND r.state <> 'cancelled')) THEN
        RAISE EXCEPTION 'R-008: rent % does not leave run %', NEW.line, NEW.run_id USING ERRCODE = 'MA089';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.order_ends_once(), masp.rent_stays_in_the_run() FROM PUBLIC;
CREATE TRIGGER rent_stays_in_the_run AFTER INSERT ON masp.run_adjustments
    FOR EACH ROW WHEN (NEW.kind = 'WITHDRAW') EXECUTE FUNCTION masp.rent_stays_in_the_run();

-- Aids that have been asked for (FSL, secours, remise): what is open when a measure ends is handed
-- over (R-094). A decision is written once.
CREATE TABLE masp.aid_requests (
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    request_no   integer NOT NULL CHECK (request_no > 0),
    asked_on     date NOT NULL,
    asked_of     text NOT NULL CHECK (btrim(asked_of) <> ''),
    purpose      text NOT NULL CHECK (btrim(purpose) <> ''),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0), -- 0 = not said
    decided_on   date CHECK (decided_on >= asked_on),
    outcome      text CHECK (outcome IN ('GRANTED', 'REFUSED', 'WITHDRAWN')),
    PRIMARY KEY (mandate_id, request_no),
    CONSTRAINT decision_is_whole CHECK ((decided_on IS NULL) = (outcome IS NULL))
);
SELECT masp.register('aid_requests');
GRANT SELECT, INSERT ON masp.aid_requests TO masp_app;
GRANT UPDATE (decided_on, outcome) ON masp.aid_requests TO masp_app;
-- +goose StatementBegin
CREATE FUNCTION masp.request_is_decided_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'request % of % is decided already', OLD.request_no, OLD.mandate_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'request_is_decided_once';
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.request_is_decided_once() FROM PUBLIC;
CREATE TRIGGER request_is_decided_once BEFORE UPDATE ON masp.aid_requests
    FOR EACH ROW WHEN (OLD.outcome IS NOT NULL) EXECUTE FUNCTION masp.request_is_decided_once();
