-- +goose Up
-- Who may act. A human act is proved by a secret that only its owner holds: the program
-- hands the secret over, and the database looks up its hash. Nobody is believed on a name.
CREATE TABLE masp.users (
    user_id    text PRIMARY KEY CONSTRAINT user_id_is_a_reference CHECK (user_id ~ '^[a-z][a-z0-9.-]{1,31}$'),
    name       text NOT NULL CHECK (name <> ''),
    roles      text[] NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    CONSTRAINT roles_are_known CHECK (cardinality(roles) > 0
        AND roles <@ ARRAY['coordinator', 'approver', 'accountant', 'auditor', 'admin', 'machine']),
    CONSTRAINT admin_touches_no_money CHECK (NOT ('admin' = ANY (roles) AND cardinality(roles) > 1))
);

CREATE TABLE masp.credentials (
    credential_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       text NOT NULL REFERENCES masp.users,
    purpose       text NOT NULL CHECK (purpose IN ('token', 'setup', 'session')),
    secret_hash   bytea NOT NULL CONSTRAINT secret_once UNIQUE CHECK (octet_length(secret_hash) = 32),
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);
CREATE INDEX credentials_of_user ON masp.credentials (user_id);

-- Nobody but the functions below makes a user or a secret.
GRANT SELECT ON masp.users TO masp_app, masp_read;

-- user_of names the living user whose unexpired, unrevoked secret this is; NULL otherwise.
-- +goose StatementBegin
CREATE FUNCTION masp.user_of(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.user_id
      FROM masp.credentials c
      JOIN masp.users u USING (user_id)
     WHERE c.secret_hash = sha256(convert_to(secret, 'UTF8'))
       AND c.purpose IN ('token', 'session')
       AND c.revoked_at IS NULL AND c.expires_at > masp.now()
       AND u.disabled_at IS NULL
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.user_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.user_of(text) TO masp_app;

-- proven names the person whose secret this is, and refuses him when he holds none of the wanted
-- roles; for a change of himself (own) he needs none. Until the organisation is in production an
-- operator sets it up: no secret is nobody, NULL, who is refused nothing that is not guarded. A
-- secret that is given must always be true.
-- +goose StatementBegin
CREATE FUNCTION masp.proven(by_secret text, wanted text[], own text, guarded boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.user_of(by_secret);
    proof boolean := guarded OR EXISTS (SELECT FROM masp.organisations WHERE in_production);
BEGIN
    IF who IS NULL AND (proof OR by_secret <> '') THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF proof AND who IS DISTINCT FROM own
       AND NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND u.roles && wanted) THEN
        RAISE EXCEPTION 'user % is none of %', who, wanted USING ERRCODE = 'MA012';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- holds_token tells whether a living secret proves a user. It keeps the user still: two first
-- tokens at once are a first and a second one.
-- +goose StatementBegin
CREATE FUNCTION masp.holds_token(of_user text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM masp.users WHERE user_id = of_user FOR NO KEY UPDATE;
    RETURN EXISTS (SELECT FROM masp.credentials c
                    WHERE c.user_id = of_user AND c.purpose IN ('token', 'session')
                      AND c.revoked_at IS NULL AND c.expires_at > masp.now());
END
$$;
-- +goose StatementEnd

-- The four doors answer who has acted, NULL for an operator. Once somebody holds a token, only he
-- and an admin give him another or revoke it, before production too: with the tokens of two
-- persons, one would both prepare and approve.
-- +goose StatementBegin
CREATE FUNCTION masp.add_user(id text, called text, with_roles text[], by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL);
BEGIN
    INSERT INTO masp.users (user_id, name, roles, created_at) VALUES (id, called, with_roles, masp.now());
    RETURN who;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.add_credential(of_user text, for_purpose text, hash bytea, life interval, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], of_user, masp.holds_token(of_user));
BEGIN
    INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at)
    SELECT u.user_id, for_purpose, hash, clock.at, clock.at + life
      FROM masp.users u, (SELECT masp.now() AS at OFFSET 0) clock
     WHERE u.user_id = of_user AND u.disabled_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- revoke_credentials ends every secret of a user but the one that proves him here: who has lost
-- one keeps the hand that revokes it.
-- +goose StatementBegin
CREATE FUNCTION masp.revoke_credentials(of_user text, by_secret text, OUT who text, OUT revoked bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.proven(by_secret, ARRAY['admin'], of_user, masp.holds_token(of_user));
    IF NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = of_user) THEN
        RAISE EXCEPTION 'there is no user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE masp.credentials c SET revoked_at = masp.now()
     WHERE c.user_id = of_user AND c.revoked_at IS NULL
       AND c.secret_hash IS DISTINCT FROM
           CASE WHEN who = of_user THEN sha256(convert_to(by_secret, 'UTF8')) END;
    GET DIAGNOSTICS revoked = ROW_COUNT;
END
$$;
-- +goose StatementEnd

-- disable_user ends a user for ever. Nobody ends himself: so one admin is always left.
-- +goose StatementBegin
CREATE FUNCTION masp.disable_user(of_user text, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    -- One at a time, or two admins could end each other at once.
    LOCK TABLE masp.users IN SHARE ROW EXCLUSIVE MODE;
    who := masp.proven(by_secret, ARRAY['admin'], NULL);
    IF who = of_user THEN
        RAISE EXCEPTION 'nobody disables himself' USING ERRCODE = 'MA011';
    END IF;
    UPDATE masp.users SET disabled_at = masp.now() WHERE user_id = of_user AND disabled_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.holds_token(text), masp.proven(text, text[], text, boolean), masp.add_user(text, text, text[], text),
    masp.add_credential(text, text, bytea, interval, text), masp.revoke_credentials(text, text),
    masp.disable_user(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.proven(text, text[], text, boolean), masp.add_user(text, text, text[], text),
    masp.add_credential(text, text, bytea, interval, text), masp.revoke_credentials(text, text),
    masp.disable_user(text, text) TO masp_app;

-- enter_production makes the organisation a real one, for ever: an admin says so, and the clock
-- of the books must be the real one.
-- +goose StatementBegin
CREATE FUNCTION masp.enter_production(by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(by_secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND 'admin' = ANY (roles)) THEN
        RAISE EXCEPTION 'only an admin puts an organisation in production' USING ERRCODE = 'MA012';
    END IF;
    IF EXISTS (SELECT FROM masp.clock_offsets WHERE shift <> '0') THEN
        RAISE EXCEPTION 'the clock of the books is moved' USING ERRCODE = 'MA020',
            HINT = 'as the owner: SELECT masp.set_clock(NULL)';
    END IF;
    UPDATE masp.organisations SET in_production = true WHERE NOT in_production;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.enter_production(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.enter_production(text) TO masp_app;
