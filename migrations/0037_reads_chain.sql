-- +goose Up
-- The log of reads under a chain of its own, like the log of acts: each read of a person's file carries
-- the hash of the one before it. A read that is changed, inserted or taken out of the middle breaks it; a
-- deleted end shows against the heads that the seals of the days keep (package payments/evidence).
-- Encoding of a read, version 1: domain "read"; number (integer), time (microseconds since 1970 UTC),
-- user, person, mandate, what, request (texts), hash of the read before (32 bytes).

-- +goose StatementBegin
CREATE FUNCTION masp.read_hash(no bigint, at timestamptz, who text, person text, mandate text, seen text, request text, previous bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256('\x02'::bytea || '\x01'::bytea || masp.field('read'::text) || masp.field(no) || masp.field(masp.micros(at))
    || masp.field(who) || masp.field(person) || masp.field(mandate) || masp.field(seen) || masp.field(request) || masp.field(previous));
-- +goose StatementEnd

CREATE TABLE masp.read_heads (
    only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT read_head_is_single CHECK (only_one),
    last_no  bigint NOT NULL,
    hash     bytea NOT NULL CONSTRAINT read_head_is_sha256 CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 50);
INSERT INTO masp.read_heads (last_no, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

ALTER TABLE masp.file_reads ADD COLUMN read_no bigint, ADD COLUMN prev_hash bytea, ADD COLUMN hash bytea;

-- What was read before this migration is chained in its order.
ALTER TABLE masp.file_reads DISABLE TRIGGER reads_are_only_added;
-- +goose StatementBegin
DO $$
DECLARE
    r    record;
    n    bigint := 0;
    head bytea := decode(repeat('00', 32), 'hex');
    next bytea;
BEGIN
    FOR r IN SELECT * FROM masp.file_reads ORDER BY read_id LOOP
        n := n + 1;
        next := masp.read_hash(n, r.at, r.user_id, r.beneficiary_id, r.mandate_id, r.what, r.request_id, head);
        UPDATE masp.file_reads SET read_no = n, prev_hash = head, hash = next WHERE read_id = r.read_id;
        head := next;
    END LOOP;
    UPDATE masp.read_heads SET last_no = n, hash = head;
END
$$;
-- +goose StatementEnd
ALTER TABLE masp.file_reads ENABLE TRIGGER reads_are_only_added;
ALTER TABLE masp.file_reads
    ALTER COLUMN read_no SET NOT NULL, ALTER COLUMN prev_hash SET NOT NULL, ALTER COLUMN hash SET NOT NULL,
    ADD CONSTRAINT read_number_once UNIQUE (read_no),
    ADD CONSTRAINT read_hashes_are_sha256 CHECK (octet_length(prev_hash) = 32 AND octet_length(hash) = 32);

-- note_read notes a read and chains it. The head is locked for the time of one small transaction
-- (auth notes reads in a transaction of their own), and not at all for a read that is noted already.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.note_read(by_secret text, mandate text, seen text, request text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who    text := coalesce(masp.user_of(by_secret), '');
    person text := CASE who WHEN '' THEN coalesce(masp.beneficiary_of(by_secret), '') ELSE '' END;
    this   timestamptz := masp.now();
    head   masp.read_heads;
    made   bytea;
BEGIN
    IF who = '' AND person = '' THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF EXISTS (SELECT FROM masp.file_reads r WHERE r.mandate_id = mandate AND r.user_id = who AND r.beneficiary_id = person
                  AND r.what = seen AND r.slot = floor(extract(epoch FROM this AT TIME ZONE 'UTC') / 600)::bigint) THEN
        RETURN false;
    END IF;
    SELECT * INTO head FROM masp.read_heads FOR UPDATE;
    made := masp.read_hash(head.last_no + 1, this, who, person, mandate, seen, request, head.hash);
    INSERT INTO masp.file_reads (at, user_id, beneficiary_id, mandate_id, what, request_id, read_no, prev_hash, hash)
    VALUES (this, who, person, mandate, seen, request, head.last_no + 1, head.hash, made)
        ON CONFLICT ON CONSTRAINT read_once_in_ten_minutes DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE masp.read_heads SET last_no = head.last_no + 1, hash = made;
    RETURN true;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER read_head_follows_reads
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.read_heads
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'note_read');
REVOKE ALL ON FUNCTION masp.read_hash(bigint, timestamptz, text, text, text, text, text, bytea) FROM PUBLIC;
REVOKE ALL ON masp.read_heads FROM PUBLIC;
GRANT SELECT ON masp.read_heads TO masp_app;
