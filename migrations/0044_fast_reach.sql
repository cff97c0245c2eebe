-- +goose Up
-- Whose a secret is, and whom he sees, is asked several times by each statement under row-level security.
-- PL/pgSQL answers it now: its plans live as long as the connection, those of a function in SQL are made
-- again by each statement. No answer changes (api/auth: TestWhoSeesWhomIsWhatItWas).

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.now() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN clock_timestamp() + (SELECT c.shift FROM masp.clock_offsets c);
END
$$;

CREATE OR REPLACE FUNCTION masp.today() RETURNS date
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (masp.now() AT TIME ZONE 'Europe/Paris')::date;
END
$$;

CREATE OR REPLACE FUNCTION masp.principal_of(secret text) RETURNS TABLE (
    user_id text, means text, key bigint, scopes text[], proved_at timestamptz, unseen interval
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    instant timestamptz := masp.now();
BEGIN
    RETURN QUERY
    SELECT u.user_id, c.purpose, c.credential_id, c.scopes, c.proved_at, instant - s.seen_at
      FROM masp.credentials c
      JOIN masp.users u USING (user_id)
      LEFT JOIN masp.session_uses s USING (credential_id)
     WHERE c.secret_hash = sha256(convert_to(secret, 'UTF8'))
       AND c.purpose IN ('token', 'session')
       AND c.revoked_at IS NULL AND c.expires_at > instant
       AND (c.purpose = 'token' OR s.seen_at + s.idle > instant)
       AND u.disabled_at IS NULL
       AND (u.ends_on IS NULL OR u.ends_on >= (instant AT TIME ZONE 'Europe/Paris')::date);
END
$$;

CREATE OR REPLACE FUNCTION masp.user_of(secret text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT p.user_id FROM masp.principal_of(secret) p);
END
$$;

CREATE OR REPLACE FUNCTION masp.beneficiary_of(secret text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT d.beneficiary_id FROM masp.living_devices d WHERE d.secret_hash = sha256(convert_to(secret, 'UTF8')));
END
$$;

CREATE OR REPLACE FUNCTION masp.reached() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT r.mandates || r.audited FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.reaches_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT r.whole OR r.audits_whole FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.reaches_books() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT r.whole FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.audits_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT r.audits_whole FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.reached_persons() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine text[] := masp.reached();
BEGIN
    RETURN ARRAY(SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = ANY (mine));
END
$$;

CREATE OR REPLACE FUNCTION masp.reached_banks() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine text[] := masp.reached();
BEGIN
    RETURN ARRAY(SELECT m.bank_account_id FROM masp.mandates m WHERE m.mandate_id = ANY (mine)
                 UNION SELECT e.bank_account_id FROM masp.earlier_accounts e WHERE e.mandate_id = ANY (mine));
END
$$;

CREATE OR REPLACE FUNCTION masp.own_banks() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    banks text[] := masp.reached_banks();
BEGIN
    RETURN ARRAY(SELECT a.bank_account_id FROM masp.bank_accounts a
                  WHERE a.model = 'INDIVIDUAL' AND a.bank_account_id = ANY (banks));
END
$$;

CREATE OR REPLACE FUNCTION masp.reached_creditors() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine text[] := masp.reached();
BEGIN
    RETURN ARRAY(SELECT o.creditor_id FROM masp.obligations o WHERE o.mandate_id = ANY (mine)
                 UNION SELECT d.creditor_id FROM masp.debts d WHERE d.mandate_id = ANY (mine)
                 UNION SELECT i.creditor_id FROM masp.instructions i WHERE i.mandate_id = ANY (mine)
                 UNION SELECT h.landlord FROM masp.housing h WHERE h.mandate_id = ANY (mine)
                 UNION SELECT t.remit_to FROM masp.mandate_terms t WHERE t.mandate_id = ANY (mine));
END
$$;

CREATE OR REPLACE FUNCTION masp.accounts_of(owners text[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(SELECT a.account_id::integer FROM masp.accounts a
                  WHERE a.pcg = '467' AND a.owner = ANY (owners)
                 UNION
                 SELECT a.account_id::integer FROM masp.mandates m
                   JOIN masp.bank_accounts b ON b.bank_account_id = m.bank_account_id AND b.model = 'INDIVIDUAL'
                   JOIN masp.accounts a ON a.code = '512:' || b.bank_account_id
                  WHERE m.mandate_id = ANY (owners));
END
$$;

CREATE OR REPLACE FUNCTION masp.reached_accounts() RETURNS integer[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT masp.accounts_of(r.mandates) FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.audited_accounts() RETURNS integer[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT masp.accounts_of(r.audited) FROM masp.reach_of(current_setting('masp.secret', true)) r);
END
$$;

CREATE OR REPLACE FUNCTION masp.audited_entries() RETURNS int8range
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record := masp.reach_of(current_setting('masp.secret', true));
BEGIN
    IF r.from_on IS NULL THEN
        RETURN 'empty'::int8range;
    ELSIF r.until_on IS NULL OR r.until_on >= masp.today() THEN
        RETURN int8range(masp.first_entry_on(r.from_on), NULL);
    END IF;
    RETURN int8range(masp.first_entry_on(r.from_on), masp.first_entry_on(r.until_on + 1));
END
$$;

CREATE OR REPLACE FUNCTION masp.reader() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN masp.user_of(current_setting('masp.secret', true));
END
$$;

CREATE OR REPLACE FUNCTION masp.coordinator_of(of_mandate text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    day date := masp.today();
BEGIN
    IF coalesce(current_setting('masp.secret', true), '') <> ''
        AND NOT (of_mandate = ANY (masp.reached()) OR masp.reaches_all()) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT u.name FROM masp.mandates m
              LEFT JOIN LATERAL (SELECT c.user_id FROM masp.caseloads c
                                  WHERE c.mandate_id = m.mandate_id AND c.from_on <= day AND coalesce(c.until_on, day) >= day
                                  ORDER BY c.from_on DESC, c.user_id LIMIT 1) c ON true
              JOIN masp.users u ON u.user_id = coalesce(c.user_id, m.coordinator) AND u.disabled_at IS NULL
             WHERE m.mandate_id = of_mandate);
END
$$;
-- +goose StatementEnd
