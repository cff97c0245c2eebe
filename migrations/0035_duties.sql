-- +goose Up
-- The last separated duties: an IBAN that pays for many persons wants two confirmers, and who confirmed
-- an IBAN leaves the approval of its first payment to others. Both only where there are others.
--   MA152  two persons confirm this IBAN: who did so once does not do it again

-- living_users are those with one of the roles who can prove themselves today.
-- +goose StatementBegin
CREATE FUNCTION masp.living_users(with_roles text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.user_id FROM masp.users u, (SELECT masp.now() AS at, masp.today() AS day OFFSET 0) clock
     WHERE u.roles && with_roles AND u.disabled_at IS NULL AND (u.ends_on IS NULL OR u.ends_on >= clock.day)
       AND (EXISTS (SELECT FROM masp.logins l WHERE l.user_id = u.user_id)
            OR EXISTS (SELECT FROM masp.user_identities i WHERE i.user_id = u.user_id)
            OR EXISTS (SELECT FROM masp.credentials c WHERE c.user_id = u.user_id AND c.purpose IN ('token', 'session')
                          AND c.revoked_at IS NULL AND c.expires_at > clock.at))
$$;
-- +goose StatementEnd

-- The first of two confirmations; the second stands with the IBAN itself.
CREATE TABLE masp.iban_confirmations (
    creditor_id  text NOT NULL,
    version      integer NOT NULL,
    user_id      text NOT NULL REFERENCES masp.users,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (creditor_id, version),
    FOREIGN KEY (creditor_id, version) REFERENCES masp.creditor_ibans
);
SELECT masp.register('iban_confirmations');
CREATE TRIGGER iban_confirmations_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.iban_confirmations
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'confirm_creditor_iban');
GRANT SELECT ON masp.iban_confirmations TO masp_app;
SELECT masp.restrict('iban_confirmations', 'EXISTS (SELECT FROM masp.creditors seen
    WHERE seen.creditor_id = iban_confirmations.creditor_id) OR (SELECT masp.reaches_all())');

