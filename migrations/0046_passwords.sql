-- +goose Up
-- Who is here changes his own password. MA200 is a current password that is wrong.

-- change_password takes the key of the current password and what the new one proves by. All sessions of the
-- user end; the one that asks goes on under a new secret, until it would have ended, and its second factor was
-- proved when it was: a password proves no second factor. Tokens stay: they are of programs, and listed.
-- +goose StatementBegin
CREATE FUNCTION masp.change_password(secret text, proof bytea, new_kdf text, new_verifier bytea, hash bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session masp.credentials%ROWTYPE;
    used    masp.session_uses%ROWTYPE;
BEGIN
    SELECT c.* INTO session FROM masp.credentials c JOIN masp.principal_of(secret) p ON p.key = c.credential_id
     WHERE p.means = 'session' AND c.revoked_at IS NULL FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this act needs a living session' USING ERRCODE = 'MA010';
    END IF;
    UPDATE masp.logins SET kdf = new_kdf, verifier = new_verifier, changed_at = masp.now()
     WHERE user_id = session.user_id AND verifier = sha256(proof);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the current password is another one' USING ERRCODE = 'MA200';
    END IF;
    SELECT * INTO used FROM masp.session_uses WHERE credential_id = session.credential_id;
    UPDATE masp.credentials SET revoked_at = masp.now()
     WHERE user_id = session.user_id AND purpose = 'session' AND revoked_at IS NULL;
    PERFORM masp.start_session(session.user_id, hash, session.expires_at, used.address, used.agent);
    UPDATE masp.credentials SET proved_at = session.proved_at WHERE secret_hash = hash;
    RETURN session.user_id;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.change_password(text, bytea, text, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.change_password(text, bytea, text, bytea, bytea) TO masp_app;
