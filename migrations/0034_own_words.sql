-- +goose Up
-- What a person says herself of the run that is prepared for her (R-111), by her own device. It changes
-- nothing of the run: who prepares it reads it there, and decides.
CREATE TABLE masp.person_comments (
    comment_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id         text NOT NULL REFERENCES masp.runs,
    mandate_id     text NOT NULL REFERENCES masp.mandates,
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    line           text NOT NULL, -- its key; empty for the run as a whole
    text           text NOT NULL CONSTRAINT words_are_said CHECK (btrim(text) <> '' AND length(text) <= 2000),
    refuses        boolean NOT NULL,
    said_at        timestamptz NOT NULL,
    CONSTRAINT refused_by_her_is_a_line CHECK (NOT refuses OR line <> '')
);
CREATE INDEX person_comments_of_run ON masp.person_comments (run_id);
CREATE INDEX person_comments_of_mandate ON masp.person_comments (mandate_id);

-- say_of_run keeps what the person of a device says of her part of a run that nobody has approved yet.
-- She refuses no rent and no charge: they go first.
-- +goose StatementBegin
CREATE FUNCTION masp.say_of_run(
    of_run text, of_mandate text, of_line text, said text, wished boolean, by_secret text, OUT who text, OUT at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    standing text;
BEGIN
    who := masp.beneficiary_of(by_secret);
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the device of a person' USING ERRCODE = 'MA010';
    END IF;
    SELECT r.state INTO standing FROM masp.runs r
      JOIN masp.run_mandates p USING (run_id) JOIN masp.mandates m USING (mandate_id)
     WHERE r.run_id = of_run AND p.mandate_id = of_mandate AND m.beneficiary_id = who FOR SHARE OF r;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no part of run % is hers', of_run USING ERRCODE = 'no_data_found';
    END IF;
    IF standing NOT IN ('draft', 'in_review') THEN
        RAISE EXCEPTION 'nobody can comment run %: it is %', of_run, standing USING ERRCODE = 'MA014';
    END IF;
    IF of_line <> '' AND NOT EXISTS (SELECT FROM masp.run_lines l WHERE l.run_id = of_run AND l.mandate_id = of_mandate
                                        AND l.obligation_id || to_char(l.due_on, '@YYYY-MM-DD') = of_line) THEN
        RAISE EXCEPTION 'line % is not in run %', of_line, of_run USING ERRCODE = 'MA150';
    END IF;
    IF wished AND EXISTS (SELECT FROM masp.run_lines l WHERE l.run_id = of_run AND l.mandate_id = of_mandate
                             AND l.obligation_id || to_char(l.due_on, '@YYYY-MM-DD') = of_line AND l.class IN ('RENT', 'RENTAL_CHARGE')) THEN
        RAISE EXCEPTION 'line % is rent or a charge', of_line USING ERRCODE = 'MA151';
    END IF;
    at := masp.now();
    INSERT INTO masp.person_comments (run_id, mandate_id, beneficiary_id, line, text, refuses, said_at)
    VALUES (of_run, of_mandate, who, of_line, said, wished, at);
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_comments_are_said_by_her BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.person_comments
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'say_of_run');
GRANT SELECT ON masp.person_comments TO masp_app;
SELECT masp.restrict('person_comments', 'mandate_id IN (SELECT unnest(masp.reached())) OR (SELECT masp.reaches_all())');
REVOKE ALL ON FUNCTION masp.say_of_run(text, text, text, text, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.say_of_run(text, text, text, text, boolean, text) TO masp_app;
