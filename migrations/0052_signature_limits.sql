-- +goose Up
-- Above which amounts two persons sign a run, beside its total (0015): one transfer, what one payee gets on a
-- day, what leaves on a day. Payee and day are counted over all runs, so that a payment which is cut in two is
-- signed like the whole. NULL: no amount of this kind. The newest row counts; the ones before stay.
CREATE TABLE masp.signature_limits (
    limit_no       integer PRIMARY KEY CHECK (limit_no > 0),
    transfer_cents bigint CHECK (transfer_cents > 0),
    payee_cents    bigint CHECK (payee_cents > 0),
    day_cents      bigint CHECK (day_cents > 0),
    set_by         text NOT NULL REFERENCES masp.users,
    set_at         timestamptz NOT NULL
);
SELECT masp.register('signature_limits');
INSERT INTO masp.personal_data (table_name, nothing) VALUES ('signature_limits', 'des montants');

-- +goose StatementBegin
CREATE FUNCTION masp.set_signature_limits(transfer bigint, payee bigint, day bigint, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['admin', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not say how many persons sign a run', who USING ERRCODE = 'MA012';
    END IF;
    LOCK TABLE masp.signature_limits IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO masp.signature_limits
    SELECT 1 + coalesce(max(limit_no), 0), transfer, payee, day, who, masp.now() FROM masp.signature_limits;
    RETURN who;
END
$$;

-- A run counts what leaves on its days with the runs that were submitted before it: of two that are above an
-- amount together, the later one has two signatures, and the earlier keeps the number that it was shown with.
CREATE OR REPLACE FUNCTION masp.signatures_needed(of_run text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH limits AS MATERIALIZED (
        SELECT transfer_cents, payee_cents, day_cents FROM masp.signature_limits ORDER BY limit_no DESC LIMIT 1),
    this AS MATERIALIZED (
        SELECT run_number, run_on, coalesce(submitted_at, 'infinity') AS at FROM masp.runs WHERE run_id = of_run),
    leaving AS MATERIALIZED (
        SELECT i.run_id = of_run AS mine, i.leave_on, coalesce(nullif(i.creditor_iban, ''), i.creditor_id) AS payee, i.amount_cents
          FROM this CROSS JOIN masp.runs r JOIN masp.instructions i USING (run_id)
         WHERE i.state NOT IN ('cancelled', 'rejected') AND EXISTS (SELECT FROM limits)
           AND (r.run_id = of_run OR r.state NOT IN ('draft', 'cancelled') AND r.run_on > this.run_on - 62
                AND (r.submitted_at, r.run_number) < (this.at, this.run_number))),
    sums (transfer, payee, day) AS (
        SELECT (SELECT max(amount_cents) FROM leaving WHERE mine),
               (SELECT max(s) FROM (SELECT sum(amount_cents) AS s FROM leaving GROUP BY payee, leave_on HAVING bool_or(mine)) x),
               (SELECT max(s) FROM (SELECT sum(amount_cents) AS s FROM leaving GROUP BY leave_on HAVING bool_or(mine)) x))
    SELECT CASE WHEN EXISTS (SELECT FROM masp.organisations WHERE second_approval_from_cents
                                <= (SELECT coalesce(sum(amount_cents), 0) FROM masp.instructions WHERE run_id = of_run))
                  OR EXISTS (SELECT FROM limits, sums
                              WHERE transfer >= transfer_cents OR payee >= payee_cents OR day >= day_cents)
                THEN 2 ELSE 1 END
$$;
-- +goose StatementEnd
CREATE TRIGGER signature_limits_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.signature_limits
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'set_signature_limits');
GRANT SELECT ON masp.signature_limits TO masp_app, masp_reach;
REVOKE ALL ON FUNCTION masp.set_signature_limits(bigint, bigint, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.set_signature_limits(bigint, bigint, bigint, text) TO masp_app;
