-- +goose Up
-- What anybody may check from outside, with any tool: plain views, read only, stable within
-- the major version. org_id is constant: one database is one organisation.
CREATE SCHEMA audit_v1;
REVOKE ALL ON SCHEMA audit_v1 FROM PUBLIC;
GRANT USAGE ON SCHEMA audit_v1 TO masp_read, masp_app;

CREATE VIEW audit_v1.ledger_lines AS
SELECT 1 AS org_id, l.entry_no AS entry_id, l.line_no, a.code AS account_code,
       CASE a.pcg WHEN '467' THEN a.owner END AS beneficiary_ref,
       l.amount_cents, coalesce(e.value_on, e.posted_on) AS value_date, e.created_at AS posted_at,
       split_part(e.source, ' ', 1) AS source_type, e.source AS source_ref,
       e.journal, e.journal_no, e.kind, e.posted_on, e.booked_on, e.actor, e.reverses
  FROM masp.posting_lines l
  JOIN masp.entries e USING (entry_no)
  JOIN masp.accounts a USING (account_id);

CREATE VIEW audit_v1.balances AS
SELECT 1 AS org_id, a.code AS account_code, CASE a.pcg WHEN '467' THEN a.owner END AS beneficiary_ref,
       b.debit_cents - b.credit_cents AS balance_cents
  FROM masp.account_balances b JOIN masp.accounts a USING (account_id);

CREATE VIEW audit_v1.bank_movements AS
SELECT 1 AS org_id, l.line_id AS movement_id, s.account_iban, l.booked_on AS booking_date, l.value_on AS value_date,
       l.amount_cents, encode(f.sha256, 'hex') AS file_sha256, l.state, l.entry_no AS entry_id,
       s.bank_account_id, s.bank_ref AS statement_ref, s.state AS statement_state, l.rank
  FROM masp.bank_lines l
  JOIN masp.bank_statements s USING (statement_id)
  JOIN masp.bank_files f USING (file_id);

CREATE VIEW audit_v1.instructions AS
SELECT 1 AS org_id, i.instruction_id, i.run_id, i.end_to_end_id, i.creditor_iban AS payee_iban, i.amount_cents, i.state,
       encode(f.sha256, 'hex') AS file_sha256, i.mandate_id AS beneficiary_ref, i.posted_entry AS entry_id,
       i.kind, i.execute_on, i.reason, i.settled_entry, i.failed_entry
  FROM masp.instructions i
  LEFT JOIN LATERAL (SELECT p.sha256 FROM masp.payment_file_instructions fi JOIN masp.payment_files p USING (file_id)
                      WHERE fi.instruction_id = i.instruction_id AND NOT fi.void AND p.released_at IS NOT NULL) f ON true;

CREATE VIEW audit_v1.runs AS
SELECT 1 AS org_id, run_id, state, content_hash, submitted_at FROM masp.runs;

CREATE VIEW audit_v1.run_actors AS
SELECT run_id, user_id,
       CASE act WHEN 'propose' THEN 'edit' WHEN 'reopen' THEN 'edit' ELSE act END AS act, content_hash, at
  FROM masp.run_acts;

CREATE VIEW audit_v1.audit_log AS
SELECT seq, at, actor, action, object_type, object_id, prev_hash, hash FROM masp.audit_log;

GRANT SELECT ON ALL TABLES IN SCHEMA audit_v1 TO masp_read, masp_app;
