-- +goose Up
-- The life of a measure (R-001 to R-022, R-090 to R-099): evaluations, renewals, amendments,
-- suspensions, the end, the closing at zero.
-- MA028: what the law wants of a contract; MA029: amendments; MA030: money that stands in the way;
-- MA031: a step that the life of a measure does not have.

CREATE TABLE masp.evaluations (
    evaluation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    text NOT NULL REFERENCES masp.mandates,
    evaluated_on  date NOT NULL,
    author        text NOT NULL REFERENCES masp.users,
    content       text NOT NULL CHECK (content <> '')
);
CREATE INDEX evaluations_of_mandate ON masp.evaluations (mandate_id, evaluated_on);

-- The contracts after the first. A renewal is drafted once its evaluation is there, and counts when
-- all have signed; until the first signature it may be drafted again.
CREATE TABLE masp.renewals (
    mandate_id    text NOT NULL REFERENCES masp.mandates,
    contract_no   integer NOT NULL CHECK (contract_no >= 2),
    starts_on     date NOT NULL,
    ends_on       date NOT NULL,
    evaluation_id bigint NOT NULL CONSTRAINT one_evaluation_per_renewal UNIQUE REFERENCES masp.evaluations,
    gap_reason    text NOT NULL DEFAULT '',
    signed_by_person_on     date,
    signed_by_department_on date,
    signed_by_operator_on   date,
    PRIMARY KEY (mandate_id, contract_no),
    CONSTRAINT renewal_lasts_6_to_24_months CHECK (
        ends_on + 1 >= starts_on + interval '6 months' AND ends_on + 1 <= starts_on + interval '24 months')
);

CREATE TABLE masp.amendments (
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    amendment_no integer NOT NULL CHECK (amendment_no > 0),
    effective_on date NOT NULL,
    reason       text NOT NULL CHECK (reason <> ''),
    changes      jsonb NOT NULL,
    signed_by_person_on     date NOT NULL,
    signed_by_department_on date NOT NULL,
    PRIMARY KEY (mandate_id, amendment_no)
);

CREATE TABLE masp.suspensions (
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    suspended_on date NOT NULL,
    reason       text NOT NULL CHECK (reason <> ''),
    lifted_on    date CHECK (lifted_on >= suspended_on),
    lift_reason  text CHECK (lift_reason <> ''),
    suspension_no integer NOT NULL CHECK (suspension_no > 0),
    PRIMARY KEY (mandate_id, suspension_no),
    CONSTRAINT lift_is_whole CHECK ((lifted_on IS NULL) = (lift_reason IS NULL))
);
CREATE UNIQUE INDEX one_open_suspension ON masp.suspensions (mandate_id) WHERE lifted_on IS NULL;

-- Orders of the judge: a benefit goes straight to the landlord (MASP 3, R-018).
CREATE TABLE masp.direct_payments (
    mandate_id    text NOT NULL REFERENCES masp.mandates,
    order_no      integer NOT NULL CHECK (order_no > 0),
    judgment      text NOT NULL CHECK (judgment <> ''),
    benefit       text NOT NULL,
    obligation_id text NOT NULL REFERENCES masp.obligations,
    starts_on     date NOT NULL,
    ends_on       date NOT NULL CHECK (ends_on >= starts_on),
    PRIMARY KEY (mandate_id, order_no),
    CONSTRAINT order_lasts_24_months CHECK (ends_on + 1 <= starts_on + interval '24 months')
);

SELECT masp.register(of_table) FROM unnest(ARRAY[
    'amendments', 'direct_payments', 'evaluations', 'renewals', 'suspensions']) AS of_table;

GRANT SELECT, INSERT ON masp.evaluations, masp.renewals, masp.amendments, masp.suspensions, masp.direct_payments TO masp_app;
GRANT UPDATE (third_party) ON masp.expected_benefits TO masp_app;
GRANT UPDATE (starts_on, ends_on, evaluation_id, gap_reason, signed_by_person_on, signed_by_department_on,
    signed_by_operator_on) ON masp.renewals TO masp_app;
