-- +goose Up
-- What operating the house asks of the database.

-- A copy that was restored does not know what left after its backup. Until an admin has compared it
-- with the outbox and with what the bank says, no payment file is released (R-4): a transfer of the
-- lost hours would leave twice.
CREATE TABLE masp.restorations (
    restoration_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    restored_from  timestamptz NOT NULL, -- up to here the copy knows everything
    marked_at      timestamptz NOT NULL,
    marked_by      text NOT NULL CHECK (marked_by <> ''),
    cleared_at     timestamptz,
    cleared_by     text REFERENCES masp.users,
    CONSTRAINT cleared_by_somebody CHECK ((cleared_at IS NULL) = (cleared_by IS NULL)),
    CONSTRAINT restored_from_the_past CHECK (restored_from <= marked_at)
);
CREATE UNIQUE INDEX one_restoration_at_a_time ON masp.restorations ((true)) WHERE cleared_at IS NULL;
SELECT masp.register('restorations');
GRANT SELECT ON masp.restorations TO masp_app, masp_read;

CREATE TRIGGER restorations_are_marked_and_cleared
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.restorations
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'mark_restored', 'clear_restored');

-- mark_restored needs no proof: it only holds back. It answers who has acted and from when the copy
-- is: the given instant, else that of its last act.
-- +goose StatementBegin
CREATE FUNCTION masp.mark_restored(from_when timestamptz, by_secret text, OUT who text, OUT restored_from timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.user_of(by_secret);
    IF who IS NULL AND by_secret <> '' THEN
        RAISE EXCEPTION 'this is the token of nobody' USING ERRCODE = 'MA010';
    END IF;
    restored_from := coalesce(from_when, (SELECT l.at FROM masp.audit_log l ORDER BY l.seq DESC LIMIT 1), masp.now());
    INSERT INTO masp.restorations (restored_from, marked_at, marked_by)
    VALUES (mark_restored.restored_from, greatest(masp.now(), mark_restored.restored_from), coalesce(who, 'operator'));
END
$$;

-- clear_restored lets files leave again: an admin says that he has compared.
CREATE FUNCTION masp.clear_restored(by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(by_secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND 'admin' = ANY (u.roles)) THEN
        RAISE EXCEPTION 'only an admin lets files leave again' USING ERRCODE = 'MA012';
    END IF;
    UPDATE masp.restorations SET cleared_at = masp.now(), cleared_by = who WHERE cleared_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the house is not held' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;

CREATE FUNCTION masp.nothing_leaves_a_restored_house() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR OLD.released_at IS NULL)
       AND EXISTS (SELECT FROM masp.restorations WHERE cleared_at IS NULL) THEN
        RAISE EXCEPTION 'the house was restored: no file is released before it was compared'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_leaves_a_restored_house', TABLE = 'payment_files';
    END IF;
    RETURN NEW;
END
$$;

-- purge_technical_log forgets what is older than twelve months (CNIL, deliberation 2021-122): the runs
-- of jobs, but for the last one of each, and from where the sessions were used that are over. The log
-- of acts is evidence and stays.
CREATE FUNCTION masp.purge_technical_log() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    young    timestamptz := masp.now() - interval '12 months';
    runs     bigint;
    sessions bigint;
BEGIN
    DELETE FROM masp.job_runs old
     WHERE old.ended_at < young
       AND EXISTS (SELECT FROM masp.job_runs newer WHERE newer.job = old.job AND newer.run_id > old.run_id);
    GET DIAGNOSTICS runs = ROW_COUNT;
    DELETE FROM masp.session_uses u USING masp.credentials c
     WHERE c.credential_id = u.credential_id AND least(c.expires_at, c.revoked_at) < young;
    GET DIAGNOSTICS sessions = ROW_COUNT;
    RETURN runs + sessions;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER nothing_leaves_a_restored_house BEFORE INSERT OR UPDATE OF released_at ON masp.payment_files
    FOR EACH ROW WHEN (NEW.released_at IS NOT NULL) EXECUTE FUNCTION masp.nothing_leaves_a_restored_house();

REVOKE ALL ON FUNCTION masp.mark_restored(timestamptz, text), masp.clear_restored(text),
    masp.nothing_leaves_a_restored_house(), masp.purge_technical_log() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.mark_restored(timestamptz, text), masp.clear_restored(text),
    masp.purge_technical_log() TO masp_app;
