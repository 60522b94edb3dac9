-- What auditors see.  Rows are decoded here, in SQL, so that no program is
-- needed to read the log.
\set ON_ERROR_STOP on
BEGIN;

-- One CBOR head at byte `at` (from 0): major type, argument, and the byte
-- behind it.  Only what a row may hold (src/audit/README.md).
CREATE FUNCTION dasi.cbor_head(r bytea, at integer, OUT major integer,
    OUT arg bigint, OUT next integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	info integer := get_byte(r, at) & 31;
	width integer;
BEGIN
	major := get_byte(r, at) >> 5;
	next := at + 1;
	IF info < 24 OR major = 7 THEN
		arg := info;
		RETURN;
	END IF;
	width := CASE info WHEN 24 THEN 1 WHEN 25 THEN 2 WHEN 26 THEN 4
	    WHEN 27 THEN 8 END;
	IF width IS NULL THEN
		RAISE EXCEPTION 'not an audit row';
	END IF;
	arg := 0;
	FOR i IN 0..width - 1 LOOP
		arg := (arg << 8) | get_byte(r, next + i);
	END LOOP;
	next := next + width;
END $$;

-- A row as its parts.  Bytes among the fields are shown as hex.
CREATE FUNCTION dasi.row_parts(r bytea, OUT seq bigint, OUT mono_ms bigint,
    OUT wall_at timestamptz, OUT actor text, OUT role text, OUT case_no text,
    OUT kind text, OUT fields jsonb)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	at    integer := 1;
	key   bigint := -1;
	h     record;
	name  text;
	count bigint;
BEGIN
	fields := '{}';
	WHILE key < 10 LOOP
		SELECT * INTO h FROM dasi.cbor_head(r, at);
		key := h.arg;
		SELECT * INTO h FROM dasi.cbor_head(r, h.next);
		at := h.next;
		IF h.major IN (2, 3) THEN
			at := at + h.arg;
		END IF;
		CASE key
		WHEN 3 THEN seq := h.arg;
		WHEN 4 THEN mono_ms := h.arg;
		WHEN 5 THEN wall_at := to_timestamp(CASE h.major WHEN 0
		    THEN h.arg ELSE -1 - h.arg END / 1000.0);
		WHEN 6 THEN actor := convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8');
		WHEN 7 THEN role := convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8');
		WHEN 8 THEN case_no := convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8');
		WHEN 9 THEN kind := convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8');
		ELSE NULL;
		END CASE;
	END LOOP;
	count := h.arg;
	WHILE count > 0 LOOP
		SELECT * INTO h FROM dasi.cbor_head(r, at);
		name := convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8');
		SELECT * INTO h FROM dasi.cbor_head(r, (h.next + h.arg)::int);
		at := h.next;
		IF h.major IN (2, 3) THEN
			at := at + h.arg;
		END IF;
		fields := fields || jsonb_build_object(name, CASE h.major
		    WHEN 0 THEN to_jsonb(h.arg)
		    WHEN 1 THEN to_jsonb(-1 - h.arg)
		    WHEN 2 THEN to_jsonb(encode(substr(r, h.next + 1, h.arg::int), 'hex'))
		    WHEN 3 THEN to_jsonb(convert_from(substr(r, h.next + 1, h.arg::int), 'UTF8'))
		    WHEN 7 THEN to_jsonb(h.arg = 21) END);
		count := count - 1;
	END LOOP;
END $$;

CREATE VIEW dasi.row_list AS
	SELECT a.branch, a.seq, p.wall_at, p.actor, p.role, p.case_no, p.kind,
	       p.fields, a.received_at, encode(a.hash, 'hex') AS hash
	  FROM dasi.audit_row a, dasi.row_parts(a."row") p;

-- One line per branch.
CREATE VIEW dasi.branch_status AS
	SELECT b.branch, s.size, s.checkpoint_size, s.cosigned_size,
	       greatest(s.checkpoint_size - s.size, 0) AS rows_missing,
	       s.last_seen, s.last_row, b.silent_after,
	       s.last_seen IS NULL OR s.last_seen < now() - b.silent_after AS silent,
	       (SELECT count(*) FROM dasi.finding f WHERE f.branch = b.branch)
	           AS findings
	  FROM dasi.branch b JOIN dasi.branch_state s USING (branch);

-- A cut tail shows in nothing but silence, so silence is an alarm.
CREATE VIEW dasi.silence_alarm AS
	SELECT branch, last_seen, now() - last_seen AS silent_for, silent_after
	  FROM dasi.branch_status WHERE silent;

-- Rows missing from this copy: the first missing seq and how many.  The sink
-- never leaves a gap; one here means that rows were taken out afterwards.
CREATE VIEW dasi.gap_list AS
	SELECT branch, before + 1 AS first_missing, seq - before - 1 AS missing
	  FROM (SELECT branch, seq,
	               lag(seq, 1, -1::bigint) OVER (PARTITION BY branch ORDER BY seq)
	                   AS before
	          FROM (SELECT branch, seq FROM dasi.audit_row
	                UNION ALL
	                SELECT branch, size FROM dasi.branch_state) every) pair
	 WHERE seq <> before + 1;

CREATE VIEW dasi.finding_list AS
	SELECT branch, kind, seq, encode(ours, 'hex') AS ours,
	       encode(theirs, 'hex') AS theirs, first_seen, last_seen, times
	  FROM dasi.finding;

-- Per branch, Korean day and kind: how many rows, and the sum of their field
-- `won` where they carry one (pay.*), else NULL.
CREATE VIEW dasi.daily_totals AS
	SELECT a.branch, (p.wall_at AT TIME ZONE 'Asia/Seoul')::date AS day, p.kind,
	       count(*) AS "rows", sum((p.fields ->> 'won')::bigint) AS won
	  FROM dasi.audit_row a, dasi.row_parts(a."row") p
	 GROUP BY 1, 2, 3;

-- Payment rows: kind "pay." and the state the payment came to, with its won and
-- method.  A card payment is told by its service_id, others by their case.
CREATE VIEW dasi.payment_list AS
	SELECT branch, seq, wall_at, (wall_at AT TIME ZONE 'Asia/Seoul')::date AS day,
	       case_no, coalesce(fields ->> 'service_id',
	           (fields ->> 'method') || ' ' || case_no, 'row ' || seq) AS payment,
	       substr(kind, 5) AS state, fields ->> 'method' AS method,
	       (fields ->> 'won')::bigint AS won
	  FROM dasi.row_list WHERE kind LIKE 'pay.%';

-- What a branch took and gave back a day, to be held against the statement of
-- the card company and the cash of the counter.
CREATE VIEW dasi.daily_payments AS
	SELECT branch, day, method,
	       count(*) FILTER (WHERE state IN ('approved', 'cash')) AS paid,
	       coalesce(sum(won) FILTER (WHERE state IN ('approved', 'cash')), 0)
	           AS paid_won,
	       count(*) FILTER (WHERE state IN ('reversed', 'refunded')) AS back,
	       coalesce(sum(won) FILTER (WHERE state IN ('reversed', 'refunded')), 0)
	           AS back_won,
	       coalesce(sum(CASE WHEN state IN ('approved', 'cash') THEN won
	           WHEN state IN ('reversed', 'refunded') THEN -won END), 0) AS net_won
	  FROM dasi.payment_list GROUP BY 1, 2, 3;

-- Payments whose own rows do not add up.  One is open when it came to no end
-- an hour before the branch's newest row.
CREATE VIEW dasi.payment_check AS
	WITH newest AS (
		SELECT s.branch, p.wall_at
		  FROM dasi.branch_state s
		  JOIN dasi.audit_row a ON a.branch = s.branch AND a.seq = s.size - 1,
		       dasi.row_parts(a."row") p
	), pay AS (
		SELECT branch, payment, min(case_no) AS case_no,
		       count(*) FILTER (WHERE state IN ('approved', 'cash')) AS paid,
		       count(*) FILTER (WHERE state IN ('reversed', 'refunded')) AS back,
		       max(won) AS most, min(won) AS least, max(wall_at) AS last_at,
		       (array_agg(state ORDER BY seq DESC))[1] AS state
		  FROM dasi.payment_list GROUP BY 1, 2
	), judged AS (
		SELECT p.branch, p.payment, p.case_no, p.state, p.last_at,
		       CASE WHEN p.back > p.paid THEN 'given back without payment'
		            WHEN p.paid > 1 THEN 'paid twice'
		            WHEN p.most <> p.least THEN 'amounts differ'
		            WHEN p.state IN ('started', 'reversing', 'refund_due')
		             AND n.wall_at > p.last_at + interval '1 hour'
		            THEN 'open' END AS what
		  FROM pay p JOIN newest n USING (branch)
	)
	SELECT branch, payment, case_no, state, last_at, what
	  FROM judged WHERE what IS NOT NULL
	UNION ALL
	SELECT branch, NULL, case_no, NULL, max(last_at), 'case paid twice'
	  FROM pay WHERE case_no IS NOT NULL
	 GROUP BY branch, case_no HAVING sum(paid - back) > 1;

COMMIT;
