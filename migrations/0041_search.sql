-- +goose Up
-- Whoever searches types an amount, the end of an IBAN, or the reference that the bank has given a line.
CREATE INDEX instructions_by_amount ON masp.instructions (amount_cents);
CREATE INDEX instructions_of_creditor ON masp.instructions (creditor_id, execute_on);
CREATE INDEX lines_by_amount ON masp.bank_lines (amount_cents);
CREATE INDEX lines_by_reference ON masp.bank_lines (bank_reference) WHERE bank_reference <> '';
