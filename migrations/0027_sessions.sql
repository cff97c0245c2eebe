-- +goose Up
-- How staff enter: a password and a second factor open a session; a token does what it was made for.
-- MA090 wants a fresh second factor; MA091 proves nobody; MA092 is a setup link that opens nothing;
-- MA093 is beyond the scopes of a token; MA094 has entered already; MA096 is no secret of the person.

-- An auditor comes for a time. A program is nobody's second role.
ALTER TABLE masp.users
    ADD COLUMN email text CONSTRAINT email_is_one_persons UNIQUE
        CONSTRAINT email_fits CHECK (email = lower(email) AND email ~ '^[^@ ]+@[^@ ]+$' AND length(email) <= 254),
    ADD COLUMN ends_on date,
    ADD CONSTRAINT auditor_has_an_end CHECK (ends_on IS NOT NULL OR NOT 'auditor' = ANY (roles)),
    ADD CONSTRAINT machine_is_no_person CHECK (NOT ('machine' = ANY (roles) AND cardinality(roles) > 1));

-- A session proved a second factor; a token has a name, and scopes when it may not do everything.
ALTER TABLE masp.credentials
    ADD COLUMN name text CONSTRAINT token_name_fits CHECK (length(name) BETWEEN 1 AND 100),
    ADD COLUMN scopes text[] CONSTRAINT scopes_are_some CHECK (cardinality(scopes) > 0),
    ADD COLUMN proved_at timestamptz,
    ADD CONSTRAINT session_is_proved CHECK ((purpose = 'session') = (proved_at IS NOT NULL)),
    ADD CONSTRAINT secret_has_its_life CHECK (expires_at <= created_at + CASE purpose
        WHEN 'session' THEN interval '10 hours' WHEN 'setup' THEN interval '72 hours' ELSE interval '8784 hours' END);

-- What a password proves. The program derives a key from it (Argon2id, with the salt and the costs of
-- kdf), and hands over the key: what stands here is only its SHA-256, so that the database judges the
-- password itself, and who reads the table enters nowhere. The secret of the second factor is
-- encrypted by the program; its mark is the same for the same secret, so that two users never share one.
CREATE TABLE masp.logins (
    user_id     text PRIMARY KEY REFERENCES masp.users,
    kdf         text NOT NULL CHECK (kdf LIKE '$argon2id$%'),
    verifier    bytea NOT NULL CHECK (octet_length(verifier) = 32),
    totp_sealed bytea NOT NULL,
    totp_mark   bytea NOT NULL CONSTRAINT second_factor_is_one_persons UNIQUE CHECK (octet_length(totp_mark) = 32),
    totp_step   bigint NOT NULL, -- the last one that was used
    changed_at  timestamptz NOT NULL
);
SELECT masp.register('logins');
GRANT SELECT ON masp.logins TO masp_app;

-- When a session was used last: no right of anybody but the end of one.
CREATE TABLE masp.session_uses (
    credential_id bigint PRIMARY KEY REFERENCES masp.credentials,
    seen_at       timestamptz NOT NULL,
    idle          interval NOT NULL,
    address       text NOT NULL CHECK (length(address) <= 50),
    agent         text NOT NULL CHECK (length(agent) <= 50)
);

-- principal_of is what a secret proves now: nobody (no row) when it is unknown, revoked or over, or
-- its user has ended. A session that nobody uses is over.
-- +goose StatementBegin
CREATE FUNCTION masp.principal_of(secret text)
RETURNS TABLE (user_id text, means text, key bigint, scopes text[], proved_at timestamptz, unseen interval)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.user_id, c.purpose, c.credential_id, c.scopes, c.proved_at, clock.at - s.seen_at
      FROM masp.credentials c
      JOIN masp.users u USING (user_id)
      LEFT JOIN masp.session_uses s USING (credential_id)
     CROSS JOIN (SELECT masp.now() AS at OFFSET 0) clock
     WHERE c.secret_hash = sha256(convert_to(secret, 'UTF8'))
       AND c.purpose IN ('token', 'session')
       AND c.revoked_at IS NULL AND c.expires_at > clock.at
       AND (c.purpose = 'token' OR s.seen_at + s.idle > clock.at)
       AND u.disabled_at IS NULL
       AND (u.ends_on IS NULL OR u.ends_on >= (clock.at AT TIME ZONE 'Europe/Paris')::date)
