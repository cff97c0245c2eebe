-- +goose Up
-- Persons, payees, rights and dues under the chain of acts: whoever changes a row of these tables
-- without an act, or with their triggers off, is found by `masp verify`. A further table is
-- registered while it is empty; package ledger/audit names them all.
SELECT masp.register(of_table) FROM unnest(ARRAY[
    'authorised_benefits', 'bank_accounts', 'beneficiaries', 'benefits', 'creditor_ibans', 'creditors',
    'credentials', 'debts', 'dues', 'expected_benefits', 'load_signatures', 'mandate_terms', 'mandates',
    'obligations', 'organisations', 'payer_numbers', 'reserve_movements', 'users']) AS of_table;

-- The program proves the credentials without reading them: by the hashes of their rows.
CREATE VIEW masp.credential_rows AS
SELECT encode(sha256(convert_to('credentials' || to_jsonb(c)::text, 'UTF8')), 'hex') AS hash FROM masp.credentials c;
GRANT SELECT ON masp.credential_rows TO masp_app;
