-- +goose Up
-- What persons teach the recognition of bank lines: rules, and offers of rules that they refuse.
-- MA055: a rule is used for what is not certain for a person. MA056: a rule is ended twice.

-- A rule is never changed: it ends, and another one may replace it.
CREATE TABLE masp.recognition_rules (
    rule_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    replaces        bigint CONSTRAINT rule_is_replaced_once UNIQUE REFERENCES masp.recognition_rules,
    bank_account_id text REFERENCES masp.bank_accounts,
    payer_words     text NOT NULL,
    words           text[] NOT NULL CHECK ('' <> ALL (words)),
    min_cents       bigint NOT NULL CHECK (min_cents >= 0),
    max_cents       bigint NOT NULL CHECK (max_cents = 0 OR max_cents >= min_cents),
    mandate_id      text REFERENCES masp.mandates,
    benefit         text NOT NULL,
    payer           text NOT NULL,
    valid_from      date NOT NULL,
    reason          text NOT NULL CHECK (reason <> ''),
    in_spite_of     text NOT NULL, -- why it stands beside one that could fit the same lines
    written_by      text NOT NULL REFERENCES masp.users,
    written_at      timestamptz NOT NULL,
    ended_by        text REFERENCES masp.users,
    ended_at        timestamptz,
    end_reason      text CHECK (end_reason <> ''),
    CONSTRAINT rule_never_fits_everything CHECK (payer_words <> '' OR cardinality(words) > 0),
    CONSTRAINT rule_says_one_thing CHECK ((mandate_id IS NULL) = (benefit = '') AND (mandate_id IS NULL) = (payer <> '')),
    CONSTRAINT rule_ends_by_a_person CHECK (num_nulls(ended_by, ended_at, end_reason) IN (0, 3))
);
CREATE INDEX rules_in_force ON masp.recognition_rules (bank_account_id) WHERE ended_at IS NULL;

-- The offers that somebody refused: they do not come again.
CREATE TABLE masp.refused_rules (
    offer      text PRIMARY KEY CHECK (offer ~ '^[0-9a-f]{12}$'),
    refused_by text NOT NULL REFERENCES masp.users,
    refused_at timestamptz NOT NULL,
    reason     text NOT NULL CHECK (reason <> '')
);
SELECT masp.register(of_table) FROM unnest(ARRAY['recognition_rules', 'refused_rules']) AS of_table;

-- By which rules a line was recognised, in part or in whole.
CREATE TABLE masp.rule_uses (
    line_id bigint NOT NULL REFERENCES masp.bank_lines,
    rule_id bigint NOT NULL REFERENCES masp.recognition_rules,
    PRIMARY KEY (line_id, rule_id)
);
CREATE INDEX uses_of_rule ON masp.rule_uses (rule_id);

-- What an unidentified line may be, ranked, with score and reasons, as known when it came.
ALTER TABLE masp.suspense_items ADD COLUMN suggestions jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT suggestions_are_five_at_most CHECK (jsonb_typeof(suggestions) = 'array' AND jsonb_array_length(suggestions) <= 5);

GRANT SELECT ON masp.recognition_rules, masp.refused_rules TO masp_app;
GRANT SELECT, INSERT ON masp.rule_uses TO masp_app;

-- teacher names the person whose secret this is, when he may teach.
-- +goose StatementBegin
CREATE FUNCTION masp.teacher(secret text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users WHERE user_id = who
                      AND roles && ARRAY['coordinator', 'approver', 'accountant']) THEN
        RAISE EXCEPTION 'user % may not teach the recognition', who USING ERRCODE = 'MA012';
    END IF;
    RETURN who;
END
$$;

CREATE FUNCTION masp.end_rule(secret text, rule bigint, because text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.teacher(secret);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('masp.recognition_rules')); -- imports that read the rules end first
    UPDATE masp.recognition_rules SET ended_by = who, ended_at = masp.now(), end_reason = because
     WHERE rule_id = rule AND ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'rule % is not in force', rule USING ERRCODE = 'MA056';
    END IF;
    RETURN who;
