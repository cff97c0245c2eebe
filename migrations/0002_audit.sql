-- +goose Up
-- The log of acts: who did what to which thing, and why. It is only added to, numbered
-- without a gap, and each act carries the hash of the one before it.

-- only_by_door is the second wall of every table of the books: it refuses each change that
-- does not come from the function that owns the table, the table's owner included. The
-- function is recognised by the call stack, because no setting of a session can pretend it.
-- It is a statement trigger: it also sees TRUNCATE, COPY, MERGE and changes of no row.
-- Arguments: the changes that exist at all ('INSERT UPDATE'), then the functions that make them.
-- +goose StatementBegin
CREATE FUNCTION masp.only_by_door() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stack text;
    door  text;
BEGIN
    IF NOT TG_OP = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
        RAISE EXCEPTION '% of masp.% is refused: the books are only added to', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'MA001', HINT = 'a mistake is corrected by a reversal';
    END IF;
    GET DIAGNOSTICS stack = PG_CONTEXT;
    FOREACH door IN ARRAY TG_ARGV[1:] LOOP
        IF position(' masp.' || door || '(' IN stack) > 0 THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RAISE EXCEPTION '% of masp.% is refused: it is written by masp.% only',
        TG_OP, TG_TABLE_NAME, array_to_string(TG_ARGV[1:], '() and masp.') || '()'
        USING ERRCODE = 'MA002';
END
$$;
-- +goose StatementEnd

CREATE TABLE masp.audit_log (
    seq         bigint CONSTRAINT act_number_once PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor       text NOT NULL CONSTRAINT act_has_actor CHECK (actor <> ''),
    action      text NOT NULL CONSTRAINT act_has_name CHECK (action <> ''),
    object_type text NOT NULL CONSTRAINT act_has_object_type CHECK (object_type <> ''),
    object_id   text NOT NULL,
    before_hash bytea CONSTRAINT before_hash_is_sha256
        CHECK (octet_length(before_hash) = 32 AND before_hash <> decode(repeat('00', 32), 'hex')),
    after_hash  bytea CONSTRAINT after_hash_is_sha256
        CHECK (octet_length(after_hash) = 32 AND after_hash <> decode(repeat('00', 32), 'hex')),
    reason      text NOT NULL,
    details     text NOT NULL,
    prev_hash   bytea NOT NULL CONSTRAINT prev_hash_is_sha256 CHECK (octet_length(prev_hash) = 32),
    hash        bytea NOT NULL CONSTRAINT hash_is_sha256 CHECK (octet_length(hash) = 32)
);
CREATE INDEX acts_of_object ON masp.audit_log (object_type, object_id, seq);

CREATE TABLE masp.audit_heads (
    only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT audit_head_is_single CHECK (only_one),
    last_seq bigint NOT NULL,
    hash     bytea NOT NULL CONSTRAINT audit_head_is_sha256 CHECK (octet_length(hash) = 32)
);
INSERT INTO masp.audit_heads (last_seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TRIGGER acts_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'record_act');
CREATE TRIGGER audit_head_follows_acts
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'record_act');

-- field is one field of a hashed record: tag, length, payload (the encoding of package chain). Bodies
-- without quotes are bound here, once and for all, and need no search path.
-- +goose StatementBegin
CREATE FUNCTION masp.field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce('s'::bytea || int4send(octet_length(convert_to(value, 'UTF8')))
                           || convert_to(value, 'UTF8'),
                'n'::bytea || int4send(0));
CREATE FUNCTION masp.field(value bigint) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce('i'::bytea || int4send(8) || int8send(value), 'n'::bytea || int4send(0));
CREATE FUNCTION masp.field(value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce('b'::bytea || int4send(octet_length(value)) || value, 'n'::bytea || int4send(0));
-- micros is an instant as hashed: microseconds since 1970 UTC.
CREATE FUNCTION masp.micros(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (extract(epoch FROM at) * 1000000)::bigint;
-- +goose StatementEnd

-- record_act appends one act. It locks the head of the log until the transaction ends, so it
-- comes last in it. The hash is computed here: the caller cannot choose it, nor the time.
-- +goose StatementBegin
CREATE FUNCTION masp.record_act(
    actor text, action text, object_type text, object_id text,
    before_hash bytea, after_hash bytea, reason text, details text,
    OUT seq bigint, OUT at timestamptz, OUT hash bytea
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    previous bytea;
BEGIN
    SELECT h.last_seq + 1, h.hash INTO record_act.seq, previous
      FROM masp.audit_heads h FOR UPDATE;
    record_act.at := masp.now();
    record_act.hash := sha256(
        '\x02'::bytea || '\x01'::bytea || masp.field('act'::text)
        || masp.field(record_act.seq) || masp.field(masp.micros(record_act.at))
        || masp.field(record_act.actor) || masp.field(record_act.action)
        || masp.field(record_act.object_type) || masp.field(record_act.object_id)
        || masp.field(record_act.before_hash) || masp.field(record_act.after_hash)
        || masp.field(record_act.reason) || masp.field(record_act.details)
        || masp.field(previous));
    INSERT INTO masp.audit_log
        (seq, at, actor, action, object_type, object_id, before_hash, after_hash,
         reason, details, prev_hash, hash)
    VALUES
        (record_act.seq, record_act.at, record_act.actor, record_act.action,
         record_act.object_type, record_act.object_id, record_act.before_hash,
         record_act.after_hash, record_act.reason, record_act.details, previous,
         record_act.hash);
    UPDATE masp.audit_heads SET last_seq = record_act.seq, hash = record_act.hash;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION masp.only_by_door(), masp.field(text), masp.field(bigint), masp.field(bytea),
    masp.micros(timestamptz),
    masp.record_act(text, text, text, text, bytea, bytea, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    masp.record_act(text, text, text, text, bytea, bytea, text, text) TO masp_app;
GRANT SELECT ON masp.audit_log, masp.audit_heads TO masp_app;
