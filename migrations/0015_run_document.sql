-- +goose Up
-- The run as a document: who changed what in it before it was submitted, what the person said,
-- and how many persons must sign it.

-- From this total on, two persons who did not prepare a run sign it; NULL = one is enough.
ALTER TABLE masp.organisations
    ADD COLUMN second_approval_from_cents bigint CHECK (second_approval_from_cents > 0);

-- +goose StatementBegin
CREATE FUNCTION masp.set_second_approval(from_cents bigint, secret text) RETURNS text
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
    UPDATE masp.organisations SET second_approval_from_cents = from_cents;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.set_second_approval(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.set_second_approval(bigint, text) TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.signatures_needed(of_run text) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 1 + count(*)::integer FROM masp.organisations
     WHERE second_approval_from_cents <= (SELECT coalesce(sum(amount_cents), 0) FROM masp.instructions WHERE run_id = of_run)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.signatures_needed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.signatures_needed(text) TO masp_app;

-- What is left goes to this account on these days, as the run was asked or edited.
ALTER TABLE masp.run_mandates
    ADD COLUMN remit_to text NOT NULL DEFAULT '',
    ADD COLUMN remit_on date[] NOT NULL DEFAULT '{}';
GRANT UPDATE (remit_to, remit_on) ON masp.run_mandates TO masp_app;

-- The message of ours that an answer of the bank is about.
ALTER TABLE masp.status_reports ADD COLUMN about text NOT NULL DEFAULT '';
CREATE INDEX status_reports_about ON masp.status_reports (about);

-- What a coordinator changed in a draft: who and when stand in the act.
CREATE TABLE masp.run_adjustments (
    run_id       text NOT NULL,
    adjustment_no integer NOT NULL CHECK (adjustment_no > 0),
    act_no       integer NOT NULL,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    line         text NOT NULL, -- its key; empty for the money of the person
    kind         text NOT NULL CONSTRAINT adjustment_is_known CHECK (kind IN
        ('SET_AMOUNT', 'DEFER', 'BLOCK', 'WITHDRAW', 'ADD_LINE', 'REFUSED_BY_PERSON', 'RESTORE', 'REMIT')),
    amount_cents bigint NOT NULL CHECK ((amount_cents > 0) = (kind = 'SET_AMOUNT') AND amount_cents >= 0),
    from_cents   bigint NOT NULL CHECK (from_cents >= 0),
    to_cents     bigint NOT NULL CHECK (to_cents >= 0),
    remit_to     text NOT NULL,
    remit_on     date[] NOT NULL,
    reason       text NOT NULL CONSTRAINT adjustment_says_why CHECK (btrim(reason) <> ''),
    PRIMARY KEY (run_id, adjustment_no),
    CONSTRAINT adjustment_is_an_act FOREIGN KEY (run_id, act_no) REFERENCES masp.run_acts,
    CONSTRAINT adjustment_of_a_line CHECK ((line = '') = (kind = 'REMIT'))
);
GRANT SELECT, INSERT ON masp.run_adjustments TO masp_app;
CREATE TRIGGER run_adjustments_by_edit AFTER INSERT ON masp.run_adjustments REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.run_is_written_before_its_acts();
CREATE TRIGGER run_adjustments_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.run_adjustments
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();

-- What the person said of a run (R-111), as somebody who heard it wrote it down.
CREATE TABLE masp.run_comments (
    run_id     text NOT NULL,
    act_no     integer NOT NULL,
    mandate_id text NOT NULL,
    line       text NOT NULL, -- its key; empty for the run as a whole
    text       text NOT NULL CHECK (btrim(text) <> ''),
    refuses    boolean NOT NULL,
    PRIMARY KEY (run_id, act_no),
    CONSTRAINT comment_is_an_act FOREIGN KEY (run_id, act_no) REFERENCES masp.run_acts,
    CONSTRAINT refused_is_a_line CHECK (NOT refuses OR line <> '')
);
GRANT SELECT, INSERT ON masp.run_comments TO masp_app;
-- +goose StatementBegin
CREATE FUNCTION masp.comment_is_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = NEW.run_id AND a.act_no = NEW.act_no AND a.act = 'comment')
       OR NOT masp.acted_now(NEW.run_id, 'comment') THEN
        RAISE EXCEPTION 'a comment on run % needs the act of a person', NEW.run_id USING ERRCODE = 'MA042';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER comment_is_signed BEFORE INSERT ON masp.run_comments
    FOR EACH ROW EXECUTE FUNCTION masp.comment_is_signed();
CREATE TRIGGER run_comments_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.run_comments
    FOR EACH STATEMENT EXECUTE FUNCTION masp.runs_are_only_added();
