-- +goose Up
-- Debts fall and rise by movements only (R-064): what is still owed is the sum of them, and
-- PostgreSQL keeps that sum. What the payer withholds (R-070) and what an aid pays straight to the
-- creditor (R-079) are movements without an entry.

CREATE TABLE masp.debt_movements (
    movement_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    debt_id      text NOT NULL REFERENCES masp.debts,
    on_day       date NOT NULL,
    kind         text NOT NULL,
    amount_cents bigint NOT NULL,
    source       text NOT NULL CONSTRAINT debt_movement_once UNIQUE,
    evidence     text NOT NULL DEFAULT '',
    CONSTRAINT debt_movement_has_its_sign CHECK (CASE kind
        WHEN 'OPENING' THEN amount_cents >= 0 AND source = 'opening ' || debt_id
        WHEN 'PAYMENT' THEN amount_cents < 0
        WHEN 'RESTORED' THEN amount_cents > 0
        WHEN 'WITHHOLDING' THEN amount_cents < 0
        WHEN 'AID' THEN amount_cents < 0 AND evidence <> ''
        WHEN 'CORRECTION' THEN amount_cents <> 0 AND evidence <> ''
        ELSE false END)
);
CREATE INDEX movements_of_debt ON masp.debt_movements (debt_id, movement_id);
SELECT masp.register('debt_movements');

-- A contest stops recovery from its day until the day on which it ends (R-072).
ALTER TABLE masp.debts ADD COLUMN contest_ended_on date
    CONSTRAINT contest_ends_after_it_began CHECK (contest_ended_on >= contested_on);

GRANT SELECT ON masp.debt_movements TO masp_app;
GRANT UPDATE (contest_ended_on, instalment_cents) ON masp.debts TO masp_app;
GRANT INSERT (debt_id, on_day, kind, amount_cents, source, evidence) ON masp.debt_movements TO masp_app;
REVOKE UPDATE (outstanding_cents) ON masp.debts FROM masp_app;

-- debt_opens_with_a_movement: what is owed when a debt comes in is its first movement.
-- +goose StatementBegin
CREATE FUNCTION masp.debt_opens_with_a_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
    SELECT debt_id, masp.today(), 'OPENING', outstanding_cents, 'opening ' || debt_id FROM added;
    RETURN NULL;
END
$$;
-- debt_follows_its_movements: never below zero (debt_never_overpaid).
CREATE FUNCTION masp.debt_follows_its_movements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE masp.debts d SET outstanding_cents = d.outstanding_cents + m.cents
      FROM (SELECT debt_id, sum(amount_cents)::bigint AS cents FROM added WHERE kind <> 'OPENING' GROUP BY debt_id) m
     WHERE d.debt_id = m.debt_id;
    RETURN NULL;
END
$$;
CREATE FUNCTION masp.debt_movements_are_only_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% of masp.% is refused: what happened to a debt never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'MA001', HINT = 'a mistake is corrected by another movement';
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.debt_opens_with_a_movement(), masp.debt_follows_its_movements(),
    masp.debt_movements_are_only_added() FROM PUBLIC;
CREATE TRIGGER debt_opens_with_a_movement AFTER INSERT ON masp.debts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_opens_with_a_movement();
CREATE TRIGGER debt_follows_its_movements AFTER INSERT ON masp.debt_movements REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_follows_its_movements();
CREATE TRIGGER debt_movements_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.debt_movements
    FOR EACH STATEMENT EXECUTE FUNCTION masp.debt_movements_are_only_added();
CREATE TRIGGER debt_falls_by_movements_only BEFORE UPDATE OF outstanding_cents ON masp.debts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'debt_follows_its_movements');

-- What payers have kept of benefits, by day: it explains a benefit that came short.
CREATE VIEW masp.debt_withholdings AS
SELECT d.mandate_id, m.debt_id, m.on_day, -m.amount_cents AS amount_cents
  FROM masp.debt_movements m JOIN masp.debts d USING (debt_id) WHERE m.kind = 'WITHHOLDING';
GRANT SELECT ON masp.debt_withholdings TO masp_app, masp_read;
