-- +goose Up
-- What the banks of the payees say of their names (verification of payee, Reg. (EU) 2024/886 art.
-- 5c): information before a signature, never a refusal, so nothing here moves a transfer. A check is
-- of one name on one IBAN; the newest of both counts. The transfer is kept by its reference: one of
-- a draft may leave when its run is taken back, what the bank said of it stays.

CREATE TABLE masp.name_checks (
    check_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id     bigint NOT NULL REFERENCES masp.bank_files,
    creditor_id text NOT NULL REFERENCES masp.creditors,
    iban        text NOT NULL,
    our_name    text NOT NULL,
    result      text NOT NULL CONSTRAINT name_check_is_known CHECK (result IN ('RCVC', 'RVMC', 'RVNM', 'RVNA')),
    bank_name   text NOT NULL DEFAULT '', -- that the bank gave; none unless it is close
    reference   text NOT NULL DEFAULT '', -- EndToEndId of the transfer that was checked
    checked_at  timestamptz NOT NULL      -- said by the bank; else when its file came
);
CREATE INDEX name_checks_of_account ON masp.name_checks (iban, our_name, checked_at DESC, check_id DESC);
CREATE INDEX name_checks_of_file ON masp.name_checks (file_id);
GRANT SELECT, INSERT ON masp.name_checks TO masp_app;

CREATE TRIGGER never_taken_away BEFORE DELETE OR TRUNCATE ON masp.name_checks
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'import');
CREATE TRIGGER never_changed BEFORE UPDATE ON masp.name_checks
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'import');
