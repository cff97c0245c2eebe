-- +goose Up
-- A run of ten thousand mandates is written in less work, by the same rules.

-- looked_up (0016) looks up by hash what names much of a table. Of a table that has just been filled
-- the planner knows nothing yet, and would sort both sides, or probe an index row by row: twice to
-- three times the work. Few rows are left to the planner: it probes the index.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.looked_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET enable_nestloop = on SET enable_mergejoin = on
AS $$
DECLARE
    missing bigint; -- counted: a plan for the first one found would probe an index row by row
BEGIN
    IF (SELECT count(*) FROM added) * 1000 > pg_relation_size(format('masp.%I', TG_ARGV[0])::regclass) THEN -- one in ten, or more
        PERFORM set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true);
    END IF;
    EXECUTE format('SELECT count(*) FROM added a WHERE NOT EXISTS (SELECT FROM masp.%I n WHERE %s) AND (%s) IS NOT NULL', TG_ARGV[0],
            (SELECT string_agg(format('n.%1$I = a.%1$I', c), ' AND ') FROM unnest(TG_ARGV[1:]) c),
            (SELECT string_agg(format('a.%I', c), ', ') FROM unnest(TG_ARGV[1:]) c)) INTO missing;
    IF missing > 0 THEN
        RAISE EXCEPTION 'a row of masp.% names no row of masp.%', TG_TABLE_NAME, TG_ARGV[0]
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- The parts of a run name it all at once, as its lines and transfers do (0016): a run never leaves and
-- keeps its reference (runs_stay, run_keeps_its_path). `masp verify` looks again (ORPHAN_ROW).
ALTER TABLE masp.run_mandates DROP CONSTRAINT run_mandates_run_id_fkey;
CREATE TRIGGER part_of_a_run AFTER INSERT ON masp.run_mandates REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('runs', 'run_id');
