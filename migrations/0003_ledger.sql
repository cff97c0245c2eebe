-- +goose Up
-- The books. A posting is a pair (debit account, credit account, amount > 0): an entry that does
-- not balance cannot be written down. See ledger/doc.go for the rules and the error classes.

CREATE TABLE masp.journals (
    code    text COLLATE "C" CONSTRAINT journal_once PRIMARY KEY
        CONSTRAINT journal_is_known CHECK (code IN ('BQ', 'VI', 'OD')),
    last_no bigint NOT NULL CONSTRAINT journal_counts_up CHECK (last_no >= 0)
) WITH (fillfactor = 50);
INSERT INTO masp.journals (code, last_no) VALUES ('BQ', 0), ('VI', 0), ('OD', 0);

-- An account is opened by its first posting; accounts are numbered 1, 2, 3 … without a gap.
CREATE TABLE masp.accounts (
    account_id bigint CONSTRAINT account_number_once PRIMARY KEY,
    code  text COLLATE "C" NOT NULL CONSTRAINT account_code_once UNIQUE
        CONSTRAINT account_code_is_known CHECK (code ~
            '^((512|471|580):[A-Z0-9][A-Z0-9-]{0,23}|467:[A-Z0-9][A-Z0-9-]{0,23}(:(RESTRICTED|RESTITUTION|UNDUE|ESTATE))?)$'),
    pcg   text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(code, ':', 1)) STORED,
    owner text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(code, ':', 2)) STORED,
    sub   text COLLATE "C" GENERATED ALWAYS AS (nullif(split_part(code, ':', 3), '')) STORED
);
CREATE INDEX accounts_of_owner ON masp.accounts (owner, pcg);

-- The balance of an account in one row. Persons (467) and transit (580) are never in debit.
CREATE TABLE masp.account_balances (
    account_id   bigint CONSTRAINT balance_once PRIMARY KEY,
    seq          bigint NOT NULL,
    debit_cents  bigint NOT NULL CONSTRAINT debit_total_not_negative CHECK (debit_cents >= 0),
    credit_cents bigint NOT NULL CONSTRAINT credit_total_not_negative CHECK (credit_cents >= 0),
    floor_cents  bigint,
    CONSTRAINT balance_not_below_floor
        CHECK (floor_cents IS NULL OR credit_cents - debit_cents >= floor_cents)
) WITH (fillfactor = 50);

-- What post_batch checks once for the whole batch has no CHECK here: each costs a microsecond a row.
CREATE TABLE masp.entries (
    entry_no         bigint CONSTRAINT entry_number_once PRIMARY KEY,
    journal_no       bigint NOT NULL,
    reverses         bigint,
    created_at       timestamptz NOT NULL,
    posted_on        date NOT NULL,
    booked_on        date,
    value_on         date,
    line_count       integer NOT NULL,
    hash_version     smallint NOT NULL,
    journal          text COLLATE "C" NOT NULL,
    kind             text COLLATE "C" NOT NULL CONSTRAINT kind_is_known CHECK (kind IN (
        'OPENING', 'BANK_CREDIT', 'IDENTIFICATION', 'PAYMENT', 'REMITTANCE', 'PASS_THROUGH',
        'RESTITUTION', 'REFUND_TO_PAYER', 'ESTATE_PAYOUT', 'BANK_DEBIT', 'REJECT', 'RETURN',
        'DEATH_FREEZE', 'REVERSAL')),
    hub              text COLLATE "C" NOT NULL CONSTRAINT hub_is_a_side CHECK (hub IN ('D', 'C')),
    source           text COLLATE "C" NOT NULL,
    actor            text COLLATE "C" NOT NULL,
    content_hash     bytea NOT NULL,
    label_commitment bytea NOT NULL,
    leaf             bytea NOT NULL,
    CONSTRAINT entry_source_once UNIQUE (source),
    CONSTRAINT entry_number_once_in_journal UNIQUE (journal, journal_no),
    CONSTRAINT reversal_names_its_entry CHECK ((kind = 'REVERSAL') = (reverses IS NOT NULL)),
    CONSTRAINT entry_hashes_are_sha256 CHECK (octet_length(content_hash) = 32
        AND octet_length(label_commitment) = 32 AND octet_length(leaf) = 32)
);
CREATE UNIQUE INDEX entry_reversed_once ON masp.entries (reverses) WHERE reverses IS NOT NULL;

