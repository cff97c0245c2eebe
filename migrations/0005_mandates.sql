-- +goose Up
-- Who is helped, with which benefits, what is due and to whom.
-- References (M-0001, C-EDF …) are given by the organisation and never change.

CREATE TABLE masp.benefits (
    code        text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{1,23}$'),
    valid_from  date NOT NULL,
    valid_to    date CHECK (valid_to >= valid_from),
    label       text NOT NULL,
    legal_item  text NOT NULL,
    payers      text[] NOT NULL,
    manageable  boolean NOT NULL,
    third_party_excluded boolean NOT NULL DEFAULT false,
    purpose     text,
    PRIMARY KEY (code, valid_from)
);

CREATE TABLE masp.bank_accounts (
    bank_account_id text PRIMARY KEY CONSTRAINT bank_account_reference CHECK (bank_account_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    iban         text NOT NULL CONSTRAINT bank_account_iban_once UNIQUE CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    bic          text CHECK (bic ~ '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
    holder       text NOT NULL CHECK (holder <> ''),
    owner        text NOT NULL CONSTRAINT client_funds_only CHECK (owner IN ('BENEFICIARY', 'ASSOCIATION_CLIENT_FUNDS')),
    model        text NOT NULL CHECK (model IN ('INDIVIDUAL', 'POOLED')),
    pain_version text NOT NULL DEFAULT '001.09' CHECK (pain_version IN ('001.09', '001.03')),
    CONSTRAINT model_fits_owner CHECK ((model = 'INDIVIDUAL') = (owner = 'BENEFICIARY'))
);

CREATE TABLE masp.beneficiaries (
    beneficiary_id text PRIMARY KEY CONSTRAINT beneficiary_reference CHECK (beneficiary_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    civility     text,
    last_name    text NOT NULL CHECK (last_name <> ''),
    first_name   text NOT NULL CHECK (first_name <> ''),
    born_on      date NOT NULL,
    department   text NOT NULL CHECK (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$')
);

-- The number by which a payer knows the person (numéro allocataire): the key of recognition.
CREATE TABLE masp.payer_numbers (
    payer          text NOT NULL CHECK (payer ~ '^[A-Z][A-Z0-9_]{1,23}$'),
    number         text NOT NULL CHECK (number ~ '^[A-Z0-9]{4,20}$'),
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    CONSTRAINT payer_number_once PRIMARY KEY (payer, number)
);
CREATE INDEX payer_numbers_of_beneficiary ON masp.payer_numbers (beneficiary_id);

-- A measure with its first contract; masp.renewals has the next ones (0011). The measure lasts until
-- last_day, the end of its last contract that all have signed.
CREATE TABLE masp.mandates (
    mandate_id      text PRIMARY KEY CONSTRAINT mandate_reference CHECK (mandate_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    beneficiary_id  text NOT NULL REFERENCES masp.beneficiaries,
    level           text NOT NULL CHECK (level IN ('MASP1', 'MASP2')),
    department      text NOT NULL,
    status          text NOT NULL CHECK (status IN ('PENDING_SIGNATURE', 'ACTIVE', 'SUSPENDED', 'ENDED', 'DECEASED', 'CLOSED')),
    threat_ground   text NOT NULL CHECK (threat_ground IN ('HEALTH', 'SAFETY', 'BOTH')),
    contract_start  date NOT NULL,
    contract_end    date NOT NULL,
    months_before   integer NOT NULL DEFAULT 0 CHECK (months_before >= 0),
    signed_by_person_on      date,
    signed_by_department_on  date,
    signed_by_operator_on    date,
    commitments     text[] NOT NULL DEFAULT '{}',
    preceded_by     text CHECK (preceded_by = 'MAJ'),
    renewed_to      date CHECK (renewed_to > contract_end),
    last_day        date NOT NULL GENERATED ALWAYS AS (coalesce(renewed_to, contract_end)) STORED,
    bank_account_id text REFERENCES masp.bank_accounts,
    coordinator     text REFERENCES masp.users,
    ended_on        date,
    end_reason      text,
    died_on         date,
    CONSTRAINT contract_lasts_6_to_24_months CHECK (
        contract_end + 1 >= contract_start + interval '6 months'
        AND contract_end + 1 <= contract_start + interval '24 months'),
    CONSTRAINT measure_lasts_48_months CHECK (
        contract_end + 1 <= contract_start + make_interval(months => 48 - months_before)),
    CONSTRAINT active_is_signed_by_all CHECK (status IN ('PENDING_SIGNATURE', 'DECEASED')
        OR (signed_by_person_on IS NOT NULL AND signed_by_department_on IS NOT NULL)),
    CONSTRAINT end_has_its_day_and_reason CHECK (status NOT IN ('ENDED', 'DECEASED', 'CLOSED')
        OR (ended_on IS NOT NULL AND end_reason IS NOT NULL)),
    CONSTRAINT death_has_its_day CHECK (status <> 'DECEASED' OR died_on IS NOT NULL),
    CONSTRAINT money_only_in_masp2 CHECK ((level = 'MASP2') = (bank_account_id IS NOT NULL))
);
CREATE INDEX mandates_of_beneficiary ON masp.mandates (beneficiary_id);
CREATE INDEX mandates_of_bank_account ON masp.mandates (bank_account_id);

-- Terms are never rewritten: an amendment adds a row, and an old run replays with its own.
CREATE TABLE masp.mandate_terms (
    mandate_id      text NOT NULL REFERENCES masp.mandates,
    valid_from      date NOT NULL,
    class_order     text[] NOT NULL,
    senior_classes  text[] NOT NULL,
    partial_classes text[] NOT NULL,
    living_floor_cents bigint NOT NULL CHECK (living_floor_cents >= 0),
    shortfall       text NOT NULL CHECK (shortfall IN ('STOP', 'SKIP')),
    remit_to        text,
    remit_days      integer[] NOT NULL DEFAULT '{}',
    remit_weekly    integer NOT NULL DEFAULT 0 CHECK (remit_weekly BETWEEN 0 AND 5),
    PRIMARY KEY (mandate_id, valid_from),
    CONSTRAINT rent_and_charges_stay_first CHECK (
        class_order[1:2] = ARRAY['RENT', 'RENTAL_CHARGE']
        AND senior_classes @> ARRAY['RENT', 'RENTAL_CHARGE']
        AND senior_classes <@ ARRAY['RENT', 'RENTAL_CHARGE'])
);

CREATE TABLE masp.authorised_benefits (
    mandate_id text NOT NULL REFERENCES masp.mandates,
    benefit    text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    PRIMARY KEY (mandate_id, benefit, valid_from)
);

CREATE TABLE masp.expected_benefits (
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    benefit      text NOT NULL,
    period       date NOT NULL CONSTRAINT period_is_a_month CHECK (extract(day FROM period) = 1),
    payer        text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    expected_on  date NOT NULL,
    third_party  boolean NOT NULL DEFAULT false,
    expected_no  bigint GENERATED ALWAYS AS IDENTITY, -- the order in which they were expected
    PRIMARY KEY (mandate_id, benefit, period)
);

CREATE TABLE masp.creditors (
    creditor_id text PRIMARY KEY CONSTRAINT creditor_reference CHECK (creditor_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    name        text NOT NULL CHECK (name <> ''),
    kind        text NOT NULL CHECK (kind IN ('LANDLORD', 'INSURER', 'ENERGY', 'WATER', 'TELECOM',
        'PUBLIC', 'CREDITOR', 'BENEFICIARY', 'NOTARY', 'PAYER', 'OTHER'))
);

-- An IBAN is proposed by one person, confirmed by another, then held (decisions 5, R-068).
CREATE TABLE masp.creditor_ibans (
    creditor_id  text NOT NULL REFERENCES masp.creditors,
    version      integer NOT NULL CHECK (version > 0),
    iban         text NOT NULL CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    evidence     text NOT NULL DEFAULT '',
    load_sha256  text CHECK (load_sha256 ~ '^[0-9a-f]{64}$'),
    proposed_by  text REFERENCES masp.users (user_id),
    proposed_at  timestamptz NOT NULL,
    confirmed_by text REFERENCES masp.users (user_id),
    confirmed_at timestamptz,
    payable_from timestamptz,
    PRIMARY KEY (creditor_id, version),
    CONSTRAINT iban_has_an_author CHECK (proposed_by IS NOT NULL OR load_sha256 IS NOT NULL),
    CONSTRAINT iban_needs_two_people CHECK (confirmed_by IS NULL
        OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)),
    CONSTRAINT confirmed_is_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)
        AND (confirmed_by IS NULL) = (payable_from IS NULL))
);

-- The creditors of a first load count as confirmed when two users have signed that load.
CREATE TABLE masp.load_signatures (
    load_sha256 text NOT NULL CHECK (load_sha256 ~ '^[0-9a-f]{64}$'),
    user_id     text NOT NULL REFERENCES masp.users,
    signed_at   timestamptz NOT NULL,
    PRIMARY KEY (load_sha256, user_id)
);

CREATE TABLE masp.debts (
    debt_id        text PRIMARY KEY CONSTRAINT debt_reference CHECK (debt_id ~ '^[A-Z0-9][A-Z0-9-]{0,23}$'),
    mandate_id     text NOT NULL REFERENCES masp.mandates,
    creditor_id    text NOT NULL REFERENCES masp.creditors,
    kind           text NOT NULL,
    principal_cents   bigint NOT NULL CHECK (principal_cents >= 0),
    outstanding_cents bigint NOT NULL CONSTRAINT debt_never_overpaid CHECK (outstanding_cents >= 0),
    instalment_cents  bigint CHECK (instalment_cents > 0),
    born_on        date,
    contested_on   date,
    recovery       text NOT NULL DEFAULT 'DIRECT' CHECK (recovery IN ('DIRECT', 'WITHHOLDING'))
);
CREATE INDEX debts_of_mandate ON masp.debts (mandate_id);

CREATE TABLE masp.obligations (
    obligation_id text PRIMARY KEY CONSTRAINT obligation_reference CHECK (obligation_id ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    class        text NOT NULL CHECK (class IN ('RENT', 'RENTAL_CHARGE', 'HOUSING_OTHER', 'DEBT_PLAN', 'OTHER_BILL', 'RESERVE')),
    creditor_id  text REFERENCES masp.creditors,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    label        text NOT NULL CHECK (label <> ''),
    reference    text NOT NULL DEFAULT '',
    frequency    text NOT NULL CHECK (frequency IN ('ONCE', 'WEEKLY', 'FORTNIGHTLY', 'MONTHLY', 'QUARTERLY', 'YEARLY')),
    due_day      integer NOT NULL DEFAULT 0 CHECK (due_day BETWEEN 0 AND 31),
    valid_from   date NOT NULL,
    valid_to     date CHECK (valid_to >= valid_from),
    debt_id      text REFERENCES masp.debts,
    block        text,
    position     integer NOT NULL DEFAULT 0,
    CONSTRAINT reserve_has_no_creditor CHECK ((class = 'RESERVE') = (creditor_id IS NULL)),
    CONSTRAINT plan_names_its_debt CHECK (class <> 'DEBT_PLAN' OR debt_id IS NOT NULL)
);
CREATE INDEX obligations_of_mandate ON masp.obligations (mandate_id);

-- What is set aside inside a person's 467 (no posting): the sum of its movements.
CREATE TABLE masp.reserve_movements (
    movement_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   text NOT NULL REFERENCES masp.mandates,
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    source       text NOT NULL CONSTRAINT reserve_source_once UNIQUE,
    on_day       date NOT NULL
);
CREATE INDEX reserves_of_mandate ON masp.reserve_movements (mandate_id);

-- Nothing is released that is not set aside (R-062). Whoever releases holds the mandate.
-- +goose StatementBegin
CREATE FUNCTION masp.reserve_stays_above_zero() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT sum(amount_cents) FROM masp.reserve_movements WHERE mandate_id = NEW.mandate_id) < 0 THEN
        RAISE EXCEPTION 'more is released of % than is set aside', NEW.mandate_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reserve_stays_above_zero';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.reserve_stays_above_zero() FROM PUBLIC;
CREATE TRIGGER reserve_stays_above_zero AFTER INSERT ON masp.reserve_movements
    FOR EACH ROW WHEN (NEW.amount_cents < 0) EXECUTE FUNCTION masp.reserve_stays_above_zero();

GRANT SELECT, INSERT ON masp.benefits, masp.bank_accounts, masp.beneficiaries, masp.payer_numbers,
    masp.mandates, masp.mandate_terms, masp.authorised_benefits, masp.expected_benefits,
    masp.creditors, masp.debts, masp.obligations, masp.reserve_movements TO masp_app;
GRANT SELECT ON masp.creditor_ibans, masp.load_signatures TO masp_app;
GRANT INSERT (creditor_id, version, iban, evidence, load_sha256, proposed_by, proposed_at) ON masp.creditor_ibans TO masp_app;
GRANT UPDATE (pain_version) ON masp.bank_accounts TO masp_app;
GRANT UPDATE (status, signed_by_person_on, signed_by_department_on, signed_by_operator_on,
    ended_on, end_reason, died_on, coordinator) ON masp.mandates TO masp_app;
GRANT UPDATE (valid_to) ON masp.obligations, masp.authorised_benefits TO masp_app;
GRANT UPDATE (block) ON masp.obligations TO masp_app;
GRANT UPDATE (outstanding_cents, contested_on) ON masp.debts TO masp_app;

-- Confirming an IBAN is a human act: only this door writes it, and it asks for the secret.
-- +goose StatementBegin
CREATE FUNCTION masp.confirm_creditor_iban(creditor text, of_version integer, secret text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.user_of(secret);
    held interval;
    row_ masp.creditor_ibans%ROWTYPE;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    SELECT * INTO row_ FROM masp.creditor_ibans
     WHERE creditor_id = creditor AND version = of_version FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'creditor % has no IBAN version %', creditor, of_version USING ERRCODE = 'no_data_found';
    END IF;
    IF row_.proposed_by = who THEN
        RAISE EXCEPTION 'the user who proposed an IBAN cannot confirm it' USING ERRCODE = 'MA011';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not confirm an IBAN', who USING ERRCODE = 'MA012';
    END IF;
    IF row_.confirmed_by IS NOT NULL THEN
        RETURN row_.payable_from;
    END IF;
    SELECT make_interval(hours => iban_hold_hours) INTO held FROM masp.organisations;
    UPDATE masp.creditor_ibans
       SET confirmed_by = who, confirmed_at = masp.now(), payable_from = masp.now() + coalesce(held, '72 hours')
     WHERE creditor_id = creditor AND version = of_version
    RETURNING payable_from INTO row_.payable_from;
    RETURN row_.payable_from;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.confirm_creditor_iban(text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.confirm_creditor_iban(text, integer, text) TO masp_app;

-- An IBAN says that it came with a load only when it did: it is a creditor's first, and nobody
-- has signed that load yet. What two people signed is not added to.
-- +goose StatementBegin
CREATE FUNCTION masp.loaded_iban_comes_with_its_load() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.version <> 1 OR EXISTS (SELECT FROM masp.load_signatures s WHERE s.load_sha256 = NEW.load_sha256) THEN
        RAISE EXCEPTION 'IBAN version % of creditor % did not come with the load that it names', NEW.version, NEW.creditor_id
            USING ERRCODE = 'MA021';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER loaded_iban_comes_with_its_load BEFORE INSERT ON masp.creditor_ibans
    FOR EACH ROW WHEN (NEW.load_sha256 IS NOT NULL)
    EXECUTE FUNCTION masp.loaded_iban_comes_with_its_load();

-- Two different signatures confirm every IBAN of a load (decisions 5): the second one, once.
-- It answers how many users have signed.
-- +goose StatementBegin
CREATE FUNCTION masp.sign_load(load_hash text, secret text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who     text := masp.user_of(secret);
    signers text[];
    added   integer;
    held    interval := '0';
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not sign a load', who USING ERRCODE = 'MA012';
    END IF;
    PERFORM FROM masp.creditor_ibans WHERE load_sha256 = load_hash ORDER BY creditor_id, version FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no creditor was loaded by %', load_hash USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO masp.load_signatures (load_sha256, user_id, signed_at) VALUES (load_hash, who, masp.now())
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    SELECT array_agg(user_id ORDER BY signed_at, user_id) INTO signers
      FROM masp.load_signatures WHERE load_sha256 = load_hash;
    -- Only the start of an organisation is spared the hold: a later load is a change like another.
    IF EXISTS (SELECT FROM masp.creditor_ibans
                WHERE confirmed_by IS NOT NULL AND load_sha256 IS DISTINCT FROM load_hash) THEN
        SELECT make_interval(hours => iban_hold_hours) INTO held FROM masp.organisations;
    END IF;
    IF added = 1 AND cardinality(signers) = 2 THEN
        UPDATE masp.creditor_ibans
           SET proposed_by = signers[1], confirmed_by = signers[2], confirmed_at = masp.now(),
               payable_from = masp.now() + held
         WHERE load_sha256 = load_hash AND confirmed_by IS NULL;
    END IF;
    RETURN cardinality(signers);
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.sign_load(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.sign_load(text, text) TO masp_app;
