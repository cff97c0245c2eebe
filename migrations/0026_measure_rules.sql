-- +goose Up
-- What the law says beside the contract itself: who else manages benefits, under which convention
-- the association works, what the person contributes.
-- MA085: a benefit that the family court has given to somebody else.

-- Benefits that a delegate of the family court manages for the household (MJAGBF): no contract names
-- one of them meanwhile (R-029, R-104).
CREATE TABLE masp.court_benefits (
    mandate_id text NOT NULL REFERENCES masp.mandates,
    benefit    text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to >= valid_from),
    judgment   text NOT NULL CHECK (btrim(judgment) <> ''),
    CONSTRAINT court_benefit_once PRIMARY KEY (mandate_id, benefit, valid_from)
);
SELECT masp.register('court_benefits');
GRANT SELECT, INSERT ON masp.court_benefits TO masp_app;
GRANT UPDATE (valid_to) ON masp.court_benefits TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.court_benefits_are_not_managed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.court_benefits c JOIN masp.authorised_benefits a USING (mandate_id, benefit)
                WHERE (mandate_id, benefit) IN (SELECT n.mandate_id, n.benefit FROM new_rows n)
                  AND a.valid_from <= coalesce(c.valid_to, 'infinity')
                  AND coalesce(a.valid_to, 'infinity') >= greatest(a.valid_from, c.valid_from)) THEN
        RAISE EXCEPTION 'R-029: a delegate of the family court manages this benefit' USING ERRCODE = 'MA085';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.court_benefits_are_not_managed() FROM PUBLIC;
CREATE TRIGGER court_benefits_are_not_managed AFTER INSERT ON masp.court_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER longer_court_benefits_are_not_managed AFTER UPDATE ON masp.court_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER court_manages_no_authorised_benefit AFTER INSERT ON masp.authorised_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
CREATE TRIGGER court_manages_no_longer_authorised_benefit AFTER UPDATE ON masp.authorised_benefits
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.court_benefits_are_not_managed();
