-- +goose Up
-- Two more ways in. Staff are known by the organisation's provider of identities (OpenID Connect);
-- persons enter with a code on a paper card, which opens a device.

-- Which user an identity of a provider is. An admin says so, who alone makes and unmakes persons; or
-- the provider, by an e-mail address that it has verified, where the organisation allows it.
CREATE TABLE masp.user_identities (
    issuer    text NOT NULL CONSTRAINT issuer_is_an_address CHECK (issuer ~ '^https?://' AND length(issuer) <= 500),
    subject   text NOT NULL CONSTRAINT subject_fits CHECK (length(subject) BETWEEN 1 AND 255),
    user_id   text NOT NULL REFERENCES masp.users,
    linked_by text REFERENCES masp.users (user_id),
    linked_at timestamptz NOT NULL,
    CONSTRAINT identity_is_one_user PRIMARY KEY (issuer, subject),
    CONSTRAINT user_has_one_identity UNIQUE (user_id, issuer)
);
SELECT masp.register('user_identities');
GRANT SELECT ON masp.user_identities TO masp_app;

-- A login that the provider has not answered yet. Of what it comes back with only hashes are kept:
-- who reads this table finishes no login.
CREATE TABLE masp.oidc_logins (
    state_hash   bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
    of_user      text REFERENCES masp.users (user_id), -- who proves himself again; null at a login
    begun_at     timestamptz NOT NULL
);
CREATE INDEX oidc_logins_by_age ON masp.oidc_logins (begun_at);
GRANT SELECT, INSERT, DELETE ON masp.oidc_logins TO masp_app;

