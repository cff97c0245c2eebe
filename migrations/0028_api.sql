-- +goose Up
-- What the HTTP service has answered to a request that must be done once. The row is written in
-- the transaction of the work: after a crash either both are there or neither.
CREATE TABLE masp.idempotency_keys (
    owner       text NOT NULL, -- who asked: the same key of two persons is two keys
    key         text NOT NULL CONSTRAINT key_is_bounded CHECK (key <> '' AND octet_length(key) <= 255),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32), -- of method, path and body
    status      smallint,
    headers     jsonb,
    body        bytea,
    answered_at timestamptz NOT NULL,
    CONSTRAINT one_answer PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_by_age ON masp.idempotency_keys (answered_at);
GRANT SELECT, INSERT ON masp.idempotency_keys TO masp_app;
GRANT UPDATE (status, headers, body) ON masp.idempotency_keys TO masp_app;

-- An answer is never changed once it was given.
-- +goose StatementBegin
CREATE FUNCTION masp.keep_answer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.status IS NOT NULL THEN
        RAISE EXCEPTION 'an answer is never changed' USING ERRCODE = 'MA130';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_answer BEFORE UPDATE ON masp.idempotency_keys FOR EACH ROW EXECUTE FUNCTION masp.keep_answer();

-- forget_answers drops the keys that are older than ninety days (decisions: kept at least that
-- long) and answers how many.
-- +goose StatementBegin
CREATE FUNCTION masp.forget_answers() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM masp.idempotency_keys WHERE answered_at < masp.now() - interval '90 days';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.forget_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.forget_answers() TO masp_app;

-- The numbers of rows leave the house sealed: this key is theirs (api/v1, ids).
CREATE TABLE masp.address_keys (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    key  bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO masp.address_keys (key) VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
GRANT SELECT ON masp.address_keys TO masp_app;