GRANT UPDATE (lifted_on, lift_reason) ON masp.suspensions TO masp_app;
GRANT UPDATE (level, bank_account_id) ON masp.mandates TO masp_app;

-- Months of a contract; a month begun counts whole.
-- +goose StatementBegin
CREATE FUNCTION masp.contract_months(first_day date, last_day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT m + (last_day >= first_day + make_interval(months => m))::integer
          FROM (SELECT (12 * (extract(year FROM last_day) - extract(year FROM first_day))
                        + extract(month FROM last_day) - extract(month FROM first_day))::integer AS m) counted);
-- +goose StatementEnd

-- months_elsewhere are the months that a person has used in other measures: a gap between two measures
-- does not begin the count again (R-010).
-- +goose StatementBegin
CREATE FUNCTION masp.months_elsewhere(person text, mandate text) RETURNS integer LANGUAGE sql STABLE
AS $$
    SELECT coalesce(sum(used.months), 0)::integer + coalesce(max(m.months_before), 0)
      FROM masp.mandates m
     CROSS JOIN LATERAL (
           SELECT sum(masp.contract_months(c.starts_on, least(c.ends_on, m.ended_on))) AS months
             FROM (VALUES (m.contract_start, m.contract_end)
                   UNION ALL SELECT starts_on, ends_on FROM masp.renewals r WHERE r.mandate_id = m.mandate_id
                                AND r.ends_on <= m.last_day) c (starts_on, ends_on)
            WHERE m.ended_on IS NULL OR c.starts_on <= m.ended_on) used
     WHERE m.beneficiary_id = person AND m.mandate_id <> mandate AND m.status <> 'PENDING_SIGNATURE'
$$;
-- +goose StatementEnd

-- A renewal follows on the contract before it, after an evaluation, within 48 months in all, and is
-- signed before that contract ends: it is never tacit. A gap needs its reason (R-009 to R-012).
-- +goose StatementBegin
CREATE FUNCTION masp.renewal_keeps_the_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    m        masp.mandates;
    last_end date;
    used     integer;
    earlier  integer;
    judged   date;
BEGIN
    IF TG_OP = 'UPDATE' AND num_nonnulls(OLD.signed_by_person_on, OLD.signed_by_department_on, OLD.signed_by_operator_on) > 0
        AND (OLD.starts_on, OLD.ends_on, OLD.evaluation_id, OLD.gap_reason,
             coalesce(OLD.signed_by_person_on, NEW.signed_by_person_on),
             coalesce(OLD.signed_by_department_on, NEW.signed_by_department_on),
             coalesce(OLD.signed_by_operator_on, NEW.signed_by_operator_on))
        IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.evaluation_id, NEW.gap_reason,
             NEW.signed_by_person_on, NEW.signed_by_department_on, NEW.signed_by_operator_on) THEN
        RAISE EXCEPTION 'a renewal that somebody has signed does not change' USING ERRCODE = 'MA028';
    END IF;
    SELECT * INTO m FROM masp.mandates WHERE mandate_id = NEW.mandate_id;
    SELECT coalesce(max(r.ends_on), m.contract_end), count(*),
           greatest(m.months_before, masp.months_elsewhere(m.beneficiary_id, m.mandate_id))
               + masp.contract_months(m.contract_start, m.contract_end)
               + coalesce(sum(masp.contract_months(r.starts_on, r.ends_on)), 0)
      INTO last_end, earlier, used
      FROM masp.renewals r WHERE r.mandate_id = NEW.mandate_id AND r.contract_no < NEW.contract_no;
    SELECT evaluated_on INTO judged FROM masp.evaluations
     WHERE evaluation_id = NEW.evaluation_id AND mandate_id = NEW.mandate_id;
    IF judged IS NULL
        OR judged > least(NEW.signed_by_person_on, NEW.signed_by_department_on, NEW.signed_by_operator_on) THEN
        RAISE EXCEPTION 'a renewal is signed after an evaluation of its measure' USING ERRCODE = 'MA028';
    END IF;
    IF NEW.contract_no <> earlier + 2 OR NEW.starts_on <= last_end OR NEW.starts_on > last_end + 1 AND NEW.gap_reason = '' THEN
        RAISE EXCEPTION 'a renewal follows on the contract before it' USING ERRCODE = 'MA028';
    END IF;
    IF NEW.ends_on + 1 > NEW.starts_on + make_interval(months => 48 - used) THEN
        RAISE EXCEPTION 'a measure lasts 48 months in all' USING ERRCODE = 'MA028';
    END IF;
    IF NEW.gap_reason = ''
        AND greatest(NEW.signed_by_person_on, NEW.signed_by_department_on, NEW.signed_by_operator_on) > last_end THEN
        RAISE EXCEPTION 'a renewal is signed before the contract before it ends' USING ERRCODE = 'MA028';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER renewal_keeps_the_law BEFORE INSERT OR UPDATE ON masp.renewals
    FOR EACH ROW EXECUTE FUNCTION masp.renewal_keeps_the_law();

