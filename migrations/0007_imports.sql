-- +goose Up
-- What the bank says: the original byte for byte, its statements, its lines, and what each
-- line was recognised as.

CREATE TABLE masp.bank_files (
    file_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    sha256      bytea NOT NULL CONSTRAINT bank_file_once UNIQUE,
    content     bytea NOT NULL,
    format      text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('accepted', 'accepted_with_warnings', 'held', 'refused')),
    reasons     jsonb NOT NULL DEFAULT '[]',
    received_at timestamptz NOT NULL,
    received_by text NOT NULL,
    CONSTRAINT bank_file_hash_is_true CHECK (sha256 = sha256(content))
);

CREATE TABLE masp.bank_statements (
    statement_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id       bigint NOT NULL REFERENCES masp.bank_files,
    bank_account_id text REFERENCES masp.bank_accounts,
    account_iban  text NOT NULL,
    bank_ref      text NOT NULL,
    sequence      text NOT NULL DEFAULT '',
    opening_cents bigint,
    closing_cents bigint,
    opening_on    date,
    closing_on    date,
    entries       integer NOT NULL,
    content_hash  bytea NOT NULL,
    state         text NOT NULL CHECK (state IN ('held', 'importing', 'accepted')),
    reason        text,
    explanation   text,
    CONSTRAINT held_says_why CHECK ((state = 'held') = (reason IS NOT NULL)),
    CONSTRAINT accepted_is_known CHECK (state = 'held' OR (bank_account_id IS NOT NULL
        AND opening_cents IS NOT NULL AND closing_cents IS NOT NULL AND closing_on IS NOT NULL))
);
CREATE UNIQUE INDEX statement_once ON masp.bank_statements (bank_account_id, bank_ref, content_hash) WHERE state <> 'held';
CREATE INDEX statements_of_account ON masp.bank_statements (bank_account_id, closing_on, statement_id);
CREATE INDEX statements_of_file ON masp.bank_statements (file_id);

CREATE TABLE masp.bank_lines (
    line_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    statement_id  bigint NOT NULL REFERENCES masp.bank_statements,
    rank          integer NOT NULL CHECK (rank > 0),
    booked_on     date NOT NULL,
    value_on      date NOT NULL,
    amount_cents  bigint NOT NULL CHECK (amount_cents <> 0),
    bank_reference text NOT NULL DEFAULT '',
    end_to_end_id text NOT NULL DEFAULT '',
    payment_info_id text NOT NULL DEFAULT '',
    code          text NOT NULL DEFAULT '',
    counterparty  text NOT NULL DEFAULT '',
    text          text NOT NULL DEFAULT '',
    return_reason text,
    state         text NOT NULL CHECK (state IN ('posted', 'matched', 'suspense', 'ignored')),
    recognised_by text NOT NULL DEFAULT '',
    entry_no      bigint,
    CONSTRAINT line_once UNIQUE (statement_id, rank),
    CONSTRAINT every_booked_line_is_posted CHECK ((state = 'ignored') = (entry_no IS NULL))
);
CREATE INDEX lines_in_suspense ON masp.bank_lines (line_id) WHERE state = 'suspense';
CREATE UNIQUE INDEX line_has_its_entry ON masp.bank_lines (entry_no) WHERE entry_no IS NOT NULL;

-- Which of our transfers a bank line settles or gives back.
CREATE TABLE masp.line_matches (
    line_id        bigint NOT NULL REFERENCES masp.bank_lines,
    instruction_id bigint NOT NULL REFERENCES masp.instructions,
    meaning        text NOT NULL CHECK (meaning IN ('SETTLED', 'RETURNED')),
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (line_id, instruction_id),
    CONSTRAINT settled_or_returned_once UNIQUE (instruction_id, meaning)
);

-- What is still unidentified of a line, and who takes care of it.
CREATE TABLE masp.suspense_items (
    line_id       bigint PRIMARY KEY REFERENCES masp.bank_lines,
    open_cents    bigint NOT NULL,
    suggestion    text NOT NULL DEFAULT ''
);

-- What a person received: the benefit, the month of the right, the entry that booked it.
CREATE TABLE masp.receipts (
    receipt_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_no     bigint NOT NULL,
    line_id      bigint REFERENCES masp.bank_lines,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    benefit      text NOT NULL,
    period       date CHECK (extract(day FROM period) = 1),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    received_on  date NOT NULL
);
CREATE INDEX receipts_of_mandate ON masp.receipts (mandate_id, benefit, period);

-- What a pain.002 said of one of our transfers.
CREATE TABLE masp.status_reports (
    report_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_id        bigint NOT NULL REFERENCES masp.bank_files,
    instruction_id bigint REFERENCES masp.instructions,
    message_id     text NOT NULL,
    status         text NOT NULL,
    reason         text NOT NULL DEFAULT '',
    text           text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL
);

GRANT SELECT, INSERT ON masp.bank_files, masp.bank_statements, masp.bank_lines, masp.line_matches,
    masp.suspense_items, masp.receipts, masp.status_reports TO masp_app;
GRANT UPDATE (state, recognised_by) ON masp.bank_lines TO masp_app;
GRANT UPDATE (open_cents, suggestion) ON masp.suspense_items TO masp_app;
