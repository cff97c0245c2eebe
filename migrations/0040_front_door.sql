-- +goose Up
-- How one reaches the organisation: what stands on every page for persons, on the accessibility statement and
-- on the legal notice. It is public. The newest row counts; the ones before stay.
--
--	MA180  a telephone number, an address of mail or an address does not read
CREATE TABLE masp.front_doors (
    door_no integer PRIMARY KEY CHECK (door_no > 0),
    phone   text NOT NULL CONSTRAINT phone_reads CHECK (phone ~ '^([0-9+][0-9 .()-]{2,29})?$'),
    email   text NOT NULL CONSTRAINT email_reads CHECK (email ~ '^([^@\s]+@[^@\s]+)?$' AND length(email) <= 200),
    address text NOT NULL CONSTRAINT address_fits CHECK (length(address) <= 300),
    set_by  text NOT NULL REFERENCES masp.users,
    set_at  timestamptz NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION masp.set_front_door(secret text, new_phone text, new_email text, new_address text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['admin', 'accountant', 'approver']) THEN
        RAISE EXCEPTION 'user % may not say how the organisation is reached', who USING ERRCODE = 'MA012';
    END IF;
    LOCK TABLE masp.front_doors IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO masp.front_doors
    SELECT 1 + coalesce(max(door_no), 0), btrim(new_phone), btrim(new_email), btrim(new_address), who, masp.now() FROM masp.front_doors;
    RETURN who;
EXCEPTION WHEN check_violation THEN
    RAISE EXCEPTION 'this does not read as a way to reach anybody' USING ERRCODE = 'MA180';
END
$$;

-- coordinator_of is the name of who looks after a mandate today, for who sees that mandate: a person knows who
-- helps her, and no other user.
CREATE FUNCTION masp.coordinator_of(of_mandate text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.name FROM masp.mandates m
      LEFT JOIN LATERAL (SELECT c.user_id FROM masp.caseloads c
                          WHERE c.mandate_id = m.mandate_id AND c.from_on <= (SELECT masp.today())
                            AND coalesce(c.until_on, (SELECT masp.today())) >= (SELECT masp.today())
                          ORDER BY c.from_on DESC, c.user_id LIMIT 1) c ON true
      JOIN masp.users u ON u.user_id = coalesce(c.user_id, m.coordinator) AND u.disabled_at IS NULL
     WHERE m.mandate_id = of_mandate
       AND (coalesce(current_setting('masp.secret', true), '') = ''
            OR m.mandate_id = ANY (masp.reached()) OR masp.reaches_all())
$$;

-- signers_of are the names of who signed a run as it stands, for who sees a part of it: a person knows who has
-- decided about her money.
CREATE FUNCTION masp.signers_of(of_run text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(u.name ORDER BY a.act_no), '{}')
      FROM masp.run_acts a JOIN masp.users u USING (user_id)
     WHERE a.run_id = of_run AND a.act = 'approve'
       AND a.act_no > coalesce((SELECT max(b.act_no) FROM masp.run_acts b WHERE b.run_id = of_run AND b.act IN ('submit', 'reopen')), 0)
       AND (coalesce(current_setting('masp.secret', true), '') = '' OR masp.reaches_all()
            OR EXISTS (SELECT FROM masp.run_mandates m WHERE m.run_id = of_run AND m.mandate_id = ANY (masp.reached())))
$$;
-- +goose StatementEnd
CREATE TRIGGER front_doors_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.front_doors
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'set_front_door');
GRANT SELECT ON masp.front_doors TO masp_app, masp_reach;
REVOKE ALL ON FUNCTION masp.set_front_door(text, text, text, text), masp.coordinator_of(text), masp.signers_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.set_front_door(text, text, text, text) TO masp_app;
GRANT EXECUTE ON FUNCTION masp.coordinator_of(text), masp.signers_of(text) TO masp_app, masp_reach;