-- Personal text stands outside the chain; only its salted commitment is sealed in the entry.
CREATE TABLE masp.entry_texts (
    entry_no bigint CONSTRAINT text_once PRIMARY KEY,
    salt     bytea NOT NULL CONSTRAINT salt_is_16_bytes CHECK (octet_length(salt) = 16),
    label    text NOT NULL
);

-- *_seq counts the lines of an account without a gap, *_after is its balance after the line
-- (cents, debit positive): a missing or changed line shows, and a page of lines is a range.
-- Accounts and their lines are counted in four bytes (two thousand million lines of one account): it
-- makes the two widest indexes a third smaller.
CREATE TABLE masp.postings (
    entry_no       bigint NOT NULL,
    amount_cents   bigint NOT NULL CONSTRAINT posting_positive CHECK (amount_cents > 0),
    debit_after    bigint NOT NULL,
    credit_after   bigint NOT NULL,
    debit_account  integer NOT NULL,
    debit_seq      integer NOT NULL,
    credit_account integer NOT NULL,
    credit_seq     integer NOT NULL,
    line_no        integer NOT NULL CONSTRAINT posting_line_from_1 CHECK (line_no > 0),
    CONSTRAINT posting_line_once PRIMARY KEY (entry_no, line_no),
    CONSTRAINT debit_line_once UNIQUE (debit_account, debit_seq),
    CONSTRAINT credit_line_once UNIQUE (credit_account, credit_seq),
    CONSTRAINT posting_between_two_accounts CHECK (debit_account <> credit_account)
);

CREATE TABLE masp.seals (
    batch_no    bigint CONSTRAINT seal_once PRIMARY KEY,
    first_entry bigint NOT NULL,
    last_entry  bigint NOT NULL,
    sealed_at   timestamptz NOT NULL,
    merkle_root bytea NOT NULL CONSTRAINT root_is_sha256 CHECK (octet_length(merkle_root) = 32),
    head        bytea NOT NULL CONSTRAINT seal_head_is_sha256 CHECK (octet_length(head) = 32),
    CONSTRAINT seal_covers_entries CHECK (first_entry <= last_entry)
);

-- One row: where the books stand. Its lock is the one lock of the books.
CREATE TABLE masp.chain_heads (
    only_one       boolean PRIMARY KEY DEFAULT true CONSTRAINT chain_head_is_single CHECK (only_one),
    last_batch     bigint NOT NULL,
    last_entry     bigint NOT NULL,
    last_account   bigint NOT NULL,
    last_closing   bigint NOT NULL,
    last_posted_on date,
    closed_through date,
    head           bytea NOT NULL CONSTRAINT chain_head_is_sha256 CHECK (octet_length(head) = 32)
) WITH (fillfactor = 50);
INSERT INTO masp.chain_heads (last_batch, last_entry, last_account, last_closing, head)
VALUES (0, 0, 0, 0, decode(repeat('00', 32), 'hex'));

-- Acts of closing and reopening a month; the head says which books were closed.
CREATE TABLE masp.closings (
    closing_no     bigint CONSTRAINT closing_number_once PRIMARY KEY,
    act            text NOT NULL CONSTRAINT closing_act_is_known CHECK (act IN ('CLOSE', 'REOPEN')),
    month          date NOT NULL
        CONSTRAINT month_is_its_first_day CHECK (date_trunc('month', month) = month),
    closed_before  date,
    closed_through date,
    last_entry     bigint NOT NULL,
    head           bytea NOT NULL CONSTRAINT closing_head_is_sha256 CHECK (octet_length(head) = 32),
    actor          text NOT NULL CONSTRAINT closing_has_actor CHECK (actor <> ''),
    closed_at      timestamptz NOT NULL
);

-- posting_lines shows an entry as an accountant writes it: one summed line of the hub account
-- first, then the other lines one by one. Cents, debit positive.
CREATE VIEW masp.posting_lines AS
SELECT p.entry_no, 1 AS line_no,
       CASE e.hub WHEN 'D' THEN p.debit_account ELSE p.credit_account END::bigint AS account_id,
       sum(CASE e.hub WHEN 'D' THEN p.amount_cents ELSE -p.amount_cents END)::bigint AS amount_cents
  FROM masp.postings p JOIN masp.entries e USING (entry_no)
 GROUP BY 1, 3
