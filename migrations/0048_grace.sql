-- +goose Up
-- A session that has proved its second factor goes on under a new secret. A second click is on its way with the
-- old one: for ten seconds more the old secret proves the same session, and no longer than that session lives. What
-- asks for a fresh code asks for it again: the old secret may have been stolen.

-- Which session this one goes on from.
ALTER TABLE masp.session_uses ADD COLUMN replaces bigint CONSTRAINT session_goes_on_once UNIQUE REFERENCES masp.credentials;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.principal_of(secret text) RETURNS TABLE (
    user_id text, means text, key bigint, scopes text[], proved_at timestamptz, unseen interval
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    instant timestamptz := masp.now();
BEGIN
    RETURN QUERY
    SELECT u.user_id, c.purpose, c.credential_id, c.scopes, c.proved_at, instant - s.seen_at
      FROM masp.credentials c
      JOIN masp.users u USING (user_id)
      LEFT JOIN masp.session_uses s USING (credential_id)
     WHERE c.secret_hash = sha256(convert_to(secret, 'UTF8'))
       AND c.purpose IN ('token', 'session')
       AND c.revoked_at IS NULL AND c.expires_at > instant
       AND (c.purpose = 'token' OR s.seen_at + s.idle > instant)
       AND u.disabled_at IS NULL
       AND (u.ends_on IS NULL OR u.ends_on >= (instant AT TIME ZONE 'Europe/Paris')::date);
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY -- the secret before, which has not proved the code
    SELECT u.user_id, c.purpose, c.credential_id, c.scopes, was.proved_at, instant - s.seen_at
      FROM masp.credentials was
      JOIN masp.session_uses s ON s.replaces = was.credential_id
      JOIN masp.credentials c ON c.credential_id = s.credential_id AND c.user_id = was.user_id
      JOIN masp.users u ON u.user_id = c.user_id
     WHERE was.secret_hash = sha256(convert_to(secret, 'UTF8'))
       AND was.purpose = 'session' AND was.revoked_at > instant - interval '10 seconds' AND was.expires_at > instant
       AND c.revoked_at IS NULL AND c.expires_at > instant AND s.seen_at + s.idle > instant
       AND u.disabled_at IS NULL
       AND (u.ends_on IS NULL OR u.ends_on >= (instant AT TIME ZONE 'Europe/Paris')::date);
END
$$;

-- step_up gives a session a new secret for a new step of the second factor; it ends when it would have. The same
-- again, with the secret before and for the secret that the session has by now, is done already: NULL.
CREATE OR REPLACE FUNCTION masp.step_up(secret text, at_step bigint, hash bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session masp.credentials%ROWTYPE;
    used    masp.session_uses%ROWTYPE;
BEGIN
    FOR look IN 1..2 LOOP -- whoever has waited for the other click looks again
        SELECT c.* INTO session FROM masp.credentials c JOIN masp.principal_of(secret) p ON p.key = c.credential_id
         WHERE p.means = 'session' AND c.revoked_at IS NULL FOR UPDATE OF c;
        EXIT WHEN FOUND;
    END LOOP;
    IF session.credential_id IS NULL THEN
        RAISE EXCEPTION 'this act needs a living session' USING ERRCODE = 'MA010';
    END IF;
    IF session.secret_hash = hash THEN
        RETURN NULL;
    END IF;
    UPDATE masp.logins SET totp_step = at_step WHERE user_id = session.user_id AND totp_step < at_step;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this proves nobody' USING ERRCODE = 'MA091';
    END IF;
    SELECT * INTO used FROM masp.session_uses WHERE credential_id = session.credential_id;
    UPDATE masp.credentials SET revoked_at = masp.now() WHERE credential_id = session.credential_id;
    PERFORM masp.start_session(session.user_id, hash, session.expires_at, used.address, used.agent);
    UPDATE masp.session_uses SET replaces = session.credential_id
     WHERE credential_id = (SELECT c.credential_id FROM masp.credentials c WHERE c.secret_hash = hash);
    RETURN session.user_id;
END
$$;

-- Which of the sessions asks is told by its key: it may have asked with the secret before.
CREATE OR REPLACE FUNCTION masp.credentials_of(of_user text, of_purpose text, by_secret text)
RETURNS TABLE (key bigint, created_at timestamptz, expires_at timestamptz, name text, scopes text[],
               seen_at timestamptz, address text, agent text, mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM masp.proven(by_secret, ARRAY['admin'], of_user);
    RETURN QUERY
    SELECT c.credential_id, c.created_at, c.expires_at, c.name, c.scopes, s.seen_at, s.address, s.agent,
           coalesce(c.credential_id = (SELECT p.key FROM masp.principal_of(by_secret) p), false)
      FROM masp.credentials c LEFT JOIN masp.session_uses s USING (credential_id)
     WHERE c.user_id = of_user AND c.purpose = of_purpose AND c.revoked_at IS NULL AND c.expires_at > masp.now()
       AND (s.seen_at IS NULL OR s.seen_at + s.idle > masp.now())
     ORDER BY c.credential_id;
END
$$;
-- +goose StatementEnd
