-- +goose Up
-- The catalogue changes by acts, payers have their calendars, expected benefits their tolerances.

-- A code has at most one row a day (R-025). Two who add at once follow each other.
-- +goose StatementBegin
CREATE FUNCTION masp.benefit_has_one_row_a_day() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('masp.benefits'));
    IF TG_OP = 'UPDATE' AND NEW.valid_to < masp.today() THEN
        RAISE EXCEPTION 'benefit % cannot end in the past', NEW.code USING ERRCODE = 'MA049';
    END IF;
    IF EXISTS (SELECT FROM masp.benefits b
                WHERE b.code = NEW.code AND b.valid_from <> NEW.valid_from
                  AND daterange(b.valid_from, b.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]')) THEN
        RAISE EXCEPTION 'benefit % has another row on a day of this one', NEW.code USING ERRCODE = 'MA033';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER benefit_has_one_row_a_day BEFORE INSERT OR UPDATE ON masp.benefits
    FOR EACH ROW EXECUTE FUNCTION masp.benefit_has_one_row_a_day();
GRANT UPDATE (valid_to) ON masp.benefits TO masp_app;

-- When a payer pays a month of right (R-066); benefit '' = all that no other row names.
CREATE TABLE masp.payer_calendars (
    payer        text NOT NULL CHECK (payer ~ '^[A-Z][A-Z0-9_]{1,23}$'),
    benefit      text NOT NULL DEFAULT '' CHECK (benefit ~ '^([A-Z][A-Z0-9_]{1,23})?$'),
    third_party  boolean NOT NULL DEFAULT false,
    day          integer NOT NULL CHECK (day BETWEEN 1 AND 31),
    months_after integer NOT NULL CHECK (months_after BETWEEN 0 AND 3),
    shift        text NOT NULL CHECK (shift IN ('AFTER', 'BEFORE', 'SATURDAY_BEFORE')),
    PRIMARY KEY (payer, benefit, third_party)
);

-- What an organisation lets pass as received (R-032): so many cents, so many days; benefit '' =
-- all that no other row names. Without a row: to the cent and to the day.
CREATE TABLE masp.benefit_tolerances (
    benefit      text PRIMARY KEY CHECK (benefit ~ '^([A-Z][A-Z0-9_]{1,23})?$'),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    days         integer NOT NULL CHECK (days BETWEEN 0 AND 60)
);
SELECT masp.register(of_table) FROM unnest(ARRAY['payer_calendars', 'benefit_tolerances']) AS of_table;

GRANT SELECT, INSERT ON masp.payer_calendars, masp.benefit_tolerances TO masp_app;
GRANT UPDATE (day, months_after, shift) ON masp.payer_calendars TO masp_app;
GRANT UPDATE (amount_cents, days) ON masp.benefit_tolerances TO masp_app;

-- What came was expected: only an expectation of which nothing came may be taken back.
-- +goose StatementBegin
CREATE FUNCTION masp.received_benefit_stays_expected() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT sum(r.amount_cents) FROM masp.receipts r
         WHERE r.mandate_id = OLD.mandate_id AND r.benefit = OLD.benefit AND r.period = OLD.period) > 0 THEN
        RAISE EXCEPTION 'benefit % of % has been received for %', OLD.benefit, OLD.mandate_id, OLD.period
            USING ERRCODE = 'MA034';
    END IF;
    RETURN OLD;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.benefit_has_one_row_a_day(), masp.received_benefit_stays_expected() FROM PUBLIC;
CREATE TRIGGER received_benefit_stays_expected BEFORE DELETE ON masp.expected_benefits
    FOR EACH ROW EXECUTE FUNCTION masp.received_benefit_stays_expected();
GRANT DELETE ON masp.expected_benefits TO masp_app;
