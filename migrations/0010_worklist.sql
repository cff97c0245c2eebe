-- +goose Up
-- What somebody must look at (R-057). The fact never changes; what people do about it stands
-- beside it. Nobody named (assigned_to) means the coordinator of the mandate, whoever that is.
CREATE TABLE masp.alerts (
    alert_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    on_day        date NOT NULL,
    code          text NOT NULL,
    mandate_id    text REFERENCES masp.mandates,
    subject       text NOT NULL,
    amount_cents  bigint NOT NULL,
    text          text NOT NULL,
    source        text NOT NULL CONSTRAINT alert_once UNIQUE,
    details       jsonb NOT NULL DEFAULT '{}',
    assigned_to   text REFERENCES masp.users,
    snoozed_until date,
    closed_at     timestamptz,
    closed_by     text REFERENCES masp.users,
    closed_reason text,
    CONSTRAINT closed_for_a_reason CHECK (
        (closed_at IS NULL) = (closed_reason IS NULL) AND closed_reason <> ''
        AND (closed_by IS NULL OR closed_at IS NOT NULL))
);
CREATE INDEX open_alerts ON masp.alerts (on_day, alert_id) WHERE closed_at IS NULL;
CREATE INDEX alerts_of_mandate ON masp.alerts (mandate_id, code);

-- +goose StatementBegin
CREATE FUNCTION masp.keep_alert_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'alert % is closed', OLD.alert_id USING ERRCODE = 'MA026';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER closed_alert_stays_closed BEFORE UPDATE ON masp.alerts
    FOR EACH ROW EXECUTE FUNCTION masp.keep_alert_closed();

GRANT SELECT, INSERT ON masp.alerts TO masp_app;
GRANT UPDATE (assigned_to, snoozed_until, closed_at, closed_by, closed_reason) ON masp.alerts TO masp_app;

-- Each payer is told where to pay when a measure starts and when it ends, and says that it will
-- (R-049): asked once at a time, and what is confirmed never changes.
CREATE TABLE masp.payer_changes (
    change_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    payer        text NOT NULL CHECK (payer IN ('CAF', 'MSA', 'CPAM', 'CARSAT', 'CNAV', 'DEPARTEMENT')),
    direction    text NOT NULL CHECK (direction IN ('START', 'END')),
    requested_on date NOT NULL,
    requested_by text NOT NULL REFERENCES masp.users,
    confirmed_on date,
    confirmed_by text REFERENCES masp.users,
    CONSTRAINT payer_confirmation_is_whole CHECK ((confirmed_on IS NULL) = (confirmed_by IS NULL)),
    CONSTRAINT payer_confirms_after_asked CHECK (confirmed_on >= requested_on)
);
CREATE UNIQUE INDEX payer_asked_once ON masp.payer_changes (mandate_id, payer, direction) WHERE confirmed_on IS NULL;
SELECT masp.register('payer_changes');

-- +goose StatementBegin
CREATE FUNCTION masp.keep_payer_confirmed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.confirmed_on IS NOT NULL THEN
        RAISE EXCEPTION 'payer % has confirmed already', OLD.payer USING ERRCODE = 'MA027';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER confirmed_payer_stays BEFORE UPDATE ON masp.payer_changes
    FOR EACH ROW EXECUTE FUNCTION masp.keep_payer_confirmed();
REVOKE ALL ON FUNCTION masp.keep_alert_closed(), masp.keep_payer_confirmed() FROM PUBLIC;

GRANT SELECT, INSERT ON masp.payer_changes TO masp_app;
GRANT UPDATE (confirmed_on, confirmed_by) ON masp.payer_changes TO masp_app;