-- take_renewal lets the last renewal count once all have signed it, and once its first day has come
-- when there is a gap: then a measure that had reached its term goes on. It answers whether it did.
-- +goose StatementBegin
CREATE FUNCTION masp.take_renewal(mandate text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH next AS (
        SELECT * FROM masp.renewals WHERE mandate_id = mandate ORDER BY contract_no DESC LIMIT 1
    ), taken AS (
        UPDATE masp.mandates m
           SET renewed_to = n.ends_on,
               status     = CASE m.status WHEN 'ENDED' THEN 'ACTIVE' ELSE m.status END,
               ended_on   = NULL, end_reason = NULL
          FROM next n
         WHERE m.mandate_id = n.mandate_id AND m.renewed_to IS DISTINCT FROM n.ends_on
           AND n.signed_by_person_on IS NOT NULL AND n.signed_by_department_on IS NOT NULL
           AND (n.signed_by_operator_on IS NOT NULL OR m.signed_by_operator_on IS NULL)
           AND (n.gap_reason = '' OR masp.today() >= greatest(
                n.starts_on, n.signed_by_person_on, n.signed_by_department_on, n.signed_by_operator_on))
           AND (m.status IN ('ACTIVE', 'SUSPENDED') OR m.status = 'ENDED' AND m.end_reason = 'TERM_REACHED')
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM taken)
$$;
-- +goose StatementEnd

-- Terms take effect after every run that was made with the terms before them: an old run replays (R-013).
-- +goose StatementBegin
CREATE FUNCTION masp.terms_leave_runs_alone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN masp.run_mandates m USING (mandate_id) JOIN masp.runs r USING (run_id)
                WHERE m.refused IS NULL AND r.state <> 'cancelled' AND r.run_on >= n.valid_from) THEN
        RAISE EXCEPTION 'a run of that day or later was made with the terms before' USING ERRCODE = 'MA029';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER terms_leave_runs_alone AFTER INSERT ON masp.mandate_terms
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION masp.terms_leave_runs_alone();