-- Who has an identity proves himself with it, as with a password or a token.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.holds_token(of_user text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM masp.users WHERE user_id = of_user FOR NO KEY UPDATE;
    RETURN EXISTS (SELECT FROM masp.logins l WHERE l.user_id = of_user)
        OR EXISTS (SELECT FROM masp.user_identities i WHERE i.user_id = of_user)
        OR EXISTS (SELECT FROM masp.credentials c
                    WHERE c.user_id = of_user AND c.purpose IN ('token', 'session')
                      AND c.revoked_at IS NULL AND c.expires_at > masp.now());
END
$$;
-- +goose StatementEnd

-- link_identity and unlink_identity want an admin as soon as the user can prove himself: with the
-- identity of another, one would both prepare and approve.
-- +goose StatementBegin
CREATE FUNCTION masp.link_identity(of_user text, by_issuer text, as_subject text, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL, masp.holds_token(of_user));
BEGIN
    INSERT INTO masp.user_identities (issuer, subject, user_id, linked_by, linked_at)
    SELECT by_issuer, as_subject, u.user_id, who, masp.now()
      FROM masp.users u
     WHERE u.user_id = of_user AND u.disabled_at IS NULL AND NOT 'machine' = ANY (u.roles);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no living user %', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.unlink_identity(of_user text, by_issuer text, by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL, masp.holds_token(of_user));
BEGIN
    DELETE FROM masp.user_identities i WHERE i.user_id = of_user AND i.issuer = by_issuer;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % has no identity of this issuer', of_user USING ERRCODE = 'no_data_found';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- link_by_email makes the identity that of the user with this address, at the first login only. It
-- answers NULL when there is none. Whether the organisation wants it is a setting of the program,
-- which also has verified what the provider says.
-- +goose StatementBegin
CREATE FUNCTION masp.link_by_email(by_issuer text, as_subject text, address text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    INSERT INTO masp.user_identities (issuer, subject, user_id, linked_at)
    SELECT by_issuer, as_subject, u.user_id, masp.now()
      FROM masp.users u
     WHERE lower(u.email) = lower(address) AND u.disabled_at IS NULL AND NOT 'machine' = ANY (u.roles)
        ON CONFLICT DO NOTHING
    RETURNING user_id INTO who;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- enter_by_identity opens the session of the user whose identity the provider has proved, instead of
-- the one of the same user that is given, if any. A second factor that the provider has not proved
-- stays to be proved: epoch is never. Here the program is believed: what the provider has signed,
-- the database cannot read.
-- +goose StatementBegin
CREATE FUNCTION masp.enter_by_identity(
    by_issuer text, as_subject text, proved timestamptz, hash bytea, at_address text, by_agent text, instead text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text;
    until timestamptz := 'infinity';
BEGIN
    SELECT u.user_id INTO who FROM masp.user_identities i JOIN masp.users u USING (user_id)
     WHERE i.issuer = by_issuer AND i.subject = as_subject
       AND u.disabled_at IS NULL AND (u.ends_on IS NULL OR u.ends_on >= masp.today())
       FOR NO KEY UPDATE OF u;
    IF who IS NULL THEN
        RAISE EXCEPTION 'the identity is no living user' USING ERRCODE = 'MA112';
    END IF;
    IF instead <> '' THEN
        UPDATE masp.credentials c SET revoked_at = masp.now()
         WHERE c.secret_hash = sha256(convert_to(instead, 'UTF8')) AND c.purpose = 'session' AND c.user_id = who
           AND who = masp.user_of(instead)
        RETURNING c.expires_at INTO until;
        IF until IS NULL THEN
            RAISE EXCEPTION 'the session before is not of this user' USING ERRCODE = 'MA113';
        END IF;
    END IF;
    PERFORM masp.start_session(who, hash, until, at_address, by_agent);
    UPDATE masp.credentials c SET proved_at = least(coalesce(proved, 'epoch'), c.created_at) WHERE c.secret_hash = hash;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- The card of a person: a code that opens one device once. What is kept is slow to compute from a
-- code (argon2id), so that nobody who reads the table finds the code in time.
CREATE TABLE masp.cards (
    card_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    code_hash      bytea NOT NULL CONSTRAINT card_code_once UNIQUE CHECK (octet_length(code_hash) = 32),
    printed_by     text NOT NULL REFERENCES masp.users (user_id),
    printed_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz,
    ended_at       timestamptz,
    CONSTRAINT card_lasts_30_days CHECK (expires_at <= printed_at + interval '30 days'),
    CONSTRAINT used_or_ended CHECK (used_at IS NULL OR ended_at IS NULL)
);
CREATE UNIQUE INDEX one_open_card ON masp.cards (beneficiary_id) WHERE used_at IS NULL AND ended_at IS NULL;

CREATE TABLE masp.devices (
    device_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    card_id        bigint NOT NULL CONSTRAINT card_opens_one_device UNIQUE REFERENCES masp.cards,
    secret_hash    bytea NOT NULL CONSTRAINT device_secret_once UNIQUE CHECK (octet_length(secret_hash) = 32),
    opened_at      timestamptz NOT NULL,
    ended_at       timestamptz
);
CREATE INDEX devices_of_beneficiary ON masp.devices (beneficiary_id) WHERE ended_at IS NULL;
SELECT masp.register('cards'), masp.register('devices');
GRANT SELECT ON masp.cards, masp.devices TO masp_app;

-- When a device was used last, to the day: no right of anybody but the end of one, 30 days later.
CREATE TABLE masp.device_uses (
    device_id bigint PRIMARY KEY REFERENCES masp.devices,
    seen_at   timestamptz NOT NULL
);
GRANT SELECT ON masp.device_uses TO masp_app;

-- living_devices are those that still prove their person. A death ends them all at once.
CREATE VIEW masp.living_devices AS
SELECT d.device_id, d.beneficiary_id, d.secret_hash, d.opened_at, u.seen_at, u.seen_at + interval '30 days' AS expires_at
  FROM masp.devices d
  JOIN masp.device_uses u USING (device_id)
 WHERE d.ended_at IS NULL AND u.seen_at + interval '30 days' > masp.now()
   AND NOT EXISTS (SELECT FROM masp.mandates m WHERE m.beneficiary_id = d.beneficiary_id AND m.died_on IS NOT NULL);
GRANT SELECT ON masp.living_devices TO masp_app;

-- beneficiary_of names the person whose living device has this secret; NULL otherwise.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.beneficiary_of(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT d.beneficiary_id FROM masp.living_devices d WHERE d.secret_hash = sha256(convert_to(secret, 'UTF8'))
$$;
-- +goose StatementEnd

-- use_device names the person and the device of a secret, and remembers once a day that it lives.
-- +goose StatementBegin
CREATE FUNCTION masp.use_device(secret text, OUT who text, OUT device bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    seen timestamptz;
BEGIN
    SELECT d.beneficiary_id, d.device_id, d.seen_at INTO who, device, seen
      FROM masp.living_devices d WHERE d.secret_hash = sha256(convert_to(secret, 'UTF8'));
    IF seen < masp.now() - interval '1 day' THEN
        UPDATE masp.device_uses u SET seen_at = masp.now() WHERE u.device_id = device;
    END IF;
END
$$;
-- +goose StatementEnd

-- person_of is who is meant by a reference of a person or of her mandate, kept still: her cards and
-- devices change one at a time.
-- +goose StatementBegin
CREATE FUNCTION masp.person_of(reference text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    SELECT b.beneficiary_id INTO who FROM masp.beneficiaries b
     WHERE b.beneficiary_id = coalesce(
           (SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = reference), reference)
       FOR NO KEY UPDATE;
    IF who IS NULL THEN
        RAISE EXCEPTION 'there is no person %', reference USING ERRCODE = 'MA110';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- print_card ends the code before it. It opens the file of a person, so that it always wants a
-- coordinator who proves himself, before production too.
-- +goose StatementBegin
CREATE FUNCTION masp.print_card(reference text, hash bytea, by_secret text, OUT who text, OUT person text, OUT until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.proven(by_secret, ARRAY['coordinator'], NULL, true);
    person := masp.person_of(reference);
    IF EXISTS (SELECT FROM masp.mandates m WHERE m.beneficiary_id = person AND m.died_on IS NOT NULL) THEN
        RAISE EXCEPTION 'person % has died', person USING ERRCODE = 'MA111';
    END IF;
    until := masp.now() + interval '30 days';
    UPDATE masp.cards c SET ended_at = masp.now()
     WHERE c.beneficiary_id = person AND c.used_at IS NULL AND c.ended_at IS NULL;
    INSERT INTO masp.cards (beneficiary_id, code_hash, printed_by, printed_at, expires_at)
    VALUES (person, hash, who, until - interval '30 days', until);
END
$$;
-- +goose StatementEnd

-- enter_by_card opens a device for a code, once: NULL when it opens nothing. A fourth device ends
-- the one that was used longest ago.
-- +goose StatementBegin
CREATE FUNCTION masp.enter_by_card(hash bytea, device_hash bytea, OUT who text, OUT device bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    card bigint;
    owner text;
BEGIN
    SELECT c.beneficiary_id INTO owner FROM masp.cards c WHERE c.code_hash = hash;
    IF owner IS NULL THEN
        RETURN;
    END IF;
    owner := masp.person_of(owner);
    UPDATE masp.cards c SET used_at = masp.now()
     WHERE c.code_hash = hash AND c.used_at IS NULL AND c.ended_at IS NULL AND c.expires_at > masp.now()
       AND NOT EXISTS (SELECT FROM masp.mandates m WHERE m.beneficiary_id = owner AND m.died_on IS NOT NULL)
    RETURNING c.card_id INTO card;
    IF card IS NULL THEN
        RETURN;
    END IF;
    UPDATE masp.devices d SET ended_at = masp.now()
     WHERE d.device_id IN (SELECT l.device_id FROM masp.living_devices l WHERE l.beneficiary_id = owner
                            ORDER BY l.seen_at DESC, l.device_id DESC OFFSET 2);
    INSERT INTO masp.devices (beneficiary_id, card_id, secret_hash, opened_at)
    VALUES (owner, card, device_hash, masp.now()) RETURNING device_id INTO device;
    INSERT INTO masp.device_uses (device_id, seen_at) VALUES (device, masp.now());
    who := owner;
END
$$;
-- +goose StatementEnd

-- end_devices ends every device of a person, and the code that could open the next one. A
-- coordinator does it, or the person from one of her devices. end_device ends the one that asks.
-- +goose StatementBegin
CREATE FUNCTION masp.end_devices(reference text, by_secret text, OUT who text, OUT person text, OUT ended bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    person := masp.person_of(reference);
    who := masp.beneficiary_of(by_secret);
    IF who IS DISTINCT FROM person THEN
        who := masp.proven(by_secret, ARRAY['coordinator'], NULL, true);
    END IF;
    UPDATE masp.cards c SET ended_at = masp.now()
     WHERE c.beneficiary_id = person AND c.used_at IS NULL AND c.ended_at IS NULL;
    UPDATE masp.devices d SET ended_at = masp.now() WHERE d.beneficiary_id = person AND d.ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION masp.end_device(by_secret text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE masp.devices SET ended_at = masp.now()
     WHERE secret_hash = sha256(convert_to(by_secret, 'UTF8')) AND ended_at IS NULL
    RETURNING beneficiary_id
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION masp.link_identity(text, text, text, text), masp.unlink_identity(text, text, text),
    masp.link_by_email(text, text, text), masp.enter_by_identity(text, text, timestamptz, bytea, text, text, text),
    masp.beneficiary_of(text), masp.use_device(text), masp.person_of(text), masp.print_card(text, bytea, text),
    masp.enter_by_card(bytea, bytea), masp.end_devices(text, text), masp.end_device(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.link_identity(text, text, text, text), masp.unlink_identity(text, text, text),
    masp.link_by_email(text, text, text), masp.enter_by_identity(text, text, timestamptz, bytea, text, text, text),
    masp.beneficiary_of(text), masp.use_device(text), masp.print_card(text, bytea, text),
    masp.enter_by_card(bytea, bytea), masp.end_devices(text, text), masp.end_device(text) TO masp_app;
