-- +goose Up
-- A run of many mandates and a file of the bank write hundreds of thousands of rows at once. What they
-- name is looked up for all rows of a statement together, and not row by row as a foreign key does. It
-- is the same rule: the look-up sees what is committed when the statement ends, as a foreign key does, and a
-- row that is named here never leaves and never changes its key, whoever asks (run_mandates and dues
-- stay since 0006); nor do the rows that name it change theirs. A transfer of a draft leaves alone,
-- while its run is held (0006). Whom a transfer pays is looked up in 0018.
-- `masp verify` looks again (ORPHAN_ROW).

-- looked_up refuses rows that name what is not there; NULL names nothing. Arguments: the table that is
-- named, then the columns, called the same in both. It answers like a foreign key of the trigger's name.
-- +goose StatementBegin
CREATE FUNCTION masp.looked_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    missing bigint; -- counted: a plan for the first one found would probe an index row by row
BEGIN
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
CREATE FUNCTION masp.named_row_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% of masp.% is refused: other rows name its rows by this key', TG_OP, TG_TABLE_NAME USING ERRCODE = 'MA001';
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.looked_up(), masp.named_row_stays() FROM PUBLIC;

CREATE TRIGGER key_stays BEFORE UPDATE OF run_id, mandate_id ON masp.run_mandates
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER key_stays BEFORE UPDATE OF obligation_id, due_on ON masp.dues
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER key_stays BEFORE UPDATE OF obligation_id OR DELETE OR TRUNCATE ON masp.obligations
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER key_stays BEFORE UPDATE OF creditor_id OR DELETE OR TRUNCATE ON masp.creditors
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER key_stays BEFORE UPDATE OF bank_account_id OR DELETE OR TRUNCATE ON masp.bank_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();

ALTER TABLE masp.dues DROP CONSTRAINT dues_obligation_id_fkey;
CREATE TRIGGER due_of_an_obligation AFTER INSERT ON masp.dues REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('obligations', 'obligation_id');

ALTER TABLE masp.run_lines DROP CONSTRAINT line_of_its_mandate, DROP CONSTRAINT line_of_a_due;
CREATE TRIGGER line_of_its_mandate AFTER INSERT ON masp.run_lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('run_mandates', 'run_id', 'mandate_id');
CREATE TRIGGER line_of_a_due AFTER INSERT ON masp.run_lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('dues', 'obligation_id', 'due_on');

ALTER TABLE masp.run_exceptions DROP CONSTRAINT exception_of_its_mandate;
CREATE TRIGGER exception_of_its_mandate AFTER INSERT ON masp.run_exceptions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('run_mandates', 'run_id', 'mandate_id');

-- The place in a run names the run and the mandate.
ALTER TABLE masp.instructions
    DROP CONSTRAINT instructions_run_id_fkey, DROP CONSTRAINT instructions_mandate_id_fkey,
    DROP CONSTRAINT instructions_bank_account_id_fkey, DROP CONSTRAINT instructions_creditor_id_fkey;
CREATE TRIGGER transfers_of_their_mandate AFTER INSERT ON masp.instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('run_mandates', 'run_id', 'mandate_id');
CREATE TRIGGER transfers_pay_from_a_bank_account AFTER INSERT ON masp.instructions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('bank_accounts', 'bank_account_id');

ALTER TABLE masp.instruction_covers DROP CONSTRAINT instruction_covers_obligation_id_due_on_fkey;
CREATE TRIGGER cover_of_a_due AFTER INSERT ON masp.instruction_covers REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('dues', 'obligation_id', 'due_on');

-- A line of the bank and what it brought. Nobody takes a statement or a line away (0007).
ALTER TABLE masp.bank_lines DROP CONSTRAINT bank_lines_statement_id_fkey;
ALTER TABLE masp.suspense_items DROP CONSTRAINT suspense_items_line_id_fkey;
ALTER TABLE masp.receipts DROP CONSTRAINT receipts_line_id_fkey, DROP CONSTRAINT receipts_mandate_id_fkey;
CREATE TRIGGER key_stays BEFORE UPDATE OF statement_id ON masp.bank_statements
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER key_stays BEFORE UPDATE OF line_id ON masp.bank_lines
    FOR EACH STATEMENT EXECUTE FUNCTION masp.named_row_stays();
CREATE TRIGGER line_of_a_statement AFTER INSERT ON masp.bank_lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('bank_statements', 'statement_id');
CREATE TRIGGER suspense_of_a_line AFTER INSERT ON masp.suspense_items REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('bank_lines', 'line_id');
CREATE TRIGGER receipt_of_a_line AFTER INSERT ON masp.receipts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('bank_lines', 'line_id');
CREATE TRIGGER receipt_of_a_mandate AFTER INSERT ON masp.receipts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.looked_up('mandates', 'mandate_id');

-- One index says that a due stands once in a run, and finds the lines of a due.
ALTER TABLE masp.run_lines DROP CONSTRAINT due_once_a_run, ADD CONSTRAINT due_once_a_run UNIQUE (obligation_id, due_on, run_id);
DROP INDEX masp.run_lines_of_due;
-- A draft has no entry yet.
DROP INDEX masp.instructions_by_entry;
CREATE INDEX instructions_by_entry ON masp.instructions (posted_entry) WHERE posted_entry IS NOT NULL;
