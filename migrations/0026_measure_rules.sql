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
