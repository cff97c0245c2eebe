-- +goose Up
-- Which paper of a mandate was given to whom, when, by what means. A paper is named by what it says:
-- its kind, its days and the hash of its content, which it bears in each of its forms.
--   MA140  a paper is handed over by who works with the person
--   MA141  on a day that is over or today, and not before the last day that the paper tells of
--   MA142  a final account is one of a measure that is over
--   MA143  nothing is handed to a person who has died
CREATE TABLE masp.handed_papers (
    paper_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    kind         text NOT NULL CONSTRAINT paper_is_known CHECK (kind IN ('STATEMENT', 'ANNUAL', 'FINAL')),
    from_on      date NOT NULL,
    to_on        date NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    recipient    text NOT NULL CONSTRAINT recipient_is_known
                 CHECK (recipient IN ('PERSON', 'DEPARTMENT', 'COURT', 'HEIRS', 'RELAY', 'OTHER')),
    means        text NOT NULL CONSTRAINT means_is_known CHECK (means IN ('BY_HAND', 'POST', 'EMAIL', 'PORTAL')),
    handed_on    date NOT NULL,
    note         text NOT NULL CONSTRAINT note_is_short CHECK (length(note) <= 500),
    recorded_by  text NOT NULL REFERENCES masp.users,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT paper_has_its_days CHECK (from_on <= to_on),
    CONSTRAINT handed_after_its_days CHECK (handed_on >= to_on),
    CONSTRAINT other_recipient_is_named CHECK (recipient <> 'OTHER' OR note <> ''),
    CONSTRAINT handed_once UNIQUE (mandate_id, kind, from_on, to_on, content_hash, recipient, means, handed_on)
);
SELECT masp.register('handed_papers');

-- +goose StatementBegin
CREATE FUNCTION masp.hand_over_paper(
    by_secret text, of_mandate text, of_kind text, first_on date, last_on date, content bytea,
    to_whom text, by_means text, on_day date, remark text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(by_secret);
    m   record;
    no  bigint;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not hand over papers', who USING ERRCODE = 'MA140';
    END IF;
    IF on_day > masp.today() OR on_day < last_on THEN
        RAISE EXCEPTION 'a paper to % is not handed over on %', last_on, on_day USING ERRCODE = 'MA141';
    END IF;
    SELECT status, died_on INTO m FROM masp.mandates WHERE mandate_id = of_mandate FOR KEY SHARE;
    IF of_kind = 'FINAL' AND m.status NOT IN ('ENDED', 'DECEASED', 'CLOSED') THEN
        RAISE EXCEPTION 'measure % is not over', of_mandate USING ERRCODE = 'MA142';
    END IF;
    IF to_whom = 'PERSON' AND m.died_on <= on_day THEN
        RAISE EXCEPTION 'the person of % has died', of_mandate USING ERRCODE = 'MA143';
    END IF;
    INSERT INTO masp.handed_papers (mandate_id, kind, from_on, to_on, content_hash, recipient, means, handed_on, note,
        recorded_by, recorded_at)
    VALUES (of_mandate, of_kind, first_on, last_on, content, to_whom, by_means, on_day, remark, who, masp.now())
    RETURNING paper_no INTO no;
    RETURN no;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER papers_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.handed_papers
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'hand_over_paper');
REVOKE ALL ON FUNCTION masp.hand_over_paper(text, text, text, date, date, bytea, text, text, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.hand_over_paper(text, text, text, date, date, bytea, text, text, date, text) TO masp_app;
GRANT SELECT ON masp.handed_papers TO masp_app;
SELECT masp.restrict('handed_papers', 'mandate_id IN (SELECT unnest(masp.reached())) OR (SELECT masp.reaches_all())');
