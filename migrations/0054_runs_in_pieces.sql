-- +goose Up
-- A run is read and written some thousand mandates at a time (payments): what a piece names costs what the
-- piece is large, not what the tables hold by then. The rules are the same.

-- looked_up (0016, 0049) counts the rows that name something. Of a table that is not five times as long as
-- what was added, the join reads all of it once; of a longer one it looks each key up. The columns are a key
-- of the table that is named: a row names one row at most.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.looked_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET enable_nestloop = on SET enable_mergejoin = on
AS $$
DECLARE
    named   text := format('masp.%I', TG_ARGV[0]);
    columns text := (SELECT string_agg(format('a.%I', c), ', ') FROM unnest(TG_ARGV[1:]) c);
    same    text := (SELECT string_agg(format('n.%1$I = a.%1$I', c), ' AND ') FROM unnest(TG_ARGV[1:]) c);
    naming  bigint;
    found   bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM added a WHERE (%s) IS NOT NULL', columns) INTO naming;
    IF naming * 500 > pg_relation_size(named::regclass) THEN -- about one in five, or more
        PERFORM set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true);
        EXECUTE format('SELECT count(*) FROM added a JOIN %s n ON %s', named, same) INTO found;
    ELSE
        EXECUTE format('SELECT count(*) FROM added a CROSS JOIN LATERAL (SELECT FROM %s n WHERE %s OFFSET 0) n', named, same) INTO found;
    END IF;
    IF found < naming THEN
        RAISE EXCEPTION 'a row of masp.% names no row of masp.%', TG_TABLE_NAME, TG_ARGV[0]
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Whether an account was paid before is found without reading what waits in drafts.
CREATE INDEX instructions_settled_to ON masp.instructions (creditor_id, iban_version) WHERE state = 'settled';

-- Who looks for a transfer by its amount or its payee looks for one that is meant to leave; what a draft holds is
-- found by its run. A draft writes these indexes when it is approved.
DROP INDEX masp.instructions_of_amount;
CREATE INDEX instructions_of_amount ON masp.instructions (amount_cents, execute_on, instruction_id) WHERE state <> 'draft';
DROP INDEX masp.instructions_of_creditor;
CREATE INDEX instructions_of_creditor ON masp.instructions (creditor_id, execute_on) WHERE state <> 'draft';
