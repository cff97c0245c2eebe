-- +goose Up
-- A token is its owner's signature: in production nobody else makes it. Who has a second factor signs
-- with it. A second factor follows the real time, whatever the books say.
--   MA160  a person makes his own tokens

-- add_token: an admin makes the tokens of programs; to a person he gives a setup link (give_setup).
-- While the organisation is tried he gives the second token of a person too, as an operator the first.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.add_token(of_user text, hash bytea, life interval, called text, for_scopes text[], by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], of_user, masp.holds_token(of_user));
BEGIN
    IF EXISTS (SELECT FROM masp.principal_of(by_secret) p WHERE p.scopes IS NOT NULL) THEN
        RAISE EXCEPTION 'a token for some things makes no other' USING ERRCODE = 'MA093';
    END IF;
    IF who IS DISTINCT FROM of_user AND EXISTS (SELECT FROM masp.organisations o WHERE o.in_production)
       AND EXISTS (SELECT FROM masp.users u WHERE u.user_id = of_user AND u.disabled_at IS NULL AND NOT 'machine' = ANY (u.roles)) THEN
        RAISE EXCEPTION 'user % makes his own tokens', of_user USING ERRCODE = 'MA160';
    END IF;
    PERFORM masp.demand_fresh(by_secret);
    INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at, name, scopes)
    SELECT u.user_id, 'token', hash, clock.at, clock.at + life, called, for_scopes
      FROM masp.users u, (SELECT masp.now() AS at OFFSET 0) clock
     WHERE u.user_id = of_user AND u.disabled_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- demand_fresh refuses a session whose second factor was proved longer ago than five minutes, and a
-- token of who has a second factor: what he signs, he signs with it. Who has none signs by his token.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.demand_fresh(secret text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.principal_of(secret) p
                WHERE p.means = 'session' AND p.proved_at <= masp.now() - interval '5 minutes'
                   OR p.means = 'token' AND EXISTS (SELECT FROM masp.logins l WHERE l.user_id = p.user_id)) THEN
        RAISE EXCEPTION 'this act needs a fresh second factor' USING ERRCODE = 'MA090';
    END IF;
END
$$;
-- +goose StatementEnd

-- give_setup gives the link by which a user enters for the first time, or again: then his password,
-- his second factor, his sessions and his tokens end with it.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.give_setup(of_user text, hash bytea, again boolean, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.proven(by_secret, ARRAY['admin'], of_user, masp.holds_token(of_user));
    clock timestamptz := masp.now();
BEGIN
    IF EXISTS (SELECT FROM masp.principal_of(by_secret) p WHERE p.scopes IS NOT NULL) THEN
        RAISE EXCEPTION 'a token for some things gives no way in' USING ERRCODE = 'MA093';
    END IF;
    PERFORM masp.demand_fresh(by_secret);
    IF again THEN
        DELETE FROM masp.logins WHERE user_id = of_user;
    ELSIF EXISTS (SELECT FROM masp.logins WHERE user_id = of_user) THEN
        RAISE EXCEPTION 'user % has entered already', of_user USING ERRCODE = 'MA094';
    END IF;
    UPDATE masp.credentials SET revoked_at = clock
     WHERE user_id = of_user AND (again OR purpose IN ('setup', 'session')) AND revoked_at IS NULL;
    INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at)
    SELECT u.user_id, 'setup', hash, clock, clock + interval '72 hours'
      FROM masp.users u WHERE u.user_id = of_user AND u.disabled_at IS NULL AND NOT 'machine' = ANY (u.roles);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user % who enters', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- real_now is the time that an authenticator shows, also where the clock of the books is moved.
-- +goose StatementBegin
CREATE FUNCTION masp.real_now() RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT clock_timestamp() $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.real_now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.real_now() TO masp_app;
