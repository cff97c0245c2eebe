-- +goose Up
-- What is due whether a run asks for it or not, and measures of one person that leave each other room.
-- MA047: two measures of one person at once; MA048: more than 48 months in all.

-- unpaid_rents are the rents and charges that are due until a day and not paid in full: the same for
-- arrears (R-078), alerts (L271-5) and the petition (R-018). What a third party pays by order of the
-- judge is not unpaid (R-020), nor is what a plan has taken over.
-- +goose StatementBegin
CREATE FUNCTION masp.unpaid_rents(until_day date)
RETURNS TABLE (mandate_id text, creditor_id text, obligation_id text, due_on date, open_cents bigint)
LANGUAGE sql STABLE
AS $$
    SELECT o.mandate_id, o.creditor_id, o.obligation_id, d.due_on, d.due_cents - d.paid_cents - d.replaced_cents
      FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
     WHERE o.class IN ('RENT', 'RENTAL_CHARGE') AND o.block IS NULL AND d.due_on <= until_day
       AND d.paid_cents + d.replaced_cents < d.due_cents
       AND NOT d.due_on = ANY (o.except_days) AND d.due_on <= coalesce(o.valid_to, 'infinity')
       AND NOT EXISTS (SELECT FROM masp.direct_payments p WHERE p.obligation_id = d.obligation_id
                          AND d.due_on BETWEEN p.starts_on AND p.ends_on)
$$;
-- +goose StatementEnd

-- One measure of a person runs at a time, and all of them last 48 months (R-010).
CREATE UNIQUE INDEX one_measure_at_a_time ON masp.mandates (beneficiary_id) WHERE status IN ('ACTIVE', 'SUSPENDED');

-- A contract that nobody has signed may wait: it is judged when the measure begins.
-- +goose StatementBegin
CREATE FUNCTION masp.measures_of_a_person() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.mandates m
                WHERE m.beneficiary_id = NEW.beneficiary_id AND m.mandate_id <> NEW.mandate_id AND m.status <> 'PENDING_SIGNATURE'
                  AND m.contract_start <= coalesce(NEW.ended_on, NEW.renewed_to, NEW.contract_end)
                  AND coalesce(m.ended_on, m.last_day) >= NEW.contract_start) THEN
        RAISE EXCEPTION 'R-010: another measure of the person of % runs meanwhile', NEW.mandate_id USING ERRCODE = 'MA047';
    END IF;
    IF NEW.contract_end + 1 > NEW.contract_start
        + make_interval(months => 48 - masp.months_elsewhere(NEW.beneficiary_id, NEW.mandate_id)) THEN
        RAISE EXCEPTION 'R-010: the measures of the person of % last more than 48 months', NEW.mandate_id USING ERRCODE = 'MA048';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER measures_of_a_person_when_loaded BEFORE INSERT ON masp.mandates
    FOR EACH ROW WHEN (NEW.status <> 'PENDING_SIGNATURE') EXECUTE FUNCTION masp.measures_of_a_person();
CREATE TRIGGER measures_of_a_person BEFORE UPDATE ON masp.mandates
    FOR EACH ROW WHEN (NEW.status = 'ACTIVE' AND OLD.status IN ('PENDING_SIGNATURE', 'ENDED')
                       OR NEW.renewed_to IS DISTINCT FROM OLD.renewed_to)
    EXECUTE FUNCTION masp.measures_of_a_person();

REVOKE ALL ON FUNCTION masp.measures_of_a_person() FROM PUBLIC;
REVOKE ALL ON FUNCTION masp.unpaid_rents(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.unpaid_rents(date) TO masp_app;
