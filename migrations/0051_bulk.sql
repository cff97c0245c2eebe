-- +goose Up
-- A hundred thousand mandates cost ten times the work of ten thousand, by the same rules.

-- masp1_holds_no_money (0011) is asked once for each account that opens or leaves zero. The owner of an
-- account is of the collation "C", the reference of a measure is not: no index served the comparison,
-- and each account read all measures. Each answer is two look-ups by key now.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION masp.masp1_holds_no_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    IF (SELECT m.level FROM masp.mandates m WHERE m.mandate_id =
            (SELECT a.owner COLLATE "default" FROM masp.accounts a WHERE a.account_id = NEW.account_id AND a.pcg = '467')) = 'MASP1' THEN
        RAISE EXCEPTION 'account % is that of a MASP 1: it holds no money', NEW.account_id USING ERRCODE = 'MA030';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
