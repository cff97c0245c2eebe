-- +goose Up
-- Data protection: what is whose in each table, how long it stays, and what is left of a person whose
-- time is over (package payments/privacy).
--   MA177  the user's role does not allow this act
--   MA178  not due, not proposed, or done already
--   MA179  something keeps the file: a hold, money, a transfer on its way

-- Every table of the schema, and what of it belongs to a person: the condition hers, of the person $1
-- and her mandates $2. Export, copy and pseudonymisation read this one list; a test finds a table that
-- is missing. hidden are columns that a copy leaves out, withheld says why the whole table is left out
-- of it, nothing why no row is anybody's. cleared are columns that are emptied at the end; every other
-- text of a row loses her names, numbers and IBANs.
CREATE TABLE masp.personal_data (
    table_name text COLLATE "C" CONSTRAINT personal_data_once PRIMARY KEY,
    title      text NOT NULL DEFAULT '',
    purpose    text NOT NULL DEFAULT '',
    hers       text,
    hidden     text[] NOT NULL DEFAULT '{}',
    cleared    text[] NOT NULL DEFAULT '{}',
    alone      text, -- of these rows, which are about nobody else: only they are copied
    withheld   text,
    nothing    text,
    CONSTRAINT hers_or_nothing CHECK ((hers IS NULL) = (nothing IS NOT NULL))
);
GRANT SELECT ON masp.personal_data TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.own_entries(of_mandates text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.entry_no FROM masp.accounts a JOIN masp.postings p ON p.debit_account = a.account_id
     WHERE a.pcg = '467' AND a.owner = ANY (of_mandates)
     UNION
    SELECT p.entry_no FROM masp.accounts a JOIN masp.postings p ON p.credit_account = a.account_id
     WHERE a.pcg = '467' AND a.owner = ANY (of_mandates)
$$;

-- The bank accounts that bear her name.
CREATE FUNCTION masp.own_accounts(of_mandates text[]) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT b.bank_account_id FROM masp.bank_accounts b
     WHERE b.model = 'INDIVIDUAL' AND (b.bank_account_id IN (SELECT m.bank_account_id FROM masp.mandates m WHERE m.mandate_id = ANY (of_mandates))
        OR b.bank_account_id IN (SELECT e.bank_account_id FROM masp.earlier_accounts e WHERE e.mandate_id = ANY (of_mandates)))
$$;

-- Lines of the bank with the mandates that they are about.
CREATE VIEW masp.line_mandates AS
    SELECT r.line_id, r.mandate_id FROM masp.receipts r WHERE r.line_id IS NOT NULL
     UNION SELECT m.line_id, i.mandate_id FROM masp.line_matches m JOIN masp.instructions i USING (instruction_id)
     UNION SELECT a.line_id, a.mandate_id FROM masp.suspense_assignments a WHERE a.mandate_id IS NOT NULL
     UNION SELECT a.line_id, i.mandate_id FROM masp.suspense_assignments a JOIN masp.instructions i USING (instruction_id)
     UNION SELECT l.line_id, m.mandate_id FROM masp.mandates m JOIN masp.bank_accounts b ON b.bank_account_id = m.bank_account_id AND b.model = 'INDIVIDUAL'
             JOIN masp.bank_statements s ON s.bank_account_id = b.bank_account_id JOIN masp.bank_lines l ON l.statement_id = s.statement_id
     UNION SELECT l.line_id, m.mandate_id FROM masp.earlier_accounts m JOIN masp.bank_accounts b ON b.bank_account_id = m.bank_account_id AND b.model = 'INDIVIDUAL'
             JOIN masp.bank_statements s ON s.bank_account_id = b.bank_account_id JOIN masp.bank_lines l ON l.statement_id = s.statement_id;
ALTER VIEW masp.line_mandates SET (security_invoker = true);

CREATE FUNCTION masp.own_lines(of_mandates text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT v.line_id FROM masp.line_mandates v WHERE v.mandate_id = ANY (of_mandates) $$;

-- Of these, what is also about somebody else, so that no copy shows it.
CREATE FUNCTION masp.shared_lines(of_mandates text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT v.line_id FROM masp.line_mandates v WHERE v.mandate_id <> ALL (of_mandates) $$;

CREATE FUNCTION masp.shared_entries(of_mandates text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.entry_no FROM masp.postings p JOIN masp.accounts a ON a.account_id IN (p.debit_account, p.credit_account)
     WHERE p.entry_no IN (SELECT masp.own_entries(of_mandates)) AND a.pcg = '467' AND a.owner <> ALL (of_mandates)
     UNION SELECT l.entry_no FROM masp.bank_lines l WHERE l.line_id IN (SELECT masp.shared_lines(of_mandates)) AND l.entry_no IS NOT NULL
$$;
-- +goose StatementEnd

INSERT INTO masp.personal_data (table_name, title, purpose, hers, hidden, cleared) VALUES
    ('beneficiaries', 'Identité', 'dossier', 'beneficiary_id = $1', '{}', '{}'),
    ('payer_numbers', 'Numéros chez les payeurs', 'prestations', 'beneficiary_id = $1', '{}', '{}'),
    ('mandates', 'Mesures', 'dossier', 'mandate_id = ANY ($2)', '{}', '{end_reason,commitments}'),
    ('mandate_terms', 'Règles du contrat', 'contrat', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('renewals', 'Renouvellements', 'contrat', 'mandate_id = ANY ($2)', '{}', '{gap_reason}'),
    ('amendments', 'Avenants', 'contrat', 'mandate_id = ANY ($2)', '{}', '{reason}'),
    ('suspensions', 'Suspensions', 'contrat', 'mandate_id = ANY ($2)', '{}', '{reason,lift_reason}'),
    ('evaluations', 'Évaluations', 'accompagnement', 'mandate_id = ANY ($2)', '{}', '{content}'),
    ('threat_notes', 'Motifs de la mesure', 'accompagnement', 'mandate_id = ANY ($2)', '{}', '{content}'),
    ('mandate_conventions', 'Conventions', 'contrat', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('caseloads', 'Qui suit le dossier', 'dossier', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('authorised_benefits', 'Prestations confiées', 'prestations', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('expected_benefits', 'Prestations attendues', 'prestations', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('court_benefits', 'Prestations gérées par le juge', 'prestations', 'mandate_id = ANY ($2)', '{}', '{judgment}'),
    ('direct_payments', 'Versements ordonnés au bailleur', 'logement', 'mandate_id = ANY ($2)', '{}', '{judgment}'),
    ('payer_changes', 'Payeurs prévenus', 'prestations', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('contributions', 'Participation', 'contrat', 'mandate_id = ANY ($2)', '{}', '{decision}'),
    ('housing', 'Logement', 'logement', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('obligations', 'Échéances', 'budget', 'mandate_id = ANY ($2)', '{covers}', '{label,reference,block}'),
    ('shared_obligations', 'Échéances partagées', 'budget', 'shared_id IN (SELECT o.shared_id FROM masp.obligations o WHERE o.mandate_id = ANY ($2))', '{amount_cents}', '{}'),
    ('dues', 'Termes', 'budget', 'obligation_id IN (SELECT o.obligation_id FROM masp.obligations o WHERE o.mandate_id = ANY ($2))', '{}', '{}'),
    ('cover_agreements', 'Accords de prise en charge', 'budget', 'mandate_id = ANY ($2)', '{pays_for}', '{evidence}'),
    ('reserve_movements', 'Provisions', 'budget', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('aid_requests', 'Demandes d''aide', 'accompagnement', 'mandate_id = ANY ($2)', '{}', '{purpose,asked_of}'),
    ('debts', 'Dettes', 'budget', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('debt_movements', 'Mouvements des dettes', 'budget', 'debt_id IN (SELECT d.debt_id FROM masp.debts d WHERE d.mandate_id = ANY ($2))', '{}', '{evidence}'),
    ('debt_plans', 'Plans d''apurement', 'budget', 'debt_id IN (SELECT d.debt_id FROM masp.debts d WHERE d.mandate_id = ANY ($2))', '{}', '{}'),
    ('overindebtedness_steps', 'Surendettement', 'budget', 'mandate_id = ANY ($2)', '{}', '{note}'),
    ('creditors', 'Ses propres comptes', 'paiements', 'beneficiary_id = $1', '{}', '{}'),
    ('creditor_ibans', 'Ses IBAN', 'paiements', 'creditor_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = $1)', '{}', '{evidence}'),
    ('iban_confirmations', 'Confirmations de ses IBAN', 'paiements', 'creditor_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = $1)', '{}', '{}'),
    ('creditor_contacts', 'Ses coordonnées', 'paiements', 'creditor_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = $1)', '{}', '{name,phone,email,hours}'),
    ('name_checks', 'Vérifications du nom par la banque', 'paiements', 'creditor_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = $1)', '{}', '{our_name,bank_name,reference}'),
    ('bank_accounts', 'Compte bancaire à son nom', 'paiements', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{}'),
    ('earlier_accounts', 'Comptes bancaires d''avant', 'paiements', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('bank_statements', 'Relevés de son compte bancaire', 'comptabilité', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{explanation}'),
    ('reconciliations', 'Rapprochements de son compte bancaire', 'comptabilité', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{}'),
    ('bank_locks', 'Clôtures de son compte bancaire', 'comptabilité', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{}'),
    ('day_closings', 'Actes de clôture de son compte bancaire', 'comptabilité', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{reason}'),
    ('statement_delays', 'Relevés attendus de son compte bancaire', 'comptabilité', 'bank_account_id IN (SELECT masp.own_accounts($2))', '{}', '{}'),
    ('bank_lines', 'Mouvements à la banque', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{counterparty,text}'),
    ('receipts', 'Prestations reçues', 'prestations', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('line_matches', 'Paiements retrouvés à la banque', 'comptabilité', 'instruction_id IN (SELECT i.instruction_id FROM masp.instructions i WHERE i.mandate_id = ANY ($2))', '{}', '{}'),
    ('suspense_assignments', 'Argent identifié comme le sien', 'comptabilité', 'mandate_id = ANY ($2)', '{}', '{reason}'),
    ('match_undos', 'Rapprochements annulés', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{reason}'),
    ('suspense_items', 'Argent à identifier', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{suggestion}'),
    ('suspense_acts', 'Recherches sur de l''argent à identifier', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{note}'),
    ('suspense_returns', 'Retours à l''expéditeur', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{}'),
    ('recognition_rules', 'Règles de reconnaissance', 'comptabilité', 'mandate_id = ANY ($2)', '{}', '{reason,end_reason}'),
    ('rule_uses', 'Usages de ces règles', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', '{}'),
    ('advice_parts', 'Parts de bordereaux', 'prestations', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('run_mandates', 'Campagnes de paiement', 'paiements', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('runs', 'Campagnes : dates et état', 'paiements', 'run_id IN (SELECT r.run_id FROM masp.run_mandates r WHERE r.mandate_id = ANY ($2))', '{evidence}', '{}'),
    ('run_acts', 'Campagnes : signatures', 'paiements', 'run_id IN (SELECT r.run_id FROM masp.run_mandates r WHERE r.mandate_id = ANY ($2))', '{}', '{}'),
    ('run_lines', 'Campagnes : lignes', 'paiements', 'mandate_id = ANY ($2)', '{}', '{label,explanation,explanation_person}'),
    ('run_exceptions', 'Campagnes : exceptions', 'paiements', 'mandate_id = ANY ($2)', '{}', '{}'),
    ('run_decisions', 'Campagnes : décisions', 'paiements', 'EXISTS (SELECT FROM masp.run_exceptions e WHERE e.run_id = run_decisions.run_id AND e.exception_no = run_decisions.exception_no AND e.mandate_id = ANY ($2))', '{}', '{reason}'),
    ('run_adjustments', 'Campagnes : changements', 'paiements', 'mandate_id = ANY ($2)', '{}', '{reason}'),
    ('run_comments', 'Campagnes : vos paroles', 'accompagnement', 'mandate_id = ANY ($2)', '{}', '{text}'),
    ('person_comments', 'Vos remarques', 'accompagnement', 'mandate_id = ANY ($2)', '{}', '{text}'),
    ('instructions', 'Virements et paiements', 'paiements', 'mandate_id = ANY ($2)', '{creditor_iban}', '{reference}'),
    ('instruction_covers', 'Ce que les virements paient', 'paiements', 'instruction_id IN (SELECT i.instruction_id FROM masp.instructions i WHERE i.mandate_id = ANY ($2))', '{}', '{}'),
    ('payment_file_instructions', 'Fichiers de virements : vos lignes', 'paiements', 'instruction_id IN (SELECT i.instruction_id FROM masp.instructions i WHERE i.mandate_id = ANY ($2))', '{}', '{}'),
    ('status_reports', 'Réponses de la banque', 'paiements', 'instruction_id IN (SELECT i.instruction_id FROM masp.instructions i WHERE i.mandate_id = ANY ($2))', '{}', '{text}'),
    ('entries', 'Écritures comptables', 'comptabilité', 'entry_no IN (SELECT masp.own_entries($2))', '{content_hash,label_commitment,leaf}', '{}'),
    ('accounts', 'Comptes', 'comptabilité', 'pcg = ''467'' AND owner = ANY ($2)', '{}', '{}'),
    ('account_balances', 'Soldes', 'comptabilité', 'account_id IN (SELECT a.account_id FROM masp.accounts a WHERE a.pcg = ''467'' AND a.owner = ANY ($2))', '{}', '{}'),
    ('beneficiary_months', 'Mois arrêtés', 'comptabilité', 'mandate_id = ANY ($2)', '{hash}', '{}'),
    ('alerts', 'Alertes', 'dossier', 'mandate_id = ANY ($2)', '{}', '{closed_reason}'),
    ('handed_papers', 'Papiers remis', 'dossier', 'mandate_id = ANY ($2)', '{content_hash}', '{note}'),
    ('file_reads', 'Qui a lu le dossier', 'sécurité', 'mandate_id = ANY ($2)', '{request_id,prev_hash,hash,slot}', '{}'),
    ('audit_log', 'Actes sur le dossier', 'sécurité', '(object_type = ''beneficiary'' AND object_id = $1 OR object_type = ''mandate'' AND object_id = ANY ($2)
        OR object_type = ''creditor'' AND object_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = $1)
        OR object_type = ''debt'' AND object_id IN (SELECT d.debt_id FROM masp.debts d WHERE d.mandate_id = ANY ($2))
        OR object_type = ''obligation'' AND object_id IN (SELECT o.obligation_id FROM masp.obligations o WHERE o.mandate_id = ANY ($2))
        OR object_type = ''run'' AND details <> '''' AND details::jsonb ->> ''mandate'' = ANY ($2))',
        '{before_hash,after_hash,registers,prev_hash,hash}', '{reason}'),
    ('cards', 'Cartes d''accès', 'sécurité', 'beneficiary_id = $1', '{code_hash}', '{}'),
    ('devices', 'Appareils', 'sécurité', 'beneficiary_id = $1', '{secret_hash}', '{}'),
    ('device_uses', 'Usage des appareils', 'sécurité', 'device_id IN (SELECT d.device_id FROM masp.devices d WHERE d.beneficiary_id = $1)', '{}', '{}');

INSERT INTO masp.personal_data (table_name, title, purpose, hers, cleared, withheld) VALUES
    ('entry_texts', 'Libellés', 'comptabilité', 'entry_no IN (SELECT masp.own_entries($2))', '{}', 'avec chaque écriture, quand le libellé ne parle que d''elle'),
    ('postings', 'Lignes d''écriture', 'comptabilité', 'entry_no IN (SELECT masp.own_entries($2))', '{}', 'dans les relevés de compte : une ligne porte aussi le solde du compte en face'),
    ('payment_files', 'Fichiers de virements', 'paiements', 'file_id IN (SELECT f.file_id FROM masp.payment_file_instructions f JOIN masp.instructions i USING (instruction_id) WHERE i.mandate_id = ANY ($2))', '{}', 'd''autres personnes y figurent ; vos virements sont dans la liste des virements'),
    ('bank_files', 'Fichiers de la banque', 'comptabilité', 'file_id IN (SELECT s.file_id FROM masp.bank_statements s JOIN masp.bank_lines l USING (statement_id) WHERE l.line_id IN (SELECT masp.own_lines($2)))', '{}', 'd''autres personnes y figurent ; vos mouvements sont dans la liste des mouvements'),
    ('bank_file_parts', 'Octets des fichiers de la banque', 'comptabilité', 'file_id IN (SELECT s.file_id FROM masp.bank_statements s JOIN masp.bank_lines l USING (statement_id) WHERE l.line_id IN (SELECT masp.own_lines($2)))', '{}', 'd''autres personnes y figurent ; vos mouvements sont dans la liste des mouvements'),
    ('notice_lines', 'Détails annoncés par la banque', 'comptabilité', 'notice_line_id IN (SELECT u.notice_line_id FROM masp.notice_uses u WHERE u.line_id IN (SELECT masp.own_lines($2)))', '{}', 'd''autres personnes y figurent ; vos mouvements sont dans la liste des mouvements'),
    ('notice_uses', 'Usage de ces détails', 'comptabilité', 'line_id IN (SELECT masp.own_lines($2))', '{}', 'des numéros de lignes, sans rien de plus'),
    ('advices', 'Bordereaux des payeurs', 'prestations', 'advice_id IN (SELECT p.advice_id FROM masp.advice_parts p WHERE p.mandate_id = ANY ($2))', '{}', 'un bordereau est de plusieurs personnes ; votre part est dans la liste des parts'),
    ('advice_uses', 'Usage des bordereaux', 'prestations', 'advice_id IN (SELECT p.advice_id FROM masp.advice_parts p WHERE p.mandate_id = ANY ($2))', '{}', 'des numéros de lignes, sans rien de plus'),
    ('suspense_clearings', 'Lignes annulées entre elles', 'comptabilité', 'debit_line IN (SELECT masp.own_lines($2)) OR credit_line IN (SELECT masp.own_lines($2))', '{reason}', 'deux lignes de la banque l''une contre l''autre ; les vôtres sont dans la liste des mouvements'),
    ('statement_replacements', 'Relevés remplacés', 'comptabilité', 'old_statement IN (SELECT l.statement_id FROM masp.bank_lines l WHERE l.line_id IN (SELECT masp.own_lines($2)))', '{reason}', 'un relevé est de plusieurs personnes');

INSERT INTO masp.personal_data (table_name, nothing)
SELECT split_part(v, '|', 1), split_part(v, '|', 2) FROM unnest(ARRAY[
    'address_keys|une clé', 'audit_heads|une empreinte', 'auditor_scopes|la mission d''un contrôleur', 'benefit_tolerances|catalogue',
    'benefits|catalogue', 'chain_heads|une empreinte', 'clock_offsets|horloge', 'closings|des mois et des empreintes',
    'contribution_scales|barème', 'conventions|conventions de l''organisation', 'credentials|accès du personnel',
    'idempotency_keys|réponses du service, effacées après 90 jours', 'job_runs|tâches du service', 'jobs|tâches du service', 'journals|numéros',
    'load_signatures|qui a signé un chargement', 'login_tries|essais d''entrée du personnel', 'logins|accès du personnel',
    'migration_checksums|schéma', 'oidc_logins|accès du personnel', 'organisations|l''organisation', 'payer_calendars|catalogue',
    'read_heads|une empreinte', 'refused_rules|des empreintes', 'register_changes|des empreintes', 'registers|des empreintes',
    'restorations|sauvegardes', 'schema_versions|schéma', 'seals|des empreintes', 'seizure_floors|barème', 'session_uses|accès du personnel',
    'user_identities|accès du personnel', 'users|le personnel', 'personal_data|cette liste', 'retention_settings|des durées',
    'erasures|des empreintes', 'diagnostics|activité, sans personne', 'supports|activité, sans personne', 'visits|activité, sans personne',
    'front_doors|adresse du service']) v;
INSERT INTO masp.personal_data (table_name, title, purpose, hers, hidden, cleared) VALUES
    ('retentions', 'Conservation du dossier', 'sécurité', 'beneficiary_id = $1', '{}', '{}'),
    ('retention_holds', 'Raisons de garder le dossier', 'sécurité', 'beneficiary_id = $1', '{}', '{note}'),
    ('archive_openings', 'Ouvertures du dossier archivé', 'sécurité', 'beneficiary_id = $1', '{}', '{reason}');
UPDATE masp.personal_data SET alone = 'line_id NOT IN (SELECT masp.shared_lines($2))'
 WHERE table_name IN ('bank_lines', 'suspense_items', 'suspense_acts', 'match_undos');

-- How long: months in daily use after the end (R-183), then years in the archive, of accounts (R-138,
-- never under ten) and of files without money. No row: the defaults.
CREATE TABLE masp.retention_settings (
    only_one      boolean PRIMARY KEY DEFAULT true CONSTRAINT retention_is_one CHECK (only_one),
    active_months integer NOT NULL CONSTRAINT active_time_is_sane CHECK (active_months BETWEEN 1 AND 60),
    account_years integer NOT NULL CONSTRAINT accounts_stay_ten_years CHECK (account_years BETWEEN 10 AND 30),
    other_years   integer NOT NULL CONSTRAINT other_files_stay_some_years CHECK (other_years BETWEEN 2 AND 30),
    set_by        text NOT NULL REFERENCES masp.users,
    set_at        timestamptz NOT NULL
);
-- Where the file of a person stands: no row is in daily use.
CREATE TABLE masp.retentions (
    beneficiary_id      text PRIMARY KEY REFERENCES masp.beneficiaries,
    archive_proposed_on date NOT NULL,
    archived_on         date,
    archived_by         text REFERENCES masp.users,
    erasure_proposed_on date,
    erased_on           date,
    erased_by           text REFERENCES masp.users,
    erased_in           bigint, -- the transaction, whose findings are noted in it alone
    CONSTRAINT archived_by_somebody CHECK ((archived_on IS NULL) = (archived_by IS NULL)),
    CONSTRAINT erased_by_somebody CHECK ((erased_on IS NULL) = (erased_by IS NULL)),
    CONSTRAINT archived_before_erased CHECK (erasure_proposed_on IS NULL OR archived_on IS NOT NULL),
    CONSTRAINT proposed_before_erased CHECK (erased_on IS NULL OR erasure_proposed_on IS NOT NULL)
);
CREATE TABLE masp.retention_holds (
    hold_no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    ground         text NOT NULL CONSTRAINT hold_ground_is_known CHECK (ground IN ('LITIGATION', 'DEBT', 'UNDUE', 'OTHER')),
    note           text NOT NULL CONSTRAINT hold_says_why CHECK (btrim(note) <> '' AND length(note) <= 500),
    placed_by      text NOT NULL REFERENCES masp.users,
    placed_at      timestamptz NOT NULL,
    lifted_by      text REFERENCES masp.users,
    lifted_at      timestamptz,
    CONSTRAINT lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
-- Who has opened an archived file, why, until when.
CREATE TABLE masp.archive_openings (
    opening_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id text NOT NULL REFERENCES masp.beneficiaries,
    user_id        text NOT NULL REFERENCES masp.users,
    reason         text NOT NULL CONSTRAINT opening_says_why CHECK (btrim(reason) <> '' AND length(reason) <= 500),
    opened_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL
);
-- What `masp verify` would find because a person's texts were erased, and the hash of what was left
-- there: the finding is set aside while the rest stays as it was left (masp.left_at). The last row of
-- a place counts.
CREATE TABLE masp.erasures (
    erasure_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL,
    place      text NOT NULL,
    seal       bytea NOT NULL CHECK (octet_length(seal) = 32),
    erased_on  date NOT NULL,
    erased_by  text NOT NULL REFERENCES masp.users
);
CREATE INDEX erasures_of_place ON masp.erasures (code, place, erasure_no);
SELECT masp.register(t) FROM unnest(ARRAY['archive_openings', 'erasures', 'retention_holds', 'retention_settings', 'retentions']) t;
SELECT masp.restrict(t, 'beneficiary_id IN (SELECT unnest(masp.reached_persons())) OR (SELECT masp.reaches_all())')
  FROM unnest(ARRAY['archive_openings', 'retention_holds', 'retentions']) t;
GRANT SELECT ON masp.retention_settings, masp.retentions, masp.retention_holds, masp.archive_openings, masp.erasures TO masp_app;

-- +goose StatementBegin
CREATE FUNCTION masp.retention_times(OUT active_months integer, OUT account_years integer, OUT other_years integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(max(s.active_months), 24), coalesce(max(s.account_years), 10), coalesce(max(s.other_years), 5)
      FROM masp.retention_settings s
$$;

-- retention_of says of a person when the time began to run (NULL while a measure lasts), when the file
-- leaves daily use, when it is erased, and what keeps it. The time begins with the end of the last
-- measure or the last movement of its money; that of accounts with the end of that year.
CREATE FUNCTION masp.retention_of(
    person text, OUT began_on date, OUT archive_on date, OUT erase_on date, OUT kept_by text[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine  text[] := ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.beneficiary_id = person ORDER BY 1);
    times record := masp.retention_times();
    moved date;
BEGIN
    kept_by := ARRAY(SELECT h.ground FROM masp.retention_holds h WHERE h.beneficiary_id = person AND h.lifted_at IS NULL ORDER BY h.hold_no);
    IF EXISTS (SELECT FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
                WHERE a.pcg = '467' AND a.owner = ANY (mine) AND b.debit_cents <> b.credit_cents) THEN
        kept_by := kept_by || 'BALANCE'::text;
    END IF;
    IF EXISTS (SELECT FROM masp.instructions i WHERE i.mandate_id = ANY (mine) AND i.state IN ('draft', 'approved', 'scheduled', 'in_transit')) THEN
        kept_by := kept_by || 'TRANSFER'::text;
    END IF;
    IF cardinality(mine) = 0 OR EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = ANY (mine)
        AND NOT (m.status IN ('ENDED', 'DECEASED', 'CLOSED') OR m.status = 'PENDING_SIGNATURE' AND m.last_day < masp.today())) THEN
        RETURN;
    END IF;
    SELECT max(e.posted_on) INTO moved FROM masp.entries e WHERE e.entry_no IN (SELECT masp.own_entries(mine));
    SELECT greatest(max(coalesce(m.ended_on, m.last_day)), max(m.died_on), moved) INTO began_on
      FROM masp.mandates m WHERE m.mandate_id = ANY (mine);
    archive_on := began_on + make_interval(months => times.active_months);
    erase_on := CASE WHEN moved IS NULL THEN began_on + make_interval(years => times.other_years)
                     ELSE make_date(extract(year FROM began_on)::integer + times.account_years + 1, 1, 1) END;
END
$$;

-- propose_retention writes down whose time has come; nothing else follows from it. It answers whom.
CREATE FUNCTION masp.propose_retention(OUT to_archive text[], OUT to_erase text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := masp.today();
BEGIN
    WITH due AS (
        INSERT INTO masp.retentions (beneficiary_id, archive_proposed_on)
        SELECT b.beneficiary_id, today FROM masp.beneficiaries b, LATERAL masp.retention_of(b.beneficiary_id) r
         WHERE r.archive_on < today AND NOT EXISTS (SELECT FROM masp.retentions p WHERE p.beneficiary_id = b.beneficiary_id)
        RETURNING beneficiary_id
    ) SELECT coalesce(array_agg(beneficiary_id ORDER BY beneficiary_id), '{}') INTO to_archive FROM due;
    WITH due AS (
        UPDATE masp.retentions p SET erasure_proposed_on = today
         WHERE p.archived_on IS NOT NULL AND p.erasure_proposed_on IS NULL
           AND (SELECT r.erase_on FROM masp.retention_of(p.beneficiary_id) r) <= today
        RETURNING beneficiary_id
    ) SELECT coalesce(array_agg(beneficiary_id ORDER BY beneficiary_id), '{}') INTO to_erase FROM due;
END
$$;

-- keeper names the user of a secret who holds one of the roles.
CREATE FUNCTION masp.keeper(by_secret text, wanted text[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.user_of(by_secret);
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND u.roles && wanted) THEN
        RAISE EXCEPTION 'user % is none of %', who, wanted USING ERRCODE = 'MA177';
    END IF;
    RETURN who;
END
$$;

CREATE FUNCTION masp.set_retention(by_secret text, months integer, years_of_accounts integer, years_of_others integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.keeper(by_secret, ARRAY['approver', 'accountant', 'admin']);
BEGIN
    INSERT INTO masp.retention_settings AS s VALUES (true, months, years_of_accounts, years_of_others, who, masp.now())
        ON CONFLICT (only_one) DO UPDATE SET active_months = excluded.active_months, account_years = excluded.account_years,
           other_years = excluded.other_years, set_by = excluded.set_by, set_at = excluded.set_at;
    RETURN who;
END
$$;

CREATE FUNCTION masp.hold_file(by_secret text, person text, why text, remark text, OUT who text, OUT no bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.keeper(by_secret, ARRAY['coordinator', 'approver', 'accountant']);
    IF EXISTS (SELECT FROM masp.retentions r WHERE r.beneficiary_id = person AND r.erased_on IS NOT NULL) THEN
        RAISE EXCEPTION 'the file of % is erased', person USING ERRCODE = 'MA178';
    END IF;
    INSERT INTO masp.retention_holds (beneficiary_id, ground, note, placed_by, placed_at)
    VALUES (person, why, remark, who, masp.now()) RETURNING hold_no INTO no;
END
$$;

CREATE FUNCTION masp.lift_hold(by_secret text, of_hold bigint, OUT who text, OUT person text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.keeper(by_secret, ARRAY['coordinator', 'approver', 'accountant']);
    UPDATE masp.retention_holds h SET lifted_by = who, lifted_at = masp.now()
     WHERE h.hold_no = of_hold AND h.lifted_at IS NULL RETURNING h.beneficiary_id INTO person;
    IF person IS NULL THEN
        RAISE EXCEPTION 'there is no such hold' USING ERRCODE = 'MA178';
    END IF;
END
$$;

-- archive_file takes a file out of daily use: proposed, still due, and kept by no hold.
CREATE FUNCTION masp.archive_file(by_secret text, person text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.keeper(by_secret, ARRAY['approver', 'accountant']);
    state masp.retentions;
    times record;
BEGIN
    SELECT * INTO state FROM masp.retentions r WHERE r.beneficiary_id = person FOR UPDATE;
    times := masp.retention_of(person);
    IF state.beneficiary_id IS NULL OR state.archived_on IS NOT NULL OR coalesce(times.archive_on, 'infinity') >= masp.today() THEN
        RAISE EXCEPTION 'the file of % is not to be archived', person USING ERRCODE = 'MA178';
    END IF;
    IF cardinality(times.kept_by) > 0 THEN
        RAISE EXCEPTION 'the file of % is kept by %', person, times.kept_by USING ERRCODE = 'MA179', DETAIL = array_to_string(times.kept_by, ' ');
    END IF;
    UPDATE masp.retentions r SET archived_on = masp.today(), archived_by = who WHERE r.beneficiary_id = person;
    RETURN who;
END
$$;

-- open_archive opens an archived file to one user until the end of the day after.
CREATE FUNCTION masp.open_archive(by_secret text, person text, why text, OUT who text, OUT until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    who := masp.keeper(by_secret, ARRAY['approver', 'accountant', 'auditor']);
    IF NOT EXISTS (SELECT FROM masp.retentions r WHERE r.beneficiary_id = person AND r.archived_on IS NOT NULL) THEN
        RAISE EXCEPTION 'the file of % is in no archive', person USING ERRCODE = 'MA178';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND u.roles && ARRAY['approver', 'accountant'])
       AND NOT EXISTS (SELECT FROM masp.auditor_scopes s JOIN masp.mandates m USING (department)
                        WHERE s.user_id = who AND m.beneficiary_id = person) THEN
        RAISE EXCEPTION 'the file of % is not in the mission of %', person, who USING ERRCODE = 'MA178';
    END IF;
    until := masp.now() + interval '24 hours';
    INSERT INTO masp.archive_openings (beneficiary_id, user_id, reason, opened_at, ends_at)
    VALUES (person, who, why, masp.now(), until);
END
$$;
-- +goose StatementEnd

-- note_copy allows a copy of the whole file (R-114): to the coordinator of it, and of an archived one to
-- who has opened it. The copy is a reading of each measure.
-- +goose StatementBegin
CREATE FUNCTION masp.note_copy(by_secret text, person text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.user_of(by_secret);
    today date := masp.today();
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'this act needs the token of a living user' USING ERRCODE = 'MA010';
    END IF;
    IF NOT EXISTS (SELECT FROM masp.users u WHERE u.user_id = who AND 'coordinator' = ANY (u.roles)
                      AND EXISTS (SELECT FROM masp.caseloads c JOIN masp.mandates m USING (mandate_id)
                                   WHERE c.user_id = who AND m.beneficiary_id = person AND c.from_on <= today
                                     AND coalesce(c.until_on, today) >= today AND c.mandate_id NOT IN (SELECT masp.archived_mandates())))
       AND NOT EXISTS (SELECT FROM masp.archive_openings o WHERE o.beneficiary_id = person AND o.user_id = who AND o.ends_at > masp.now()) THEN
        RAISE EXCEPTION 'user % may not copy the file of %', who, person USING ERRCODE = 'MA177';
    END IF;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- A coordinator sees no archived file; the roles of the whole house ask for it (package api/v1), and the
-- person herself sees hers until it is erased.
-- +goose StatementBegin
CREATE FUNCTION masp.archived_mandates() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.mandate_id FROM masp.retentions r JOIN masp.mandates m USING (beneficiary_id) WHERE r.archived_on IS NOT NULL
$$;

-- closed_to are the archived mandates that a user has not opened.
CREATE FUNCTION masp.closed_to(who text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.mandate_id FROM masp.retentions r JOIN masp.mandates m USING (beneficiary_id)
     WHERE r.archived_on IS NOT NULL AND NOT EXISTS (SELECT FROM masp.archive_openings o
           WHERE o.beneficiary_id = r.beneficiary_id AND o.user_id = who AND o.ends_at > masp.now())
$$;

CREATE OR REPLACE FUNCTION masp.reach_of(
    secret text, OUT whole boolean, OUT audits_whole boolean, OUT mandates text[], OUT audited text[],
    OUT from_on date, OUT until_on date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who         text := masp.user_of(secret);
    held        text[];
    departments text[];
    today       date;
BEGIN
    reach_of.whole := false;
    reach_of.audits_whole := false;
    reach_of.mandates := '{}';
    reach_of.audited := '{}';
    IF who IS NULL THEN
        reach_of.mandates := ARRAY(SELECT m.mandate_id FROM masp.mandates m
                                    WHERE m.beneficiary_id = masp.beneficiary_of(reach_of.secret));
        RETURN;
    END IF;
    SELECT u.roles INTO held FROM masp.users u WHERE u.user_id = who;
    reach_of.whole := held && ARRAY['approver', 'accountant', 'machine'];
    IF reach_of.whole THEN
        RETURN;
    END IF;
    IF 'coordinator' = ANY (held) THEN
        today := masp.today();
        reach_of.mandates := ARRAY(SELECT DISTINCT c.mandate_id FROM masp.caseloads c
                                    WHERE c.user_id = who AND c.from_on <= today AND coalesce(c.until_on, today) >= today
                                      AND c.mandate_id NOT IN (SELECT masp.archived_mandates()));
    END IF;
    IF 'auditor' = ANY (held) THEN
        SELECT array_agg(s.department), min(s.from_on), min(s.until_on)
          INTO departments, reach_of.from_on, reach_of.until_on
          FROM masp.auditor_scopes s WHERE s.user_id = who;
        reach_of.audits_whole := departments IS NOT NULL
            AND NOT EXISTS (SELECT FROM masp.mandates m WHERE m.department <> ALL (departments))
            AND NOT EXISTS (SELECT masp.closed_to(who));
        IF departments IS NOT NULL AND NOT reach_of.audits_whole THEN
            reach_of.audited := ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.department = ANY (departments)
                                         AND m.mandate_id NOT IN (SELECT masp.closed_to(who)));
        END IF;
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- bare is a name as a bank writes it.
CREATE FUNCTION masp.bare(value text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN translate(value, 'àâäáãéèêëíîïóôöõúùûüçñÀÂÄÁÃÉÈÊËÍÎÏÓÔÖÕÚÙÛÜÇÑ', 'aaaaaeeeeiiioooouuuucnAAAAAEEEEIIIOOOOUUUUCN');

-- pattern finds words as they stand, name by name.
CREATE FUNCTION masp.pattern(words text, whole boolean) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN whole THEN '(?<![[:alpha:]])' ELSE '' END
    || regexp_replace(regexp_replace(words, '([^[:alnum:][:space:]])', '\\\1', 'g'), '[[:space:]]+', '[[:space:]]+', 'g')
    || CASE WHEN whole THEN '(?![[:alpha:]])' ELSE '' END;

CREATE FUNCTION masp.masked(value text, patterns text[], instead text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR n IN 1 .. cardinality(patterns) LOOP
        value := regexp_replace(value, patterns[n], instead[n], 'gi');
    END LOOP;
    RETURN value;
END
$$;

-- identifiers are the patterns of what names a person: sure ones, wherever they stand, and the parts of
-- the name, which name her in her own rows alone. An IBAN becomes one that no bank has.
CREATE FUNCTION masp.identifiers(person text, mine text[], OUT sure text[], OUT instead text[], OUT parts text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    b     masp.beneficiaries;
    iban_ text;
BEGIN
    SELECT * INTO b FROM masp.beneficiaries x WHERE x.beneficiary_id = person;
    FOR iban_ IN SELECT i.iban FROM masp.creditor_ibans i JOIN masp.creditors c USING (creditor_id) WHERE c.beneficiary_id = person
                  UNION SELECT a.iban FROM masp.bank_accounts a WHERE a.bank_account_id IN (SELECT masp.own_accounts(mine)) LOOP
        sure := sure || ARRAY[iban_, masp.pattern(btrim(regexp_replace(iban_, '(.{4})', '\1 ', 'g')), false), substr(iban_, 5), right(iban_, 13)];
        instead := instead || ARRAY['ZZ00ERASED' || upper(substr(md5(gen_random_uuid()::text), 1, 12)), '•••', '•••', '•••'];
    END LOOP;
    SELECT sure || array_agg(p.number), instead || array_agg('•••'::text) INTO sure, instead
      FROM masp.payer_numbers p WHERE p.beneficiary_id = person AND length(p.number) >= 7;
    SELECT coalesce(sure, '{}') || array_agg(masp.pattern(w, true)), coalesce(instead, '{}') || array_agg('•••'::text) INTO sure, instead
      FROM (SELECT DISTINCT w FROM unnest(ARRAY[b.first_name || ' ' || b.last_name, b.last_name || ' ' || b.first_name]) n,
                   LATERAL unnest(ARRAY[n, masp.bare(n), upper(n), upper(masp.bare(n))]) w ORDER BY w) x;
    parts := ARRAY(SELECT p.number FROM masp.payer_numbers p WHERE p.beneficiary_id = person)
          || ARRAY(SELECT DISTINCT masp.pattern(w, true) FROM unnest(ARRAY[b.last_name, b.first_name]) n,
                          LATERAL unnest(ARRAY[n, masp.bare(n), upper(n), upper(masp.bare(n))]) w);
END
$$;

-- set_guards stops the triggers that keep rows as they are, or lets them work again; those of the registers always work.
CREATE FUNCTION masp.set_guards(working boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    guard record;
BEGIN
    FOR guard IN SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                   JOIN masp.personal_data d ON d.table_name = c.relname
                  WHERE c.relnamespace = 'masp'::regnamespace AND d.hers IS NOT NULL AND NOT t.tgisinternal AND t.tgname NOT LIKE 'register%'
                  ORDER BY c.relname, t.tgname LOOP
        EXECUTE format('ALTER TABLE masp.%I %s TRIGGER %I', guard.relname, CASE WHEN working THEN 'ENABLE' ELSE 'DISABLE' END, guard.tgname);
    END LOOP;
END
$$;

-- rewrite writes the texts of the rows of a table again: those of cleared columns go, the others lose
-- what patterns find. Keys stay.
CREATE FUNCTION masp.rewrite(
    of_table text, rows_ text, cleared text[], patterns text[], instead text[], person text, mine text[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col   record;
    again text;
    sets  text[] := '{}';
    news  text[] := '{}';
BEGIN
    FOR col IN SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type
                 FROM pg_attribute a
                WHERE a.attrelid = format('masp.%I', of_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                  AND format_type(a.atttypid, NULL) IN ('text', 'text[]', 'jsonb')
                  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype IN ('p', 'f') AND a.attnum = ANY (k.conkey))
                ORDER BY a.attnum LOOP
        again := CASE
            WHEN col.name = ANY (cleared) AND col.type = 'text' THEN format('CASE WHEN %1$I = '''' THEN '''' ELSE left(%1$I, 0) || ''Effacé'' END', col.name)
            WHEN col.name = ANY (cleared) AND col.type = 'text[]' THEN format('%I[1:0]', col.name)
            WHEN cardinality(patterns) = 0 THEN NULL
            WHEN col.type = 'text' THEN format('masp.masked(%I, $1, $2)', col.name)
            ELSE format('masp.masked(%I::text, $1, $2)::%s', col.name, col.type) END;
        CONTINUE WHEN again IS NULL;
        sets := sets || format('%I = %s', col.name, again);
        news := news || again;
    END LOOP;
    IF cardinality(sets) > 0 THEN
        EXECUTE format('UPDATE masp.%1$I SET %2$s WHERE (%3$s) AND (%4$s) IS DISTINCT FROM (%5$s)', of_table, array_to_string(sets, ', '),
            replace(replace(rows_, '$2', '$4'), '$1', '$3'),
            'ROW(' || array_to_string(ARRAY(SELECT split_part(s, ' = ', 1) FROM unnest(sets) s), ', ') || ')',
            'ROW(' || array_to_string(news, ', ') || ')') USING patterns, instead, person, mine;
    END IF;
END
$$;

-- hold_house keeps every writer waiting until the transaction ends; readers go on.
CREATE FUNCTION masp.hold_house(by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '20s'
AS $$
DECLARE
    who      text := masp.keeper(by_secret, ARRAY['approver', 'accountant']);
    of_table text;
BEGIN
    FOR of_table IN SELECT d.table_name FROM masp.personal_data d WHERE d.hers IS NOT NULL OR d.table_name = 'chain_heads' ORDER BY 1 LOOP
        EXECUTE format('LOCK TABLE masp.%I IN SHARE ROW EXCLUSIVE MODE', of_table);
    END LOOP;
    RETURN who;
END
$$;

-- pseudonymise takes a person out of every row, and the original files in which she stands: they are
-- all older than the accounts must be kept. Numbers, amounts, days, hashes and references stay. The
-- caller proves the house before and notes what it finds after (note_erasures), in one transaction.
CREATE FUNCTION masp.pseudonymise(by_secret text, person text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who   text := masp.hold_house(by_secret);
    mine  text[] := ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.beneficiary_id = person ORDER BY 1);
    state masp.retentions;
    times record;
    names record;
    held  record;
BEGIN
    SELECT * INTO state FROM masp.retentions r WHERE r.beneficiary_id = person FOR UPDATE;
    times := masp.retention_of(person);
    IF state.erasure_proposed_on IS NULL OR state.erased_on IS NOT NULL OR coalesce(times.erase_on, 'infinity') > masp.today() THEN
        RAISE EXCEPTION 'the file of % is not to be erased', person USING ERRCODE = 'MA178';
    END IF;
    IF cardinality(times.kept_by) > 0 THEN
        RAISE EXCEPTION 'the file of % is kept by %', person, times.kept_by USING ERRCODE = 'MA179', DETAIL = array_to_string(times.kept_by, ' ');
    END IF;
    names := masp.identifiers(person, mine);
    PERFORM masp.set_guards(false);
    UPDATE masp.payment_files f SET content = '' WHERE f.file_id IN (
           SELECT x.file_id FROM masp.payment_file_instructions x JOIN masp.instructions i USING (instruction_id) WHERE i.mandate_id = ANY (mine));
    WITH hers AS (
        SELECT s.file_id FROM masp.bank_statements s JOIN masp.bank_lines l USING (statement_id) WHERE l.line_id IN (SELECT masp.own_lines(mine))
         UNION SELECT s.file_id FROM masp.bank_statements s WHERE s.bank_account_id IN (SELECT masp.own_accounts(mine))
         UNION SELECT r.file_id FROM masp.status_reports r JOIN masp.instructions i USING (instruction_id) WHERE i.mandate_id = ANY (mine)
         UNION SELECT n.file_id FROM masp.name_checks n JOIN masp.creditors c USING (creditor_id) WHERE c.beneficiary_id = person
         UNION SELECT s.file_id FROM masp.notice_uses u JOIN masp.notice_lines n USING (notice_line_id) JOIN masp.bank_statements s USING (statement_id)
                WHERE u.line_id IN (SELECT masp.own_lines(mine))
    )
    DELETE FROM masp.bank_file_parts p WHERE p.file_id IN (SELECT h.file_id FROM hers h)
        OR p.file_id IN (SELECT f.archive_id FROM masp.bank_files f JOIN hers h USING (file_id));
    DELETE FROM masp.idempotency_keys k WHERE k.answered_at < masp.now() - interval '90 days';
    UPDATE masp.entry_texts t SET salt = decode(repeat('00', 16), 'hex'), label = '' WHERE t.entry_no IN (SELECT masp.own_entries(mine));
    UPDATE masp.mandates m SET threat_ground = 'BOTH' WHERE m.mandate_id = ANY (mine);
    UPDATE masp.instructions i SET reason = 'Effacé' WHERE i.mandate_id = ANY (mine) AND i.state = 'cancelled' AND i.reason <> '';
    UPDATE masp.instructions i SET creditor_name = 'Effacé' WHERE i.creditor_id IN (SELECT c.creditor_id FROM masp.creditors c WHERE c.beneficiary_id = person);
    FOR held IN SELECT * FROM masp.personal_data d WHERE d.hers IS NOT NULL AND d.table_name <> 'bank_file_parts' ORDER BY d.table_name LOOP
        PERFORM masp.rewrite(held.table_name, held.hers, held.cleared, names.sure || names.parts,
            names.instead || array_fill('•••'::text, ARRAY[cardinality(names.parts)]), person, mine);
    END LOOP;
    FOR held IN SELECT * FROM masp.personal_data d WHERE d.hers IS NOT NULL AND d.table_name NOT IN ('bank_file_parts', 'postings') ORDER BY d.table_name LOOP
        PERFORM masp.rewrite(held.table_name, 'true', '{}', names.sure, names.instead, person, mine);
    END LOOP;
    UPDATE masp.creditors c SET name = 'Effacé' WHERE c.beneficiary_id = person;
    UPDATE masp.bank_accounts a SET holder = 'Effacé' WHERE a.bank_account_id IN (SELECT masp.own_accounts(mine));
    DELETE FROM masp.payer_numbers p WHERE p.beneficiary_id = person;
    UPDATE masp.beneficiaries b SET civility = NULL, last_name = 'Effacé', first_name = person, born_on = '1900-01-01' WHERE b.beneficiary_id = person;
    UPDATE masp.retentions r SET erased_on = masp.today(), erased_by = who, erased_in = pg_current_xact_id()::text::bigint
     WHERE r.beneficiary_id = person;
    PERFORM masp.set_guards(true);
    RETURN who;
END
$$;

-- left_at is the hash of what stands at the place of a finding, as wide as what the finding would have
-- proved. NULL: this finding never follows from an erasure.
CREATE FUNCTION masp.left_at(code text, place text) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, MDY' SET "IntervalStyle" = 'postgres' SET bytea_output = 'hex'
AS $$
#variable_conflict use_variable
DECLARE
    no    text := split_part(place, ' ', 2);
    run   text := split_part(place, ' ', 1);
    what  jsonb;
    lines bigint[];
    found text[];
BEGIN
    CASE
    WHEN code IN ('ENTRY_CHANGED', 'TEXT_CHANGED') THEN
        SELECT ARRAY[to_jsonb(e)::text, to_jsonb(t)::text] || ARRAY(SELECT to_jsonb(p)::text FROM masp.postings p WHERE p.entry_no = e.entry_no ORDER BY p.line_no)
          INTO found FROM masp.entries e LEFT JOIN masp.entry_texts t USING (entry_no) WHERE e.entry_no = no::bigint;
    WHEN code = 'ACT_BROKEN' THEN
        SELECT ARRAY[to_jsonb(a)::text] INTO found FROM masp.audit_log a WHERE a.seq = no::bigint;
    WHEN code IN ('CONTENT_CHANGED', 'PLAN_CHANGED', 'COMMENT_CHANGED') THEN
        found := ARRAY(SELECT to_jsonb(r)::text FROM masp.runs r WHERE r.run_id = run)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.run_mandates r WHERE r.run_id = run ORDER BY r.mandate_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.run_lines r WHERE r.run_id = run ORDER BY r.mandate_id, r.line_no)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.run_exceptions r WHERE r.run_id = run ORDER BY r.exception_no)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.run_adjustments r WHERE r.run_id = run ORDER BY r.adjustment_no)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.run_comments r WHERE r.run_id = run ORDER BY r.act_no)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.instructions r WHERE r.run_id = run ORDER BY r.instruction_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.instruction_covers r JOIN masp.instructions i USING (instruction_id)
                      WHERE i.run_id = run ORDER BY r.instruction_id, r.line_no);
    WHEN code = 'IMPORT_CHANGED' THEN
        SELECT a.details::jsonb INTO what FROM masp.audit_log a WHERE a.seq = no::bigint;
        lines := ARRAY(SELECT l.line_id FROM masp.bank_lines l
                        WHERE l.statement_id IN (SELECT x::bigint FROM jsonb_array_elements_text(coalesce(what -> 'accepted', '[]')) x)
                           OR l.statement_id IN (SELECT (x ->> 'statement')::bigint FROM jsonb_array_elements(coalesce(what -> 'lines', '[]')) x)
                           OR l.line_id IN (SELECT s.line_id FROM masp.suspense_assignments s
                               WHERE s.assignment_id IN (SELECT x::bigint FROM jsonb_array_elements_text(coalesce(what -> 'assignments', '[]')) x))
                           OR l.line_id IN (SELECT s.line_id FROM masp.suspense_acts s WHERE s.act_id = (what ->> 'suspense_act')::bigint)
                           OR l.line_id IN (SELECT s.line_id FROM masp.match_undos s WHERE s.undo_id = (what ->> 'undo')::bigint)
                        ORDER BY 1);
        found := what::text || ARRAY(SELECT to_jsonb(l)::text FROM masp.bank_lines l WHERE l.line_id = ANY (lines) ORDER BY l.line_id)
            || ARRAY(SELECT to_jsonb(s)::text FROM masp.bank_statements s WHERE s.file_id = (what ->> 'file')::bigint
                        OR s.statement_id IN (SELECT l.statement_id FROM masp.bank_lines l WHERE l.line_id = ANY (lines)) ORDER BY s.statement_id)
            || ARRAY(SELECT to_jsonb(f)::text FROM masp.bank_files f WHERE f.file_id = (what ->> 'file')::bigint)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.status_reports r WHERE r.file_id = (what ->> 'file')::bigint ORDER BY r.report_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.name_checks r WHERE r.file_id = (what ->> 'file')::bigint ORDER BY r.check_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.receipts r WHERE r.line_id = ANY (lines) ORDER BY r.receipt_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.line_matches r WHERE r.line_id = ANY (lines) ORDER BY r.entry_no, r.instruction_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.suspense_items r WHERE r.line_id = ANY (lines) ORDER BY r.line_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.suspense_assignments r WHERE r.line_id = ANY (lines) ORDER BY r.assignment_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.suspense_acts r WHERE r.line_id = ANY (lines) ORDER BY r.act_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.match_undos r WHERE r.line_id = ANY (lines) ORDER BY r.undo_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.rule_uses r WHERE r.line_id = ANY (lines) ORDER BY r.line_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.notice_uses r WHERE r.line_id = ANY (lines) ORDER BY r.line_id)
            || ARRAY(SELECT to_jsonb(r)::text FROM masp.notice_lines r JOIN masp.bank_statements s USING (statement_id)
                      WHERE s.file_id = (what ->> 'file')::bigint ORDER BY r.notice_line_id);
    WHEN code = 'FILE_CHANGED' AND run = 'bank_files' THEN
        found := ARRAY(SELECT to_jsonb(f)::text FROM masp.bank_files f WHERE f.file_id = no::bigint)
            || ARRAY(SELECT to_jsonb(p)::text FROM masp.bank_file_parts p WHERE p.file_id = no::bigint ORDER BY p.no);
    WHEN code = 'FILE_CHANGED' THEN
        found := ARRAY(SELECT to_jsonb(f)::text FROM masp.payment_files f WHERE f.name = place)
            || ARRAY(SELECT to_jsonb(i)::text FROM masp.payment_files f JOIN masp.payment_file_instructions x USING (file_id)
                       JOIN masp.instructions i USING (instruction_id) WHERE f.name = place ORDER BY i.instruction_id);
    WHEN code IN ('IBAN_WITHOUT_ACT', 'IBAN_NOT_CONFIRMED', 'LOAD_CHANGED') THEN
        found := ARRAY(SELECT to_jsonb(i)::text FROM masp.creditor_ibans i
                        WHERE i.load_sha256 = no OR i.creditor_id = split_part(no, '/', 1) ORDER BY i.creditor_id, i.version);
    ELSE
        RETURN NULL;
    END CASE;
    RETURN sha256(convert_to(array_to_string(found, E'\n', '-'), 'UTF8'));
END
$$;

-- note_erasures writes what the pseudonymisation of this transaction has left at each place.
CREATE FUNCTION masp.note_erasures(by_secret text, codes text[], places text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who  text := masp.keeper(by_secret, ARRAY['approver', 'accountant']);
    odd  text;
    done bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM masp.retentions r WHERE r.erased_in = pg_current_xact_id()::text::bigint AND r.erased_by = who) THEN
        RAISE EXCEPTION 'nobody was pseudonymised in this transaction' USING ERRCODE = 'MA178';
    END IF;
    SELECT string_agg(c || ' ' || p, ', ') INTO odd FROM unnest(codes, places) x (c, p) WHERE masp.left_at(c, p) IS NULL;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'the erasing would break %', odd USING ERRCODE = 'MA178';
    END IF;
    INSERT INTO masp.erasures (code, place, seal, erased_on, erased_by)
    SELECT c, p, masp.left_at(c, p), masp.today(), who FROM unnest(codes, places) x (c, p)
     WHERE masp.left_at(c, p) IS DISTINCT FROM
           (SELECT e.seal FROM masp.erasures e WHERE e.code = c AND e.place = p ORDER BY e.erasure_no DESC LIMIT 1);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END
$$;
-- +goose StatementEnd

-- The bytes of a payment file go, its hash stays; package ledger finds out who took them without saying so.
ALTER TABLE masp.payment_files DROP CONSTRAINT file_hash_is_true,
    ADD CONSTRAINT file_hash_is_true CHECK (sha256 = sha256(content) OR content = '');

CREATE TRIGGER erasures_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.erasures
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'note_erasures');
CREATE TRIGGER openings_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.archive_openings
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'open_archive');
CREATE TRIGGER holds_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.retention_holds
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'hold_file', 'lift_hold');
CREATE TRIGGER retentions_by_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.retentions
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'propose_retention', 'archive_file', 'pseudonymise');

REVOKE ALL ON masp.line_mandates, masp.personal_data, masp.retention_settings, masp.retentions, masp.retention_holds,
    masp.archive_openings, masp.erasures FROM PUBLIC;
GRANT SELECT ON masp.line_mandates TO masp_app;
REVOKE ALL ON FUNCTION masp.own_entries(text[]), masp.own_accounts(text[]), masp.own_lines(text[]), masp.shared_lines(text[]),
    masp.shared_entries(text[]), masp.retention_times(), masp.retention_of(text), masp.propose_retention(), masp.keeper(text, text[]),
    masp.set_retention(text, integer, integer, integer), masp.hold_file(text, text, text, text), masp.lift_hold(text, bigint),
    masp.archive_file(text, text), masp.open_archive(text, text, text), masp.archived_mandates(), masp.closed_to(text), masp.note_copy(text, text), masp.bare(text),
    masp.pattern(text, boolean), masp.masked(text, text[], text[]), masp.identifiers(text, text[]), masp.set_guards(boolean),
    masp.rewrite(text, text, text[], text[], text[], text, text[]), masp.hold_house(text), masp.pseudonymise(text, text),
    masp.left_at(text, text), masp.note_erasures(text, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.own_entries(text[]), masp.own_accounts(text[]), masp.own_lines(text[]), masp.shared_lines(text[]),
    masp.shared_entries(text[]), masp.retention_times(), masp.retention_of(text), masp.propose_retention(), masp.keeper(text, text[]),
    masp.set_retention(text, integer, integer, integer), masp.hold_file(text, text, text, text), masp.lift_hold(text, bigint),
    masp.archive_file(text, text), masp.open_archive(text, text, text), masp.archived_mandates(), masp.closed_to(text), masp.note_copy(text, text),
    masp.hold_house(text), masp.pseudonymise(text, text), masp.left_at(text, text), masp.note_erasures(text, text[], text[]) TO masp_app;
