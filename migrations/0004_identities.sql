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

GRANT SELECT, INSERT ON masp.users, masp.credentials TO masp_app;
GRANT UPDATE (disabled_at) ON masp.users TO masp_app;
GRANT UPDATE (revoked_at) ON masp.credentials TO masp_app;
GRANT SELECT ON masp.users TO masp_read;

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
