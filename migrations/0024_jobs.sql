-- +goose Up
-- What the service does by itself: one row for each job. Whoever holds the lease runs it; a lease
-- that nobody renews is over, so that a process that hangs keeps no other from the work. Leases
-- count in real time: moving the clock of the books moves none.
CREATE TABLE masp.jobs (
    job          text PRIMARY KEY CONSTRAINT job_name CHECK (job ~ '^[a-z][a-z0-9:-]{0,39}$'),
    holder       text,
    lease_until  timestamptz,
    -- The instant of its calendar up to which a job is done; null for one without calendar.
    done_up_to   timestamptz,
    succeeded_at timestamptz,
    CONSTRAINT lease_has_a_holder CHECK ((holder IS NULL) = (lease_until IS NULL))
);

-- The log of the runs that did something or failed; the same failure again counts in one row.
CREATE TABLE masp.job_runs (
    run_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job        text NOT NULL REFERENCES masp.jobs,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    outcome    text NOT NULL CHECK (outcome IN ('running', 'done', 'failed', 'interrupted')),
    taken      integer NOT NULL DEFAULT 0 CHECK (taken >= 0),
    held       integer NOT NULL DEFAULT 0 CHECK (held >= 0),
    refused    integer NOT NULL DEFAULT 0 CHECK (refused >= 0),
    failed     integer NOT NULL DEFAULT 0 CHECK (failed >= 0),
    error      text NOT NULL DEFAULT '', -- its kind: never a name, a path or an amount
    times      integer NOT NULL DEFAULT 1 CHECK (times > 0),
    CONSTRAINT run_ends_once CHECK ((ended_at IS NULL) = (outcome = 'running')),
    CONSTRAINT failure_says_why CHECK ((error <> '') = (outcome = 'failed'))
);
CREATE INDEX runs_of_job ON masp.job_runs (job, run_id);
CREATE UNIQUE INDEX one_run_at_a_time ON masp.job_runs (job) WHERE outcome = 'running';

-- Banking days after the day of the last statement of an account within which the next one is
-- here; two without a row.
CREATE TABLE masp.statement_delays (
    bank_account_id text PRIMARY KEY REFERENCES masp.bank_accounts,
    banking_days    integer NOT NULL CONSTRAINT delay_within_60_days CHECK (banking_days BETWEEN 1 AND 60)
);
SELECT masp.register('statement_delays');

GRANT SELECT, INSERT ON masp.jobs, masp.job_runs, masp.statement_delays TO masp_app;
GRANT UPDATE (holder, lease_until, done_up_to, succeeded_at) ON masp.jobs TO masp_app;
GRANT UPDATE (ended_at, outcome, taken, held, refused, failed, error, times) ON masp.job_runs TO masp_app;
GRANT UPDATE (banking_days) ON masp.statement_delays TO masp_app;
