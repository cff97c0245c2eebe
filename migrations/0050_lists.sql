-- +goose Up
-- A list is read page by page, and a search finds by an index: what a page costs does not grow with the
-- house. Whoever searches types a part of a name, without accents.

-- fold writes a text as it is compared: small letters without accents.
CREATE FUNCTION masp.fold(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(lower(written), 'àâäáãçéèêëíîïñóôöõúùûüÿ', 'aaaaaceeeeiiinoooouuuuy');

-- name_sought is what a part of the name of a person is looked for in: as it is printed, and the other way round.
CREATE FUNCTION masp.name_sought(civility text, last_name text, first_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN masp.fold(coalesce(civility || ' ', '') || last_name || ' ' || first_name || ', ' || first_name || ' ' || last_name);

REVOKE ALL ON FUNCTION masp.fold(text), masp.name_sought(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.fold(text), masp.name_sought(text, text, text) TO masp_app, masp_reach;

-- pg_trgm is a part of PostgreSQL that the owner of a database may add. Where it is not installed a search
-- finds the same and reads each row for it.
-- +goose StatementBegin
DO $$
DECLARE
    place text;
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX beneficiaries_by_part ON masp.beneficiaries
        USING gin (masp.name_sought(civility, last_name, first_name) %I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX mandates_by_part ON masp.mandates USING gin (masp.fold(mandate_id) %I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX creditors_by_part ON masp.creditors USING gin (masp.fold(creditor_id || '' '' || name) %I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX bank_accounts_by_part ON masp.bank_accounts
        USING gin (masp.fold(bank_account_id || '' '' || holder || '' '' || iban) %I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX obligations_by_part ON masp.obligations USING gin (masp.fold(reference) %I.gin_trgm_ops)', place);
EXCEPTION
    WHEN feature_not_supported OR insufficient_privilege THEN
        RAISE NOTICE 'without pg_trgm a search reads each row';
END
$$;
-- +goose StatementEnd

-- The orders in which the first of many are found.
CREATE INDEX beneficiaries_by_name ON masp.beneficiaries (last_name, first_name, beneficiary_id);
CREATE INDEX obligations_in_order ON masp.obligations (mandate_id, obligation_id);
DROP INDEX masp.obligations_of_mandate;
CREATE INDEX creditors_by_name ON masp.creditors (name, creditor_id);
CREATE INDEX ibans_by_end ON masp.creditor_ibans (reverse(iban) COLLATE "C");
CREATE INDEX obligations_of_amount ON masp.obligations (amount_cents, mandate_id, obligation_id);
DROP INDEX masp.instructions_by_amount;
CREATE INDEX instructions_of_amount ON masp.instructions (amount_cents, execute_on, instruction_id);
DROP INDEX masp.lines_by_amount;
CREATE INDEX lines_of_amount ON masp.bank_lines (amount_cents, booked_on, line_id);
CREATE INDEX ibans_on_hold ON masp.creditor_ibans (payable_from) WHERE payable_from IS NOT NULL;
CREATE INDEX ibans_to_sign ON masp.creditor_ibans (creditor_id) WHERE proposed_by IS NULL;

-- What was expected and has not come, the oldest first.
CREATE INDEX expected_by_day ON masp.expected_benefits (expected_on, mandate_id, benefit) WHERE NOT third_party;

-- Which accounts have their news of the last days, and the last day of each; what waits among all that ever came.
CREATE INDEX statements_by_day ON masp.bank_statements (closing_on, bank_account_id) WHERE state = 'accepted';
CREATE INDEX statements_of_account ON masp.bank_statements (bank_account_id, closing_on) WHERE state = 'accepted';
CREATE INDEX statements_not_accepted ON masp.bank_statements (state, statement_id) WHERE state <> 'accepted';

-- agreement_gaps is bank_agreement with what differs: who asks for the sums and for the differences reads the
-- balances of all accounts once. disagreements says the same of a run as before.
-- +goose StatementBegin
CREATE FUNCTION masp.agreement_gaps() RETURNS TABLE (
    bank_account_id text, importing boolean, bank bigint, books bigint, transit bigint, unidentified bigint, persons bigint,
    differs boolean, cents bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH stored AS MATERIALIZED (
        SELECT DISTINCT ON (r.bank_account_id) r.bank_account_id AS id,
               coalesce(nullif(r.bank_cents - r.books_cents, 0),
                        r.books_cents - r.transit_cents - r.unidentified_cents - r.persons_cents) AS cents
          FROM masp.reconciliations r
         WHERE r.state = 'DIFFERENCE' AND NOT EXISTS (SELECT FROM masp.reconciliations n
                WHERE n.bank_account_id = r.bank_account_id AND n.day = r.day AND n.revision > r.revision)
         ORDER BY r.bank_account_id, r.day DESC
    )
    SELECT g.bank_account_id, g.importing, g.bank, g.books, g.transit, g.unidentified, g.persons,
           coalesce(NOT g.importing AND (g.bank <> g.books OR g.books <> g.transit + g.unidentified + g.persons)
               OR r.id IS NOT NULL AND masp.drift_since(g.bank_account_id) IS NOT NULL, false),
           coalesce(nullif(g.bank - g.books, 0), nullif(g.books - g.transit - g.unidentified - g.persons, 0), r.cents, 0)
      FROM masp.bank_agreement(NULL) g LEFT JOIN stored r ON r.id = g.bank_account_id;
END
$$;

CREATE OR REPLACE FUNCTION masp.disagreements(of_run text) RETURNS TABLE (
    bank_account_id text, importing boolean, cents bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH own AS MATERIALIZED (
        SELECT i.bank_account_id AS id FROM masp.instructions i WHERE i.run_id = of_run
         UNION SELECT m.bank_account_id FROM masp.run_mandates u JOIN masp.mandates m USING (mandate_id) WHERE u.run_id = of_run
    )
    SELECT g.bank_account_id, g.importing AND o.id IS NOT NULL, g.cents
      FROM masp.agreement_gaps() g LEFT JOIN own o ON o.id = g.bank_account_id
     WHERE g.differs OR g.importing AND o.id IS NOT NULL
     ORDER BY o.id IS NULL, 1;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.agreement_gaps() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.agreement_gaps() TO masp_app;

-- Who sees the whole house adds up a period by the numbers of its entries.
GRANT EXECUTE ON FUNCTION masp.first_entry_on(date) TO masp_app;

-- The changes of IBANs, the newest first.
CREATE INDEX ibans_by_time ON masp.creditor_ibans (proposed_at, creditor_id COLLATE "C", version);