-- holds_money tells whether something of a mandate is still here or on its way: an account of the
-- person, a transfer, an earmark. It waits for whoever is posting.
-- +goose StatementBegin
CREATE FUNCTION masp.holds_money(mandate text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM masp.chain_heads FOR UPDATE;
    RETURN EXISTS (SELECT FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
                    WHERE a.owner = mandate COLLATE "C" AND a.pcg = '467' AND b.debit_cents <> b.credit_cents)
        OR EXISTS (SELECT FROM masp.instructions i WHERE i.mandate_id = mandate
                    AND i.state IN ('draft', 'approved', 'scheduled', 'in_transit'))
        OR (SELECT sum(r.amount_cents) FROM masp.reserve_movements r WHERE r.mandate_id = mandate) <> 0;
END
$$;
-- +goose StatementEnd

-- What a measure must be to begin: an adult, commitments of both sides, a benefit to manage. The
-- benefits of a load follow their mandate, so they are asked for when a person starts a measure.
-- +goose StatementBegin
CREATE FUNCTION masp.measure_begins_whole() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    born date := (SELECT born_on FROM masp.beneficiaries WHERE beneficiary_id = NEW.beneficiary_id);
BEGIN
    IF (born + interval '18 years')::date
        + (extract(day FROM born) <> extract(day FROM born + interval '18 years'))::integer > NEW.contract_start THEN
        RAISE EXCEPTION 'R-001: the person of measure % is not of age', NEW.mandate_id USING ERRCODE = 'MA028';
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(NEW.commitments) c WHERE c ~ '^PERSON: *\S')
        OR NOT EXISTS (SELECT FROM unnest(NEW.commitments) c WHERE c ~ '^(DEPARTMENT|OPERATOR): *\S') THEN
        RAISE EXCEPTION 'R-004: measure % needs a commitment of both sides', NEW.mandate_id USING ERRCODE = 'MA028';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.level = 'MASP2'
        AND NOT EXISTS (SELECT FROM masp.authorised_benefits a WHERE a.mandate_id = NEW.mandate_id) THEN
        RAISE EXCEPTION 'R-002: measure % authorises no benefit', NEW.mandate_id USING ERRCODE = 'MA028';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER measure_is_whole_when_loaded BEFORE INSERT ON masp.mandates
    FOR EACH ROW WHEN (NEW.status <> 'PENDING_SIGNATURE') EXECUTE FUNCTION masp.measure_begins_whole();
CREATE TRIGGER measure_begins_whole BEFORE UPDATE OF status ON masp.mandates
    FOR EACH ROW WHEN (OLD.status = 'PENDING_SIGNATURE' AND NEW.status = 'ACTIVE')
    EXECUTE FUNCTION masp.measure_begins_whole();

-- The steps of a life: what is closed stays closed, a death is final, an end goes on by a renewal
-- only, a suspension is written down, nothing is closed or leaves MASP 2 with money in it.
-- +goose StatementBegin
CREATE FUNCTION masp.measure_lives_in_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    step text := OLD.status || ' ' || NEW.status;
BEGIN
    IF NEW.department <> OLD.department OR OLD.status <> NEW.status AND step NOT IN (
        'PENDING_SIGNATURE ACTIVE', 'PENDING_SIGNATURE DECEASED',
        'ACTIVE SUSPENDED', 'SUSPENDED ACTIVE', 'ACTIVE ENDED', 'SUSPENDED ENDED', 'ENDED ACTIVE',
        'ACTIVE DECEASED', 'SUSPENDED DECEASED', 'ENDED DECEASED', 'ENDED CLOSED', 'DECEASED CLOSED')
        OR step = 'ENDED ACTIVE' AND NEW.renewed_to IS NOT DISTINCT FROM OLD.renewed_to
        OR step = 'ACTIVE SUSPENDED' AND NOT EXISTS (
           SELECT FROM masp.suspensions s WHERE s.mandate_id = NEW.mandate_id AND s.lifted_on IS NULL) THEN
        RAISE EXCEPTION 'measure % does not go from % to %', NEW.mandate_id, OLD.status, NEW.status USING ERRCODE = 'MA031';
    END IF;
    IF OLD.end_reason IS NULL AND NEW.end_reason = 'REFERRED_TO_PROSECUTOR'
        AND NOT EXISTS (SELECT FROM masp.evaluations e WHERE e.mandate_id = NEW.mandate_id) THEN
        RAISE EXCEPTION 'R-021: a report to the prosecutor needs an evaluation' USING ERRCODE = 'MA031';
    END IF;
    IF OLD.end_reason IS NULL AND NEW.end_reason = 'MAJ_OPENED' AND NEW.level = 'MASP2' AND NOT EXISTS (
        SELECT FROM masp.mandate_terms t JOIN masp.creditors c ON c.creditor_id = t.remit_to
         WHERE t.mandate_id = NEW.mandate_id AND c.kind = 'BENEFICIARY') THEN
        RAISE EXCEPTION 'R-022: the balance goes to an account of the person' USING ERRCODE = 'MA031';
    END IF;
    IF (NEW.status = 'CLOSED' AND OLD.status <> 'CLOSED' OR OLD.level = 'MASP2' AND NEW.level = 'MASP1')
        AND masp.holds_money(NEW.mandate_id) THEN
        RAISE EXCEPTION 'measure % still holds money', NEW.mandate_id USING ERRCODE = 'MA030';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER measure_lives_in_order BEFORE UPDATE ON masp.mandates
    FOR EACH ROW EXECUTE FUNCTION masp.measure_lives_in_order();

