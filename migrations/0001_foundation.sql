-- +goose Up
-- The house: one schema, three roles, one clock, one organisation.
CREATE SCHEMA IF NOT EXISTS masp;

-- masp_app is what the program may do; masp_read is what an auditor may see.
-- They are group roles: `masp migrate` grants them to the users of the settings.
-- +goose StatementBegin
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['masp_app', 'masp_read'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN
                    NULL; -- another database of the same server was faster
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'role % is missing and % may not create it', wanted, current_user
                        USING ERRCODE = 'insufficient_privilege',
                              HINT = format('as an administrator: CREATE ROLE %I NOLOGIN;', wanted);
            END;
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON SCHEMA masp FROM PUBLIC;
GRANT USAGE ON SCHEMA masp TO masp_app, masp_read;

-- One organisation is one database: the connection is the tenant.
CREATE TABLE masp.organisations (
    only_one      boolean PRIMARY KEY DEFAULT true CONSTRAINT organisation_is_single CHECK (only_one),
    name          text NOT NULL CHECK (name <> ''),
    siren         text CHECK (siren ~ '^[0-9]{9}$'),
    iban_hold_hours integer NOT NULL DEFAULT 72
        CONSTRAINT iban_hold_between_0_and_168 CHECK (iban_hold_hours BETWEEN 0 AND 168),
    opened_on     date NOT NULL,
    in_production boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL
);
GRANT SELECT, INSERT ON masp.organisations TO masp_app;
GRANT SELECT ON masp.organisations TO masp_read;

-- The clock. Every date and instant of the books comes from masp.now(); only the owner
-- can move it, and not at all once the organisation is in production.
CREATE TABLE masp.clock_offsets (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    shift    interval NOT NULL
);
INSERT INTO masp.clock_offsets (shift) VALUES ('0');

-- +goose StatementBegin
CREATE FUNCTION masp.now() RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT clock_timestamp() + shift FROM masp.clock_offsets $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.today() RETURNS date
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT (masp.now() AT TIME ZONE 'Europe/Paris')::date $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.set_clock(wanted timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.organisations WHERE in_production) THEN
        RAISE EXCEPTION 'the clock of an organisation in production cannot be moved'
            USING ERRCODE = 'MA020';
    END IF;
    -- In seconds alone: an interval of days would gain or lose an hour over a change of time.
    UPDATE masp.clock_offsets
       SET shift = make_interval(secs => coalesce(extract(epoch FROM wanted - clock_timestamp()), 0));
    RETURN masp.now();
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION masp.set_clock(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION masp.now(), masp.today() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.now(), masp.today() TO masp_app, masp_read;
