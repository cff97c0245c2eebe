-- +goose Up
-- What is due whether a run asks for it or not, and measures of one person that leave each other room.
-- MA047: measures of one person.

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

REVOKE ALL ON FUNCTION masp.unpaid_rents(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.unpaid_rents(date) TO masp_app;