END
$$;

CREATE FUNCTION masp.write_rule(
    secret text, instead_of bigint, account text, by_payer text, by_words text[], at_least bigint, at_most bigint,
    of_mandate text, what text, who_pays text, since date, because text, anyway text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.teacher(secret);
    made bigint;
BEGIN
    IF instead_of IS NOT NULL THEN
        PERFORM masp.end_rule(secret, instead_of, because);
    END IF;
    INSERT INTO masp.recognition_rules (replaces, bank_account_id, payer_words, words, min_cents, max_cents,
        mandate_id, benefit, payer, valid_from, reason, in_spite_of, written_by, written_at)
    VALUES (instead_of, nullif(account, ''), by_payer, by_words, at_least, at_most,
        nullif(of_mandate, ''), what, who_pays, coalesce(since, masp.today()), because, anyway, who, masp.now())
    RETURNING rule_id INTO made;
    RETURN made;
END
$$;

CREATE FUNCTION masp.refuse_rule(secret text, of_offer text, because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO masp.refused_rules (offer, refused_by, refused_at, reason)
    VALUES (of_offer, masp.teacher(secret), masp.now(), because);
END
$$;

-- numbers_nobody tells that no word of these phrases can be the number of a person: seven digits
-- at least, and no day.
CREATE FUNCTION masp.numbers_nobody(words text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT NOT EXISTS (
        SELECT FROM unnest(words) AS phrase, regexp_split_to_table(phrase, '[^0-9A-Z]+') AS word
         WHERE length(regexp_replace(word, '[^0-9]', '', 'g')) >= 7
           AND word !~ '^([0-3][0-9][01][0-9](19|20)[0-9]{2}|(19|20)[0-9]{2}[01][0-9][0-3][0-9])$')
$$;

-- A rule books only while it is in force, on its account, from its day; for a mandate on the account in
-- the name of its person, or by a number among its words (R-035).
CREATE FUNCTION masp.rule_is_certain() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM used u JOIN masp.recognition_rules r USING (rule_id) JOIN masp.bank_lines l USING (line_id)
          JOIN masp.bank_statements s USING (statement_id) JOIN masp.bank_accounts a ON a.bank_account_id = s.bank_account_id
          LEFT JOIN masp.mandates m ON m.mandate_id = r.mandate_id
         WHERE r.ended_at IS NOT NULL OR l.booked_on < r.valid_from OR l.amount_cents <= 0
            OR coalesce(r.bank_account_id <> s.bank_account_id, false)
            OR r.mandate_id IS NOT NULL AND (m.bank_account_id IS DISTINCT FROM s.bank_account_id
               OR a.model <> 'INDIVIDUAL' AND masp.numbers_nobody(r.words))) THEN
        RAISE EXCEPTION 'a rule is used for what is not certain' USING ERRCODE = 'MA055';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER rule_is_certain AFTER INSERT ON masp.rule_uses
    REFERENCING NEW TABLE AS used FOR EACH STATEMENT EXECUTE FUNCTION masp.rule_is_certain();
CREATE TRIGGER rules_have_an_author BEFORE INSERT OR UPDATE OR DELETE ON masp.recognition_rules
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'write_rule', 'end_rule');
CREATE TRIGGER refusals_have_an_author BEFORE INSERT OR UPDATE OR DELETE ON masp.refused_rules
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'refuse_rule');
CREATE TRIGGER uses_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON masp.rule_uses
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'import');

REVOKE ALL ON FUNCTION masp.teacher(text), masp.end_rule(text, bigint, text), masp.rule_is_certain(), masp.numbers_nobody(text[]),
    masp.write_rule(text, bigint, text, text, text[], bigint, bigint, text, text, text, date, text, text),
    masp.refuse_rule(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.numbers_nobody(text[]), masp.end_rule(text, bigint, text), masp.refuse_rule(text, text, text),
    masp.write_rule(text, bigint, text, text, text[], bigint, bigint, text, text, text, date, text, text) TO masp_app;
