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
    registers   bytea NOT NULL CONSTRAINT registers_is_sha256 CHECK (octet_length(registers) = 32),
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

-- The registers: how many rows each table of persons, payees, rights and dues has, and the XOR of
-- the SHA-256 of its rows in four words (ledger/audit/doc.go). Each act carries the hash of them
-- all. What a transaction changes is noted until its act takes it over.
CREATE TABLE masp.registers (
    table_name text COLLATE "C" CONSTRAINT register_once PRIMARY KEY,
    rows       bigint NOT NULL DEFAULT 0,
    w1         bigint NOT NULL DEFAULT 0,
    w2         bigint NOT NULL DEFAULT 0,
    w3         bigint NOT NULL DEFAULT 0,
    w4         bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE masp.register_changes (
    xact       xid8 NOT NULL,
    table_name text COLLATE "C" NOT NULL,
    rows       bigint NOT NULL,
    w1         bigint NOT NULL,
    w2         bigint NOT NULL,
    w3         bigint NOT NULL,
    w4         bigint NOT NULL
);
CREATE INDEX changes_of_transaction ON masp.register_changes (xact);

-- note_change notes what a statement has changed in a registered table. It only adds rows of its
-- own: two transactions never wait for each other here.
-- +goose StatementBegin
CREATE FUNCTION masp.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, MDY' SET "IntervalStyle" = 'postgres' SET bytea_output = 'hex'
AS $$
DECLARE
    of_table text := TG_TABLE_NAME;
    mix      bit(256);
    more     bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT bit_xor(('x' || encode(sha256(convert_to(of_table || to_jsonb(n)::text, 'UTF8')), 'hex'))::bit(256)), count(*)
          INTO mix, more FROM new_rows n;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT bit_xor(('x' || encode(sha256(convert_to(of_table || to_jsonb(o)::text, 'UTF8')), 'hex'))::bit(256)), -count(*)
          INTO mix, more FROM old_rows o;
    ELSE
        SELECT bit_xor(('x' || encode(sha256(convert_to(of_table || r.content, 'UTF8')), 'hex'))::bit(256)), sum(r.one)
          INTO mix, more
          FROM (SELECT to_jsonb(o)::text AS content, -1 AS one FROM old_rows o
                UNION ALL SELECT to_jsonb(n)::text, 1 FROM new_rows n) r;
    END IF;
    IF mix IS NULL OR more = 0 AND mix = repeat('0', 256)::bit(256) THEN
        RETURN NULL; -- nothing was changed
    END IF;
    INSERT INTO masp.register_changes (xact, table_name, rows, w1, w2, w3, w4)
    VALUES (pg_current_xact_id(), of_table, more,
            substring(mix FROM 1 FOR 64)::bit(64)::bigint, substring(mix FROM 65 FOR 64)::bit(64)::bigint,
            substring(mix FROM 129 FOR 64)::bit(64)::bigint, substring(mix FROM 193 FOR 64)::bit(64)::bigint);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER registers_follow_acts
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.registers
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'record_act', 'register');
CREATE TRIGGER changes_wait_for_their_act
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.register_changes
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT DELETE', 'note_change', 'record_act');

-- register puts a table under the chain of acts, while it is empty.
-- +goose StatementBegin
CREATE FUNCTION masp.register(of_table text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    filled boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM masp.%I)', of_table) INTO filled;
    IF filled THEN
        RAISE EXCEPTION 'masp.% has rows already: a table is registered while it is empty', of_table;
    END IF;
    INSERT INTO masp.registers (table_name) VALUES (of_table);
    EXECUTE format('CREATE TRIGGER registers_new_rows AFTER INSERT ON masp.%I
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.note_change()', of_table);
    EXECUTE format('CREATE TRIGGER registers_changed_rows AFTER UPDATE ON masp.%I
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.note_change()', of_table);
    EXECUTE format('CREATE TRIGGER registers_deleted_rows AFTER DELETE ON masp.%I
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.note_change()', of_table);
    EXECUTE format('CREATE TRIGGER registered_rows_stay BEFORE TRUNCATE ON masp.%I
        FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''INSERT UPDATE DELETE'')', of_table);
END
$$;
-- +goose StatementEnd

-- record_act appends one act. It locks the head of the log until the transaction ends, so it
-- comes last in it. The hash is computed here: the caller cannot choose it, nor the time. It folds
-- what its transaction has changed into the registers. The first act of all folds what stands there
-- before it: nothing was signed yet.
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
    sealed   bytea;
BEGIN
    SELECT h.last_seq + 1, h.hash INTO record_act.seq, previous
      FROM masp.audit_heads h FOR UPDATE;
    record_act.at := masp.now();
    WITH mine AS (
        DELETE FROM masp.register_changes c
         WHERE c.xact BETWEEN CASE record_act.seq WHEN 1 THEN '0'::xid8 ELSE pg_current_xact_id() END
                          AND CASE record_act.seq WHEN 1 THEN '18446744073709551615'::xid8 ELSE pg_current_xact_id() END
        RETURNING c.*
    ), folded AS (
        SELECT m.table_name, sum(m.rows)::bigint AS rows,
               bit_xor(m.w1) AS w1, bit_xor(m.w2) AS w2, bit_xor(m.w3) AS w3, bit_xor(m.w4) AS w4
          FROM mine m GROUP BY m.table_name
    )
    UPDATE masp.registers r
       SET rows = r.rows + f.rows, w1 = r.w1 # f.w1, w2 = r.w2 # f.w2, w3 = r.w3 # f.w3, w4 = r.w4 # f.w4
      FROM folded f WHERE r.table_name = f.table_name;
    SELECT sha256('\x02'::bytea || '\x01'::bytea || masp.field('registers'::text) || string_agg(
               masp.field(r.table_name) || masp.field(r.rows) || masp.field(r.w1) || masp.field(r.w2)
               || masp.field(r.w3) || masp.field(r.w4), ''::bytea ORDER BY r.table_name))
      INTO sealed FROM masp.registers r;
    record_act.hash := sha256(
        '\x02'::bytea || '\x02'::bytea || masp.field('act'::text)
        || masp.field(record_act.seq) || masp.field(masp.micros(record_act.at))
        || masp.field(record_act.actor) || masp.field(record_act.action)
        || masp.field(record_act.object_type) || masp.field(record_act.object_id)
        || masp.field(record_act.before_hash) || masp.field(record_act.after_hash)
        || masp.field(record_act.reason) || masp.field(record_act.details)
        || masp.field(sealed) || masp.field(previous));
    INSERT INTO masp.audit_log
        (seq, at, actor, action, object_type, object_id, before_hash, after_hash,
         reason, details, registers, prev_hash, hash)
    VALUES
        (record_act.seq, record_act.at, record_act.actor, record_act.action,
         record_act.object_type, record_act.object_id, record_act.before_hash,
         record_act.after_hash, record_act.reason, record_act.details, sealed, previous,
         record_act.hash);
    UPDATE masp.audit_heads SET last_seq = record_act.seq, hash = record_act.hash;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION masp.only_by_door(), masp.field(text), masp.field(bigint), masp.field(bytea),
    masp.micros(timestamptz), masp.note_change(), masp.register(text),
    masp.record_act(text, text, text, text, bytea, bytea, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    masp.record_act(text, text, text, text, bytea, bytea, text, text) TO masp_app;
GRANT SELECT ON masp.audit_log, masp.audit_heads, masp.registers, masp.register_changes TO masp_app;
