-- +goose Up
-- The activity of a year beside the mandates (R-133, R-134): diagnostics, supports without a mandate
-- (ASLL) and their visits. A household is a reference of the organisation's own: no name stands here.
--   MA174  activity is noted by a coordinator, or by a program that keeps files
--   MA175  what is noted contradicts what was noted before
--   MA176  what has not happened yet is not noted
CREATE TABLE masp.diagnostics (
    diagnostic_id text PRIMARY KEY CONSTRAINT diagnostic_reference CHECK (diagnostic_id ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    department    text NOT NULL CHECK (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$'),
    done_on       date NOT NULL,
    outcome       text NOT NULL CONSTRAINT outcome_is_known CHECK (outcome IN ('FOLLOWED', 'REFUSED', 'NEVER_MET')),
    recorded_by   text NOT NULL REFERENCES masp.users,
    recorded_at   timestamptz NOT NULL
);
CREATE TABLE masp.supports (
    support_id         text PRIMARY KEY CONSTRAINT support_reference CHECK (support_id ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    diagnostic_id      text REFERENCES masp.diagnostics, -- none: it was made elsewhere
    department         text NOT NULL CHECK (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$'),
    kind               text NOT NULL CONSTRAINT support_is_known CHECK (kind IN ('MAINTENANCE', 'SEARCH', 'ACCESS')),
    starts_on          date NOT NULL,
    ends_on            date CONSTRAINT support_ends_after_it_began CHECK (ends_on >= starts_on),
    visits_first_month integer NOT NULL CHECK (visits_first_month BETWEEN 0 AND 31),
    visits_per_month   integer NOT NULL CHECK (visits_per_month BETWEEN 0 AND 31),
    recorded_by        text NOT NULL REFERENCES masp.users,
    recorded_at        timestamptz NOT NULL
);
CREATE TABLE masp.visits (
    support_id  text NOT NULL REFERENCES masp.supports,
    visited_on  date NOT NULL,
    means       text NOT NULL CONSTRAINT visit_is_known CHECK (means IN ('HOME', 'OFFICE', 'PHONE')),
    recorded_by text NOT NULL REFERENCES masp.users,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT visited_once_a_day PRIMARY KEY (support_id, visited_on, means)
);
CREATE INDEX supports_by_days ON masp.supports (starts_on, ends_on);
SELECT masp.register(of_table) FROM unnest(ARRAY['diagnostics', 'supports', 'visits']) AS of_table;

-- audited_departments are those of the mandates that an auditor reaches: their activity is his.
-- +goose StatementBegin
CREATE FUNCTION masp.audited_departments() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT DISTINCT m.department FROM masp.mandates m WHERE m.mandate_id = ANY (r.audited))
      FROM masp.reach_of(current_setting('masp.secret', true)) r
$$;
-- +goose StatementEnd
SELECT masp.restrict(of_table, 'department IN (SELECT unnest(masp.audited_departments())) OR (SELECT masp.reaches_all())')
  FROM unnest(ARRAY['diagnostics', 'supports']) AS of_table;
SELECT masp.restrict('visits', 'EXISTS (SELECT FROM masp.supports seen WHERE seen.support_id = visits.support_id)
    OR (SELECT masp.reaches_all())');

-- note_activity notes diagnostics, supports and visits. The same again is harmless; a support that goes on
-- is ended by noting it again with its last day. It answers who has acted and how many rows are new.
-- +goose StatementBegin
CREATE FUNCTION masp.note_activity(by_secret text, given jsonb, OUT who text, OUT added bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    n     bigint;
    today date := masp.today();
BEGIN
    who := masp.user_of(by_secret);
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['coordinator', 'machine']) THEN
        RAISE EXCEPTION 'user % may not note activity', who USING ERRCODE = 'MA174';
    END IF;
    CREATE TEMPORARY TABLE noted_diagnostics ON COMMIT DROP AS
    SELECT d.id, d.department, d.done_on, d.outcome
      FROM jsonb_to_recordset(given -> 'diagnostics') AS d (id text, department text, done_on date, outcome text);
    CREATE TEMPORARY TABLE noted_supports ON COMMIT DROP AS
    SELECT s.id, s.diagnostic, s.department, s.kind, s.starts_on, s.ends_on, s.first_month, s.per_month
      FROM jsonb_to_recordset(given -> 'supports') AS s (id text, diagnostic text, department text, kind text,
           starts_on date, ends_on date, first_month integer, per_month integer);
    CREATE TEMPORARY TABLE noted_visits ON COMMIT DROP AS
    SELECT v.support, v.visited_on, v.means
      FROM jsonb_to_recordset(given -> 'visits') AS v (support text, visited_on date, means text);
    IF EXISTS (SELECT FROM pg_temp.noted_diagnostics WHERE done_on > today)
        OR EXISTS (SELECT FROM pg_temp.noted_supports WHERE starts_on > today OR ends_on > today)
        OR EXISTS (SELECT FROM pg_temp.noted_visits WHERE visited_on > today) THEN
        RAISE EXCEPTION 'what has not happened yet is not noted' USING ERRCODE = 'MA176';
    END IF;

    INSERT INTO masp.diagnostics (diagnostic_id, department, done_on, outcome, recorded_by, recorded_at)
    SELECT id, department, done_on, outcome, who, masp.now() FROM pg_temp.noted_diagnostics
        ON CONFLICT (diagnostic_id) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    INSERT INTO masp.supports (support_id, diagnostic_id, department, kind, starts_on, ends_on, visits_first_month, visits_per_month,
        recorded_by, recorded_at)
    SELECT id, diagnostic, department, kind, starts_on, ends_on, first_month, per_month, who, masp.now() FROM pg_temp.noted_supports
        ON CONFLICT (support_id) DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    added := added + n;
    UPDATE masp.supports s SET ends_on = g.ends_on FROM pg_temp.noted_supports g
     WHERE s.support_id = g.id AND s.ends_on IS NULL AND g.ends_on IS NOT NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    added := added + n;
    INSERT INTO masp.visits (support_id, visited_on, means, recorded_by, recorded_at)
    SELECT support, visited_on, means, who, masp.now() FROM pg_temp.noted_visits
        ON CONFLICT ON CONSTRAINT visited_once_a_day DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    added := added + n;

    IF EXISTS (SELECT FROM pg_temp.noted_diagnostics g JOIN masp.diagnostics d ON d.diagnostic_id = g.id
                WHERE (d.department, d.done_on, d.outcome) IS DISTINCT FROM (g.department, g.done_on, g.outcome))
        OR EXISTS (SELECT FROM pg_temp.noted_supports g JOIN masp.supports s ON s.support_id = g.id
                WHERE (s.diagnostic_id, s.department, s.kind, s.starts_on, s.visits_first_month, s.visits_per_month)
                      IS DISTINCT FROM (g.diagnostic, g.department, g.kind, g.starts_on, g.first_month, g.per_month)
                   OR s.ends_on <> g.ends_on)
        OR EXISTS (SELECT FROM pg_temp.noted_supports g JOIN masp.diagnostics d ON d.diagnostic_id = g.diagnostic
                WHERE d.outcome <> 'FOLLOWED' OR d.department <> g.department)
        OR EXISTS (SELECT FROM pg_temp.noted_visits g JOIN masp.supports s ON s.support_id = g.support
                WHERE g.visited_on < s.starts_on OR g.visited_on > s.ends_on) THEN
        RAISE EXCEPTION 'what is noted contradicts what was noted before' USING ERRCODE = 'MA175';
    END IF;
    DROP TABLE pg_temp.noted_diagnostics, pg_temp.noted_supports, pg_temp.noted_visits;
END
$$;

DO $$
DECLARE
    of_table text;
BEGIN
    FOREACH of_table IN ARRAY ARRAY['diagnostics', 'supports', 'visits'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.%1$I
            FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door(''INSERT UPDATE'', ''note_activity'')', of_table);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT SELECT ON masp.diagnostics, masp.supports, masp.visits TO masp_app;
REVOKE ALL ON FUNCTION masp.audited_departments(), masp.note_activity(text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.audited_departments() TO masp_app, masp_reach;
GRANT EXECUTE ON FUNCTION masp.note_activity(text, jsonb) TO masp_app;