-- MASP 1 holds no money (R-014): no account is opened for it, and one that it has from an earlier
-- MASP 2 does not leave zero. An account is looked at only when it opens or leaves zero.
-- +goose StatementBegin
CREATE FUNCTION masp.masp1_holds_no_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM masp.accounts a JOIN masp.mandates m ON m.mandate_id = a.owner
                WHERE a.account_id = NEW.account_id AND a.pcg = '467' AND m.level = 'MASP1') THEN
        RAISE EXCEPTION 'account % is that of a MASP 1: it holds no money', NEW.account_id USING ERRCODE = 'MA030';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER masp1_opens_no_account AFTER INSERT ON masp.accounts
    FOR EACH ROW WHEN (NEW.code LIKE '467:%') EXECUTE FUNCTION masp.masp1_holds_no_money();
CREATE TRIGGER masp1_stays_at_zero AFTER UPDATE ON masp.account_balances
    FOR EACH ROW WHEN (OLD.seq > 0 AND OLD.debit_cents = OLD.credit_cents AND NEW.floor_cents IS NOT NULL)
    EXECUTE FUNCTION masp.masp1_holds_no_money();

-- Orders last 48 months in all, one after the other, and pay a rent of their measure; what is
-- expected of their benefit meanwhile goes to the landlord (R-018, R-020).
-- +goose StatementBegin
CREATE FUNCTION masp.orders_keep_the_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM masp.obligations o WHERE o.obligation_id = NEW.obligation_id
                    AND o.mandate_id = NEW.mandate_id AND o.class IN ('RENT', 'RENTAL_CHARGE'))
        OR EXISTS (SELECT FROM masp.direct_payments d WHERE d.mandate_id = NEW.mandate_id AND d.ends_on >= NEW.starts_on)
        OR NEW.ends_on + 1 > NEW.starts_on + make_interval(months => 48 - coalesce((
           SELECT sum(masp.contract_months(d.starts_on, d.ends_on)) FROM masp.direct_payments d
            WHERE d.mandate_id = NEW.mandate_id), 0)::integer) THEN
        RAISE EXCEPTION 'R-018: measure % cannot have this order', NEW.mandate_id USING ERRCODE = 'MA028';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION masp.expected_while_ordered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.third_party := NEW.third_party OR EXISTS (
        SELECT FROM masp.direct_payments d WHERE d.mandate_id = NEW.mandate_id AND d.benefit = NEW.benefit
           AND NEW.expected_on BETWEEN d.starts_on AND d.ends_on);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER orders_keep_the_law BEFORE INSERT ON masp.direct_payments
    FOR EACH ROW EXECUTE FUNCTION masp.orders_keep_the_law();
CREATE TRIGGER expected_while_ordered BEFORE INSERT ON masp.expected_benefits
    FOR EACH ROW EXECUTE FUNCTION masp.expected_while_ordered();

REVOKE ALL ON FUNCTION masp.orders_keep_the_law(), masp.expected_while_ordered(), masp.contract_months(date, date), masp.months_elsewhere(text, text), masp.renewal_keeps_the_law(), masp.take_renewal(text),
    masp.terms_leave_runs_alone(), masp.holds_money(text), masp.measure_begins_whole(), masp.measure_lives_in_order(),
    masp.masp1_holds_no_money() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.contract_months(date, date), masp.months_elsewhere(text, text), masp.take_renewal(text), masp.holds_money(text) TO masp_app;