-- confirmers_wanted is how many confirm an IBAN besides who proposed it: two when it replaces another
-- one of a payee of more than ten mandates, if there are two who may; else one.
-- +goose StatementBegin
CREATE FUNCTION masp.confirmers_wanted(creditor text, of_version integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN v.version > 1 AND v.proposed_by IS NOT NULL
            AND (SELECT count(DISTINCT o.mandate_id) FROM masp.obligations o WHERE o.creditor_id = v.creditor_id) > 10
            AND (SELECT count(*) FROM masp.living_users(ARRAY['coordinator', 'approver', 'accountant']) AS u (user_id)
                  WHERE u.user_id <> v.proposed_by) > 1
           THEN 2 ELSE 1 END
      FROM masp.creditor_ibans v WHERE v.creditor_id = creditor AND v.version = of_version
$$;
-- +goose StatementEnd

-- As in 0005, and NULL while a second confirmation is awaited.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.confirm_creditor_iban(creditor text, of_version integer, secret text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.user_of(secret);
    held  interval;
    row_  masp.creditor_ibans%ROWTYPE;
    first text;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    SELECT * INTO row_ FROM masp.creditor_ibans
     WHERE creditor_id = creditor AND version = of_version FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'creditor % has no IBAN version %', creditor, of_version USING ERRCODE = 'no_data_found';
    END IF;
    IF row_.proposed_by = who THEN
        RAISE EXCEPTION 'the user who proposed an IBAN cannot confirm it' USING ERRCODE = 'MA011';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not confirm an IBAN', who USING ERRCODE = 'MA012';
    END IF;
    IF row_.confirmed_by IS NOT NULL THEN
        RETURN row_.payable_from;
    END IF;
    IF masp.confirmers_wanted(creditor, of_version) > 1 THEN
        SELECT c.user_id INTO first FROM masp.iban_confirmations c WHERE c.creditor_id = creditor AND c.version = of_version;
        IF first IS NULL THEN
            INSERT INTO masp.iban_confirmations VALUES (creditor, of_version, who, masp.now());
            RETURN NULL;
        ELSIF first = who THEN
            RAISE EXCEPTION 'IBAN version % of creditor % wants another user', of_version, creditor USING ERRCODE = 'MA152';
        END IF;
    END IF;
    SELECT make_interval(hours => iban_hold_hours) INTO held FROM masp.organisations;
    UPDATE masp.creditor_ibans
       SET confirmed_by = who, confirmed_at = masp.now(), payable_from = masp.now() + coalesce(held, '72 hours')
     WHERE creditor_id = creditor AND version = of_version
    RETURNING payable_from INTO row_.payable_from;
    RETURN row_.payable_from;
END
$$;
-- +goose StatementEnd

-- Who confirmed an IBAN does not approve its first payment either (MA015), unless too few others can:
-- a house of two people would never pay. What two persons signed with a load is nobody's change.
-- +goose StatementBegin
CREATE FUNCTION masp.first_payment_is_approved_by_others() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    concerned text[];
    submitted integer;
    signed    bigint;
    others    bigint;
BEGIN
    WITH paid AS (SELECT DISTINCT creditor_id, iban_version AS version FROM masp.instructions
                   WHERE run_id = NEW.run_id AND state = 'draft' AND iban_version IS NOT NULL),
         fresh AS (SELECT v.creditor_id, v.version, v.proposed_by, v.confirmed_by
                     FROM paid JOIN masp.creditor_ibans v USING (creditor_id, version)
                    WHERE v.load_sha256 IS NULL
                      AND NOT EXISTS (SELECT FROM masp.instructions s WHERE s.creditor_id = v.creditor_id
                                         AND s.iban_version = v.version AND s.state = 'settled'))
    SELECT array_agg(user_id) INTO concerned
      FROM (SELECT unnest(ARRAY[proposed_by, confirmed_by]) AS user_id FROM fresh
            UNION SELECT c.user_id FROM fresh JOIN masp.iban_confirmations c USING (creditor_id, version)) who;
    IF concerned IS NULL OR NOT NEW.user_id = ANY (concerned) THEN
        RETURN NEW;
    END IF;
    SELECT max(act_no) INTO submitted FROM masp.run_acts WHERE run_id = NEW.run_id AND act = 'submit';
    SELECT count(*) INTO signed FROM masp.run_acts WHERE run_id = NEW.run_id AND act = 'approve' AND act_no > submitted;
    SELECT count(*) INTO others FROM masp.living_users(ARRAY['approver']) AS u (user_id)
     WHERE u.user_id <> ALL (concerned)
       AND NOT EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = NEW.run_id AND a.user_id = u.user_id
                          AND (a.act IN ('propose', 'edit', 'submit', 'reopen') OR a.act = 'approve' AND a.act_no > submitted));
    IF others >= masp.signatures_needed(NEW.run_id) - signed THEN
        RAISE EXCEPTION 'user % confirmed an IBAN that run % pays for the first time', NEW.user_id, NEW.run_id USING ERRCODE = 'MA015';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER first_payment_is_approved_by_others BEFORE INSERT ON masp.run_acts
    FOR EACH ROW WHEN (NEW.act = 'approve') EXECUTE FUNCTION masp.first_payment_is_approved_by_others();

-- An alert of no person is seen by whom it is assigned to, by name.
-- +goose StatementBegin
CREATE FUNCTION masp.reader() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT masp.user_of(current_setting('masp.secret', true)) $$;
-- +goose StatementEnd
ALTER POLICY within_reach ON masp.alerts USING (mandate_id IN (SELECT unnest(masp.reached())) OR (SELECT masp.reaches_all())
    OR mandate_id IS NULL AND assigned_to = (SELECT masp.reader()));

REVOKE ALL ON FUNCTION masp.living_users(text[]), masp.confirmers_wanted(text, integer),
    masp.first_payment_is_approved_by_others(), masp.reader() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.confirmers_wanted(text, integer) TO masp_app, masp_reach;
GRANT EXECUTE ON FUNCTION masp.reader() TO masp_app, masp_reach;