UNION ALL
SELECT p.entry_no, p.line_no + 1,
       CASE e.hub WHEN 'D' THEN p.credit_account ELSE p.debit_account END::bigint,
       CASE e.hub WHEN 'D' THEN -p.amount_cents ELSE p.amount_cents END
  FROM masp.postings p JOIN masp.entries e USING (entry_no);

-- Second wall: every table of the books is written by its own function only, also for the owner.
CREATE TRIGGER journals_follow_entries
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.journals
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'post_batch');
CREATE TRIGGER accounts_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'post_batch');
CREATE TRIGGER balances_follow_postings
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.account_balances
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT UPDATE', 'post_batch');
CREATE TRIGGER entries_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.entries
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'post_batch');
CREATE TRIGGER texts_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.entry_texts
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'post_batch');
CREATE TRIGGER postings_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.postings
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'post_batch');
CREATE TRIGGER seals_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.seals
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'post_batch');
CREATE TRIGGER chain_head_follows_seals
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.chain_heads
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('UPDATE', 'post_batch', 'close_books');
CREATE TRIGGER closings_are_only_added
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON masp.closings
    FOR EACH STATEMENT EXECUTE FUNCTION masp.only_by_door('INSERT', 'close_books');

-- lock_books takes the one lock of the books and then reads what a decision needs: where the books
-- stand, the balances of the accounts, which sources are known, which entries are already reversed.
-- Join methods are pinned: a plan made on empty tables must stay right on full ones.
-- +goose StatementBegin
CREATE FUNCTION masp.lock_books(
    codes text[], sources text[], undone bigint[],
    OUT at timestamptz, OUT today date, OUT last_batch bigint, OUT last_entry bigint,
    OUT last_account bigint, OUT last_posted_on date, OUT closed_through date, OUT head bytea,
    OUT journal_codes text[], OUT journal_nos bigint[],
    OUT account_codes text[], OUT account_ids bigint[], OUT account_seqs bigint[],
    OUT account_debits bigint[], OUT account_credits bigint[],
    OUT known_sources text[], OUT known_nos bigint[], OUT known_journal_nos bigint[],
    OUT known_hashes bytea[], OUT undone_nos bigint[]
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the books are written in READ COMMITTED only, not in %',
            current_setting('transaction_isolation')
            USING ERRCODE = 'MA008', HINT = 'an older snapshot would not see what the lock waited for';
    END IF;
    SELECT h.last_batch, h.last_entry, h.last_account, h.last_posted_on, h.closed_through, h.head
      INTO lock_books.last_batch, lock_books.last_entry, lock_books.last_account,
           lock_books.last_posted_on, lock_books.closed_through, lock_books.head
      FROM masp.chain_heads h FOR UPDATE;
    lock_books.at := masp.now();
    lock_books.today := (lock_books.at AT TIME ZONE 'Europe/Paris')::date;
    SELECT array_agg(j.code), array_agg(j.last_no)
      INTO lock_books.journal_codes, lock_books.journal_nos
      FROM masp.journals j;
    SELECT array_agg(a.code), array_agg(a.account_id), array_agg(b.seq),
           array_agg(b.debit_cents), array_agg(b.credit_cents)
      INTO lock_books.account_codes, lock_books.account_ids, lock_books.account_seqs,
           lock_books.account_debits, lock_books.account_credits
      FROM unnest(lock_books.codes) wanted
      JOIN masp.accounts a ON a.code = wanted COLLATE "C"
      JOIN masp.account_balances b ON b.account_id = a.account_id;
    SELECT array_agg(e.source), array_agg(e.entry_no), array_agg(e.journal_no),
           array_agg(e.content_hash)
      INTO lock_books.known_sources, lock_books.known_nos, lock_books.known_journal_nos,
           lock_books.known_hashes
      FROM unnest(lock_books.sources) wanted
      JOIN masp.entries e ON e.source = wanted COLLATE "C";
    IF cardinality(lock_books.undone) > 0 THEN
        SELECT array_agg(e.reverses) INTO lock_books.undone_nos
          FROM unnest(lock_books.undone) wanted
          JOIN masp.entries e ON e.reverses = wanted;
    END IF;
END
$$;
-- +goose StatementEnd

-- spread repeats the value of an array of one: a column of equal values is sent once. It takes the
-- search path of post_batch, so that it can be inlined there.
-- +goose StatementBegin
CREATE FUNCTION masp.spread(column_values anyarray, entries bigint) RETURNS anyarray
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN cardinality(column_values) = 1 AND entries > 1
                THEN array_fill(column_values[1], ARRAY[entries::integer]) ELSE column_values END
$$;
-- +goose StatementEnd

-- post_batch writes decided entries with their postings, texts and seal. (Arrays are unnested in the
-- SELECT list: in FROM each would be copied to a store of its own.) It believes nothing:
-- entry numbers, line numbers of accounts, balances and the head are counted or re-verified here.
-- new_codes are accounts opened by this batch, numbered after the last one in their order.
-- +goose StatementBegin
CREATE FUNCTION masp.post_batch(
    prev_head bytea, at timestamptz, merkle_root bytea, new_codes text[],
    journals text[], journal_nos bigint[], kinds text[], hubs text[],
    posted_days date[], booked_days date[], value_days date[], line_counts integer[],
    sources text[], actors text[], reversed bigint[], contents bytea[], commitments bytea[],
    leaves bytea[], salts bytea[], labels text[],
    line_entries bigint[], line_nos integer[], debits bigint[], credits bigint[], amounts bigint[],
    debit_seqs bigint[], debit_afters bigint[], credit_seqs bigint[], credit_afters bigint[],
    OUT new_head bytea
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan SET work_mem = '64MB'
AS $$
#variable_conflict use_column
DECLARE
    books     masp.chain_heads;
    entries   bigint := cardinality(sources);
    last_no   bigint;
    wanted    bigint;
    done      bigint;
    below     boolean;
    first_day date;
    last_day  date;
    ordered   boolean;
BEGIN
    SELECT * INTO books FROM masp.chain_heads FOR UPDATE;
    IF books.head IS DISTINCT FROM prev_head OR entries IS NULL OR entries = 0 THEN
        RAISE EXCEPTION 'the batch continues another head than batch %', books.last_batch
            USING ERRCODE = 'MA003';
    END IF;
    IF at > masp.now() OR at < masp.now() - interval '15 minutes' THEN
        RAISE EXCEPTION 'a batch is sealed at the time of the database' USING ERRCODE = 'MA003';
    END IF;
    last_no := books.last_entry + entries;
    IF entries > 1 THEN
        journals := masp.spread(journals, entries);
        kinds := masp.spread(kinds, entries);
        hubs := masp.spread(hubs, entries);
        actors := masp.spread(actors, entries);
        posted_days := masp.spread(posted_days, entries);
        booked_days := masp.spread(booked_days, entries);
        value_days := masp.spread(value_days, entries);
        line_counts := masp.spread(line_counts, entries);
        reversed := masp.spread(reversed, entries);
    END IF;
    line_nos := masp.spread(line_nos, cardinality(line_entries));
    IF '' = ANY (sources) OR '' = ANY (actors) OR 'infinity' = ANY (booked_days || value_days)
        OR '-infinity' = ANY (booked_days || value_days) THEN
        RAISE EXCEPTION 'an entry names its source and its actor, and its days are days'
            USING ERRCODE = 'MA006';
    END IF;

    first_day := posted_days[1];
    last_day := posted_days[cardinality(posted_days)];
    ordered := first_day = ALL (posted_days); -- as nearly always; counting costs more
    IF NOT ordered THEN
        SELECT min(day), max(day), bool_and(before IS NULL OR day >= before)
          INTO first_day, last_day, ordered
          FROM (SELECT day, lag(day) OVER (ORDER BY n) AS before
                  FROM unnest(posted_days) WITH ORDINALITY u (day, n)) d;
    END IF;
    IF first_day <= books.closed_through THEN
        RAISE EXCEPTION 'the books are closed through %', books.closed_through
            USING ERRCODE = 'MA004';
    END IF;
    IF first_day < books.last_posted_on OR NOT ordered
        OR last_day > (at AT TIME ZONE 'Europe/Paris')::date THEN
        RAISE EXCEPTION 'posting days go from % to today and never back', books.last_posted_on
            USING ERRCODE = 'MA005';
    END IF;

    IF cardinality(new_codes) > 0 THEN
        INSERT INTO masp.accounts (account_id, code)
        SELECT books.last_account + n, code FROM unnest(new_codes) WITH ORDINALITY u (code, n);
        INSERT INTO masp.account_balances (account_id, seq, debit_cents, credit_cents, floor_cents)
        SELECT books.last_account + n, 0, 0, 0,
               CASE WHEN split_part(code, ':', 1) IN ('467', '580') THEN 0 END
          FROM unnest(new_codes) WITH ORDINALITY u (code, n);
    END IF;

    INSERT INTO masp.entries
        (entry_no, journal_no, reverses, created_at, posted_on, booked_on, value_on, line_count,
         hash_version, journal, kind, hub, source, actor, content_hash, label_commitment, leaf)
    SELECT generate_series(books.last_entry + 1, last_no), unnest(journal_nos), unnest(reversed), at,
           unnest(posted_days), unnest(booked_days), unnest(value_days), unnest(line_counts), 1,
           unnest(journals), unnest(kinds), unnest(hubs), unnest(sources), unnest(actors),
           unnest(contents), unnest(commitments), unnest(leaves);
    INSERT INTO masp.entry_texts (entry_no, salt, label)
    SELECT generate_series(books.last_entry + 1, last_no), unnest(salts), unnest(labels);
    INSERT INTO masp.postings
        (entry_no, debit_account, credit_account, amount_cents,
         debit_seq, debit_after, credit_seq, credit_after, line_no)
    SELECT unnest(line_entries), unnest(debits), unnest(credits), unnest(amounts),
           unnest(debit_seqs), unnest(debit_afters), unnest(credit_seqs), unnest(credit_afters),
           unnest(line_nos);

    -- Numbers of each journal go on without a gap (unique keys keep them apart).
    WITH used AS (
        SELECT journal, count(*) AS n, max(no) AS last, min(no) AS first
          FROM (SELECT unnest(journals) AS journal, unnest(journal_nos) AS no) u GROUP BY journal
    ), counted AS (
        UPDATE masp.journals j SET last_no = used.last FROM used
         WHERE j.code = used.journal AND used.first = j.last_no + 1
           AND used.n = used.last - j.last_no
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM used), (SELECT count(*) FROM counted) INTO wanted, done;
    IF wanted <> done THEN
        RAISE EXCEPTION 'the numbers of a journal have a gap' USING ERRCODE = 'MA003';
    END IF;

    -- The lines of each entry are exactly 1 to line_count, and one side is one account, the hub. The
    -- first test is the usual batch, in which each entry has one line.
    IF (line_entries IS DISTINCT FROM ARRAY(SELECT generate_series(books.last_entry + 1, last_no))
        OR NOT 1 = ALL (line_nos) OR NOT 1 = ALL (line_counts)) AND EXISTS (
        SELECT
          FROM unnest(line_counts, hubs) WITH ORDINALITY e (lines, hub, n)
          FULL JOIN (SELECT entry_no, count(*) AS lines, max(line_no) AS last,
                            min(debit) = max(debit) AS one_debit,
                            min(credit) = max(credit) AS one_credit
                       FROM unnest(line_entries, line_nos, debits, credits)
                            u (entry_no, line_no, debit, credit)
                      GROUP BY entry_no) l ON l.entry_no = books.last_entry + e.n
         WHERE e.lines IS DISTINCT FROM l.lines OR e.lines IS DISTINCT FROM l.last
            OR NOT CASE e.hub WHEN 'D' THEN one_debit ELSE one_credit END
    ) THEN
        RAISE EXCEPTION 'an entry has lines 1 to line_count and one hub account'
            USING ERRCODE = 'MA006';
    END IF;

    -- Each account goes on from its last line: numbers without a gap, balance after balance. The
    -- balances themselves are counted here, once per account.
    WITH lines AS (
        SELECT unnest(debits) AS account, unnest(debit_seqs) AS seq, unnest(debit_afters) AS after,
               unnest(amounts) AS delta
        UNION ALL
        SELECT unnest(credits), unnest(credit_seqs), unnest(credit_afters), -unnest(amounts)
    ), ranked AS (
        SELECT account, after, delta, row_number() OVER line_order AS rank,
               seq - row_number() OVER line_order AS skipped, lag(after) OVER line_order AS before
          FROM lines WINDOW line_order AS (PARTITION BY account ORDER BY seq)
    ), totals AS (
        SELECT account, count(*) AS n, min(skipped) AS last_seq, max(after) AS highest,
               coalesce(sum(delta) FILTER (WHERE delta > 0), 0)::bigint AS debit,
               coalesce(sum(-delta) FILTER (WHERE delta < 0), 0)::bigint AS credit,
               min(after - delta) FILTER (WHERE rank = 1) AS start,
               min(skipped) = max(skipped) AND bool_and(rank = 1 OR after = before + delta)
                   AS continuous
          FROM ranked GROUP BY account
    ), moved AS (
        UPDATE masp.account_balances b
           SET seq = b.seq + t.n, debit_cents = b.debit_cents + t.debit,
               credit_cents = b.credit_cents + t.credit
          FROM totals t
         WHERE b.account_id = t.account AND t.continuous AND t.last_seq = b.seq
           AND t.start = b.debit_cents - b.credit_cents
        RETURNING b.floor_cents IS NOT NULL AND -t.highest < b.floor_cents AS below
    )
    SELECT (SELECT count(*) FROM totals), (SELECT count(*) FROM moved),
           (SELECT bool_or(m.below) FROM moved m)
      INTO wanted, done, below;
    IF wanted <> done THEN
        RAISE EXCEPTION 'the lines of an account do not continue it' USING ERRCODE = 'MA007';
    END IF;
    IF below THEN
        RAISE EXCEPTION 'an account falls below its floor within the batch'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_not_below_floor';
    END IF;
    IF cardinality(new_codes) > 0 AND EXISTS (
        SELECT FROM masp.account_balances WHERE account_id > books.last_account AND seq = 0) THEN
        RAISE EXCEPTION 'an account is opened by its first posting' USING ERRCODE = 'MA007';
    END IF;

    -- A reversal is the mirror of an earlier entry.
    IF 'REVERSAL' = ANY (kinds) AND EXISTS (
        SELECT
          FROM unnest(reversed) WITH ORDINALITY r (no, n)
          LEFT JOIN masp.entries e ON e.entry_no = r.no
         WHERE r.no IS NOT NULL AND (e.entry_no IS NULL OR r.no >= books.last_entry + r.n
            OR e.line_count <> line_counts[r.n]
            OR EXISTS (SELECT FROM masp.postings o
                         JOIN masp.postings m ON m.line_no = o.line_no
                        WHERE o.entry_no = r.no AND m.entry_no = books.last_entry + r.n
                          AND (m.debit_account, m.credit_account, m.amount_cents)
                           <> (o.credit_account, o.debit_account, o.amount_cents)))
    ) THEN
        RAISE EXCEPTION 'a reversal mirrors the entry that it names' USING ERRCODE = 'MA009';
    END IF;

    new_head := sha256('\x02'::bytea || '\x01'::bytea || masp.field('head'::text)
        || masp.field(books.head) || masp.field(books.last_batch + 1)
        || masp.field(books.last_entry + 1) || masp.field(last_no)
        || masp.field(merkle_root) || masp.field(masp.micros(at)));
    INSERT INTO masp.seals (batch_no, first_entry, last_entry, sealed_at, merkle_root, head)
    VALUES (books.last_batch + 1, books.last_entry + 1, last_no, at, post_batch.merkle_root, new_head);
    UPDATE masp.chain_heads SET last_batch = books.last_batch + 1, last_entry = last_no,
        last_account = books.last_account + coalesce(cardinality(new_codes), 0),
        last_posted_on = last_day, head = new_head;
END
$$;
-- +goose StatementEnd

-- close_books closes the month after the last closed one, or reopens the last closed month.
-- It takes the lock of the books: no posting can slip under it.
-- +goose StatementBegin
CREATE FUNCTION masp.close_books(act text, month date, actor text) RETURNS masp.closings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    books     masp.chain_heads;
    month_end date := (close_books.month + interval '1 month' - interval '1 day')::date;
    closing   masp.closings;
BEGIN
    SELECT * INTO books FROM masp.chain_heads FOR UPDATE;
    closing := (books.last_closing + 1, close_books.act, close_books.month, books.closed_through,
        month_end, books.last_entry, books.head, close_books.actor, masp.now());
    IF close_books.act = 'CLOSE' THEN
        IF month_end >= masp.today() THEN
            RAISE EXCEPTION 'the month of % is not over', close_books.month USING ERRCODE = 'MA018';
        END IF;
        IF close_books.month <> books.closed_through + 1 THEN
            RAISE EXCEPTION 'the next month to close begins on %', books.closed_through + 1
                USING ERRCODE = 'MA018';
        END IF;
    ELSE
        IF books.closed_through IS DISTINCT FROM month_end THEN
            RAISE EXCEPTION 'only the last closed month can be reopened: closed through %',
                coalesce(books.closed_through::text, 'none') USING ERRCODE = 'MA018';
        END IF;
        SELECT c.closed_before INTO closing.closed_through FROM masp.closings c
         WHERE c.act = 'CLOSE' AND c.month = close_books.month
         ORDER BY c.closing_no DESC LIMIT 1;
    END IF;
    INSERT INTO masp.closings SELECT closing.*;
    UPDATE masp.chain_heads
       SET last_closing = closing.closing_no, closed_through = closing.closed_through;
    RETURN closing;
END
$$;
-- +goose StatementEnd

-- account_seq_on is the number of the last line of an account posted on or before a day, 0 if none.
-- Numbers of an account and posting days rise together, so a binary search finds it: about twenty
-- look-ups by key in a million lines.
-- +goose StatementBegin
CREATE FUNCTION masp.account_seq_on(account bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    low    bigint := 0;
    high   bigint;
    middle bigint;
    posted date;
BEGIN
    SELECT b.seq INTO high FROM masp.account_balances b WHERE b.account_id = account;
    middle := high;
    WHILE low < high LOOP
        SELECT e.posted_on INTO posted FROM masp.entries e
         WHERE e.entry_no = coalesce(
            (SELECT p.entry_no FROM masp.postings p
              WHERE p.debit_account = account AND p.debit_seq = middle),
            (SELECT p.entry_no FROM masp.postings p
              WHERE p.credit_account = account AND p.credit_seq = middle));
        IF posted <= day THEN low := middle; ELSE high := middle - 1; END IF;
        middle := (low + high + 1) / 2;
    END LOOP;
    RETURN low;
END
$$;
-- +goose StatementEnd

-- account_lines is a stretch of the lines of an account, by the unique keys of its two sides. It is a
-- function for the sake of its plan: with parameters unknown the planner takes a stretch for half the
-- table, and starts parallel workers to read fifty lines.
-- +goose StatementBegin
CREATE FUNCTION masp.account_lines(account bigint, first bigint, last bigint)
RETURNS TABLE (
    seq bigint, entry_no bigint, journal text, journal_no bigint, posted_on date, booked_on date,
    value_on date, kind text, source text, label text, debit_cents bigint, after_cents bigint,
    on_hub boolean
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT m.seq, e.entry_no, e.journal, e.journal_no, e.posted_on, e.booked_on, e.value_on,
           e.kind, e.source, t.label, m.cents, m.after, e.hub = m.side
      FROM (SELECT p.entry_no, p.debit_seq::bigint AS seq, p.amount_cents AS cents, p.debit_after AS after,
                   'D' AS side
              FROM masp.postings p
             WHERE p.debit_account = account AND p.debit_seq BETWEEN first AND last
             UNION ALL
            SELECT p.entry_no, p.credit_seq::bigint, -p.amount_cents, p.credit_after, 'C'
              FROM masp.postings p
             WHERE p.credit_account = account AND p.credit_seq BETWEEN first AND last) m
      JOIN masp.entries e ON e.entry_no = m.entry_no
      JOIN masp.entry_texts t ON t.entry_no = m.entry_no
     ORDER BY m.seq;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON ALL TABLES IN SCHEMA masp FROM PUBLIC;
REVOKE ALL ON FUNCTION masp.lock_books(text[], text[], bigint[]),
    masp.post_batch(bytea, timestamptz, bytea, text[], text[], bigint[], text[], text[], date[],
        date[], date[], integer[], text[], text[], bigint[], bytea[], bytea[], bytea[], bytea[],
        text[], bigint[], integer[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[],
        bigint[]),
    masp.close_books(text, date, text), masp.account_seq_on(bigint, date),
    masp.account_lines(bigint, bigint, bigint), masp.spread(anyarray, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.lock_books(text[], text[], bigint[]),
    masp.post_batch(bytea, timestamptz, bytea, text[], text[], bigint[], text[], text[], date[],
        date[], date[], integer[], text[], text[], bigint[], bytea[], bytea[], bytea[], bytea[],
        text[], bigint[], integer[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[],
        bigint[]),
    masp.close_books(text, date, text), masp.account_seq_on(bigint, date),
    masp.account_lines(bigint, bigint, bigint) TO masp_app;
GRANT SELECT ON masp.journals, masp.accounts, masp.account_balances, masp.entries, masp.entry_texts,
    masp.postings, masp.seals, masp.chain_heads, masp.closings, masp.posting_lines TO masp_app;