$$;
CREATE OR REPLACE FUNCTION masp.user_of(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT p.user_id FROM masp.principal_of(secret) p $$;
-- +goose StatementEnd

-- see_session remembers, once a minute at most, that a session is used. Who is slower than another
-- does not wait for him.
-- +goose StatementBegin
CREATE FUNCTION masp.see_session(secret text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE masp.session_uses SET seen_at = masp.now()
     WHERE credential_id = (SELECT s.credential_id FROM masp.session_uses s JOIN masp.principal_of(secret) p ON p.key = s.credential_id
                             WHERE p.unseen >= interval '1 minute' FOR UPDATE OF s SKIP LOCKED)
$$;
-- +goose StatementEnd

-- demand_fresh refuses a session whose second factor was proved longer ago than five minutes: an
-- open browser is not a person. A token is asked for no code: it is its owner's signature.
-- +goose StatementBegin
CREATE FUNCTION masp.demand_fresh(secret text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.principal_of(secret) p
                WHERE p.means = 'session' AND p.proved_at <= masp.now() - interval '5 minutes') THEN
        RAISE EXCEPTION 'this act needs a fresh second factor' USING ERRCODE = 'MA090';
    END IF;
END
$$;
-- +goose StatementEnd

-- Who has a password proves himself, with or without a living secret.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.holds_token(of_user text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM masp.users WHERE user_id = of_user FOR NO KEY UPDATE;
    RETURN EXISTS (SELECT FROM masp.logins l WHERE l.user_id = of_user)
        OR EXISTS (SELECT FROM masp.credentials c
                    WHERE c.user_id = of_user AND c.purpose IN ('token', 'session')
                      AND c.revoked_at IS NULL AND c.expires_at > masp.now());
END
$$;
-- +goose StatementEnd

DROP FUNCTION masp.add_user(text, text, text[], text);
-- +goose StatementBegin
CREATE FUNCTION masp.add_user(id text, called text, with_roles text[], at_email text, until date, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL);
BEGIN
    INSERT INTO masp.users (user_id, name, roles, email, ends_on, created_at)
    VALUES (id, called, with_roles, at_email, until, masp.now());
    RETURN who;
END
$$;
-- +goose StatementEnd

-- set_roles ends the sessions of the user: the rights of the next one are asked for anew. Nobody
-- gives himself a role; one change at a time, so that an admin is always left.
-- +goose StatementBegin
CREATE FUNCTION masp.set_roles(of_user text, with_roles text[], until date, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    LOCK TABLE masp.users IN SHARE ROW EXCLUSIVE MODE;
    who := masp.proven(by_secret, ARRAY['admin'], NULL, masp.holds_token(of_user));
    IF who = of_user THEN
        RAISE EXCEPTION 'nobody changes his own roles' USING ERRCODE = 'MA011';
    END IF;
    PERFORM masp.demand_fresh(by_secret);
    UPDATE masp.users SET roles = with_roles, ends_on = until WHERE user_id = of_user AND disabled_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE masp.credentials SET revoked_at = masp.now()
     WHERE user_id = of_user AND purpose = 'session' AND revoked_at IS NULL;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- add_credential makes a token, as it did; add_token names it and says what it is for. Who holds a
-- token for some things gives no token for others.
-- +goose StatementBegin
CREATE FUNCTION masp.add_token(of_user text, hash bytea, life interval, called text, for_scopes text[], by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], of_user, masp.holds_token(of_user));
BEGIN
    IF EXISTS (SELECT FROM masp.principal_of(by_secret) p WHERE p.scopes IS NOT NULL) THEN
        RAISE EXCEPTION 'a token for some things makes no other' USING ERRCODE = 'MA093';
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
CREATE OR REPLACE FUNCTION masp.add_credential(of_user text, for_purpose text, hash bytea, life interval, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF for_purpose <> 'token' THEN
        RAISE EXCEPTION 'a % has its own door', for_purpose USING ERRCODE = 'MA093';
    END IF;
    RETURN masp.add_token(of_user, hash, life, NULL, NULL, by_secret);
END
$$;
-- +goose StatementEnd

-- give_setup gives the link by which a user enters for the first time, or again: then his password,
-- his second factor and his sessions end with it.
-- +goose StatementBegin
CREATE FUNCTION masp.give_setup(of_user text, hash bytea, again boolean, by_secret text) RETURNS text
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
     WHERE user_id = of_user AND purpose IN ('setup', 'session') AND revoked_at IS NULL;
    INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at)
    SELECT u.user_id, 'setup', hash, clock, clock + interval '72 hours'
      FROM masp.users u WHERE u.user_id = of_user AND u.disabled_at IS NULL AND NOT 'machine' = ANY (u.roles);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user % who enters', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;

-- setup_of names the user whose living setup link this is; NULL otherwise.
CREATE FUNCTION masp.setup_of(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.user_id FROM masp.credentials c JOIN masp.users u USING (user_id)
     WHERE c.secret_hash = sha256(convert_to(secret, 'UTF8')) AND c.purpose = 'setup'
       AND c.revoked_at IS NULL AND c.expires_at > masp.now()
       AND u.disabled_at IS NULL AND (u.ends_on IS NULL OR u.ends_on >= masp.today())
$$;
-- +goose StatementEnd

-- start_session is the end of each way in. Who may move money is asked again after a quarter of an
-- hour without a use, others after half an hour; nobody stays longer than ten hours.
-- +goose StatementBegin
CREATE FUNCTION masp.start_session(of_user text, hash bytea, until timestamptz, at_address text, by_agent text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made  bigint;
    clock timestamptz := masp.now();
BEGIN
    INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at, proved_at)
    VALUES (of_user, 'session', hash, clock, least(until, clock + interval '10 hours'), clock)
    RETURNING credential_id INTO made;
    INSERT INTO masp.session_uses (credential_id, seen_at, idle, address, agent)
    SELECT made, clock, CASE WHEN roles && ARRAY['approver', 'accountant'] THEN interval '15 minutes'
                             ELSE interval '30 minutes' END, at_address, by_agent
      FROM masp.users WHERE user_id = of_user;
END
$$;

-- complete_setup uses the link up, keeps what was chosen, and opens the first session.
CREATE FUNCTION masp.complete_setup(
    link text, with_kdf text, with_verifier bytea, sealed bytea, mark bytea, at_step bigint,
    hash bytea, at_address text, by_agent text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.setup_of(link);
BEGIN
    PERFORM FROM masp.users WHERE user_id = who FOR NO KEY UPDATE;
    UPDATE masp.credentials SET revoked_at = masp.now()
     WHERE secret_hash = sha256(convert_to(link, 'UTF8')) AND user_id = who AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the setup link opens nothing' USING ERRCODE = 'MA092';
    END IF;
    INSERT INTO masp.logins (user_id, kdf, verifier, totp_sealed, totp_mark, totp_step, changed_at)
    VALUES (who, with_kdf, with_verifier, sealed, mark, at_step, masp.now());
    PERFORM masp.start_session(who, hash, 'infinity', at_address, by_agent);
    RETURN who;
END
$$;

-- open_session is a login: the key of the password, and a step of the second factor that was never
-- used. The row is locked: of many logins with one code one passes. Another kdf replaces an old one.
CREATE FUNCTION masp.open_session(
    of_user text, proof bytea, at_step bigint, hash bytea, at_address text, by_agent text,
    new_kdf text, new_verifier bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE masp.logins l
       SET totp_step = at_step, kdf = coalesce(new_kdf, l.kdf), verifier = coalesce(new_verifier, l.verifier)
      FROM masp.users u
     WHERE l.user_id = of_user AND u.user_id = of_user AND l.verifier = sha256(proof) AND l.totp_step < at_step
       AND u.disabled_at IS NULL AND (u.ends_on IS NULL OR u.ends_on >= masp.today());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this proves nobody' USING ERRCODE = 'MA091';
    END IF;
    PERFORM masp.start_session(of_user, hash, 'infinity', at_address, by_agent);
    RETURN of_user;
END
$$;

-- step_up gives a session a new secret for a new step of the second factor; it ends when it would have.
CREATE FUNCTION masp.step_up(secret text, at_step bigint, hash bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who     text;
    session masp.credentials%ROWTYPE;
    used    masp.session_uses%ROWTYPE;
BEGIN
    SELECT c.* INTO session FROM masp.credentials c JOIN masp.principal_of(secret) p ON p.key = c.credential_id
     WHERE p.means = 'session' AND c.revoked_at IS NULL FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this act needs a living session' USING ERRCODE = 'MA010';
    END IF;
    UPDATE masp.logins SET totp_step = at_step WHERE user_id = session.user_id AND totp_step < at_step;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this proves nobody' USING ERRCODE = 'MA091';
    END IF;
    SELECT * INTO used FROM masp.session_uses WHERE credential_id = session.credential_id;
    UPDATE masp.credentials SET revoked_at = masp.now() WHERE credential_id = session.credential_id;
    PERFORM masp.start_session(session.user_id, hash, session.expires_at, used.address, used.agent);
    RETURN session.user_id;
END
$$;
-- +goose StatementEnd

-- credentials_of lists the living sessions or tokens of a user, for himself and for an admin.
-- +goose StatementBegin
CREATE FUNCTION masp.credentials_of(of_user text, of_purpose text, by_secret text)
RETURNS TABLE (key bigint, created_at timestamptz, expires_at timestamptz, name text, scopes text[],
               seen_at timestamptz, address text, agent text, mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM masp.proven(by_secret, ARRAY['admin'], of_user);
    RETURN QUERY
    SELECT c.credential_id, c.created_at, c.expires_at, c.name, c.scopes, s.seen_at, s.address, s.agent,
           c.secret_hash = sha256(convert_to(by_secret, 'UTF8'))
      FROM masp.credentials c LEFT JOIN masp.session_uses s USING (credential_id)
     WHERE c.user_id = of_user AND c.purpose = of_purpose AND c.revoked_at IS NULL AND c.expires_at > masp.now()
       AND (s.seen_at IS NULL OR s.seen_at + s.idle > masp.now())
     ORDER BY c.credential_id;
END
$$;

-- end_credential revokes one session or one token by its key: its owner does, or an admin. To others
-- it does not exist.
CREATE FUNCTION masp.end_credential(of_key bigint, of_purpose text, by_secret text, OUT who text, OUT owner text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT c.user_id INTO owner FROM masp.credentials c WHERE c.credential_id = of_key AND c.purpose = of_purpose;
    IF owner IS NOT NULL THEN
        PERFORM masp.holds_token(owner); -- keeps the user still
    END IF;
    who := masp.proven(by_secret, ARRAY['admin', 'coordinator', 'approver', 'accountant', 'auditor', 'machine'], NULL, true);
    UPDATE masp.credentials c SET revoked_at = masp.now()
     WHERE c.credential_id = of_key AND c.user_id = owner AND c.purpose = of_purpose AND c.revoked_at IS NULL
       AND (owner = who OR EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND 'admin' = ANY (u.roles)));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such secret' USING ERRCODE = 'MA096';
    END IF;
END
$$;
-- +goose StatementEnd

-- What was tried in vain, for each account and each address: kept for a day. A try is counted before
-- it is made, so that many at once are many; the one that succeeds is forgiven. From the first free
-- ones on the pause doubles from a second to a quarter of an hour; nothing is ever locked for good.
CREATE TABLE masp.login_tries (
    of_what  text PRIMARY KEY CHECK (length(of_what) <= 100),
    tries    integer NOT NULL CHECK (tries >= 0),
    tried_at timestamptz NOT NULL,
    free_at  timestamptz NOT NULL
);
CREATE INDEX login_tries_by_age ON masp.login_tries (tried_at);

-- +goose StatementBegin
CREATE FUNCTION masp.try_login(of_account text, at_address text) RETURNS interval
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    clock timestamptz := masp.now();
    whats text[] := ARRAY['account ' || of_account, 'address ' || at_address];
    wait  interval;
BEGIN
    DELETE FROM masp.login_tries t WHERE t.of_what IN (
        SELECT o.of_what FROM masp.login_tries o WHERE o.tried_at < clock - interval '1 day'
         ORDER BY o.tried_at LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO masp.login_tries SELECT w, 0, clock, clock FROM unnest(whats) w ORDER BY w ON CONFLICT DO NOTHING;
    PERFORM FROM masp.login_tries t WHERE t.of_what = ANY (whats) ORDER BY t.of_what FOR NO KEY UPDATE;
    clock := masp.now(); -- after the wait for the lock
    SELECT max(t.free_at) - clock INTO wait FROM masp.login_tries t WHERE t.of_what = ANY (whats) AND t.free_at > clock;
    IF wait IS NULL THEN -- an address is an office of many: twenty are free
        UPDATE masp.login_tries t SET tries = t.tries + 1, tried_at = clock, free_at = clock
            + CASE WHEN t.tries < f.free THEN interval '0'
                   ELSE least(interval '15 minutes', interval '1 second' * 2 ^ least(t.tries - f.free, 10)) END
          FROM (VALUES (whats[1], 0), (whats[2], 20)) f (what, free) WHERE t.of_what = f.what;
    END IF;
    RETURN wait;
END
$$;
CREATE FUNCTION masp.forgive_login(of_account text, at_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE masp.login_tries l SET tries = CASE WHEN l.of_what = 'account ' || of_account THEN 0 ELSE greatest(l.tries - 1, 0) END,
           free_at = least(l.free_at, masp.now())
     WHERE l.of_what IN (SELECT t.of_what FROM masp.login_tries t
                          WHERE t.of_what IN ('account ' || of_account, 'address ' || at_address)
                          ORDER BY t.of_what FOR NO KEY UPDATE)
$$;
-- +goose StatementEnd

-- An approval by session wants a second factor of the last five minutes, one by a token for some
-- things wants it among them. A program approves nothing: machine is no role beside approver.
ALTER FUNCTION masp.act_on_run(text, text, bytea, text) RENAME TO sign_run;
REVOKE ALL ON FUNCTION masp.sign_run(text, text, bytea, text) FROM masp_app;
-- +goose StatementBegin
CREATE FUNCTION masp.act_on_run(of_run text, wanted text, seen_hash bytea, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    for_scopes text[];
BEGIN
    IF wanted = 'approve' THEN
        PERFORM masp.demand_fresh(secret);
        SELECT p.scopes INTO for_scopes FROM masp.principal_of(secret) p;
        IF for_scopes IS NOT NULL AND NOT 'runs:approve' = ANY (for_scopes) THEN
            RAISE EXCEPTION 'this token is not made to approve' USING ERRCODE = 'MA012';
        END IF;
    END IF;
    RETURN masp.sign_run(of_run, wanted, seen_hash, secret);
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION masp.principal_of(text), masp.see_session(text), masp.demand_fresh(text),
    masp.add_user(text, text, text[], text, date, text),
    masp.set_roles(text, text[], date, text), masp.add_token(text, bytea, interval, text, text[], text),
    masp.give_setup(text, bytea, boolean, text), masp.setup_of(text),
    masp.start_session(text, bytea, timestamptz, text, text),
    masp.complete_setup(text, text, bytea, bytea, bytea, bigint, bytea, text, text),
    masp.open_session(text, bytea, bigint, bytea, text, text, text, bytea), masp.step_up(text, bigint, bytea),
    masp.credentials_of(text, text, text), masp.end_credential(bigint, text, text),
    masp.try_login(text, text), masp.forgive_login(text, text), masp.act_on_run(text, text, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.principal_of(text), masp.see_session(text), masp.demand_fresh(text),
    masp.add_user(text, text, text[], text, date, text),
    masp.set_roles(text, text[], date, text), masp.add_token(text, bytea, interval, text, text[], text),
    masp.give_setup(text, bytea, boolean, text), masp.setup_of(text),
    masp.complete_setup(text, text, bytea, bytea, bytea, bigint, bytea, text, text),
    masp.open_session(text, bytea, bigint, bytea, text, text, text, bytea), masp.step_up(text, bigint, bytea),
    masp.credentials_of(text, text, text), masp.end_credential(bigint, text, text),
    masp.try_login(text, text), masp.forgive_login(text, text), masp.act_on_run(text, text, bytea, text) TO masp_app;
