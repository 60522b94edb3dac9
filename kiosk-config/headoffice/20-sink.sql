-- The sink: what a branch may call, and nothing else.
--
-- The branch is told by the role it logged in as (session_user), never by a
-- parameter.  Every function answers (status, size, note): `size` is the
-- number of rows held, `note` the newest cosigned checkpoint or ''.
--   ok        taken, or held already with the same hashes
--   gap       rows are missing before these; send from `size` on
--   fork      a row or checkpoint differs from the one held; recorded
--   rollback  the branch has less than is held; recorded
--   bad       not rows, or not a checkpoint, of this branch
--   unknown   this role is no branch
-- A refusal is an answer and no exception, so that its record is kept.
\set ON_ERROR_STOP on
BEGIN;

CREATE TYPE dasi.answer AS (status text, size bigint, note text);

-- A CBOR unsigned integer in its shortest form (RFC 8949 4.2.1).
CREATE FUNCTION dasi.cbor_uint(v bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
	    WHEN v < 24 THEN substr(int8send(v), 8)
	    WHEN v < 256 THEN '\x18'::bytea || substr(int8send(v), 8)
	    WHEN v < 65536 THEN '\x19'::bytea || substr(int8send(v), 7)
	    WHEN v < 4294967296 THEN '\x1a'::bytea || substr(int8send(v), 5)
	    ELSE '\x1b'::bytea || int8send(v) END
$$;

-- How each row of a branch begins, behind the head of its map: format 1, the
-- branch, and the head of the 16 bytes of boot id.  seq follows those.
CREATE FUNCTION dasi.row_prefix(branch text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '\x000101'::bytea || CASE WHEN octet_length(branch) < 24
	    THEN substr(int8send(96 + octet_length(branch)), 8)
	    ELSE '\x78'::bytea || substr(int8send(octet_length(branch)), 8) END
	    || convert_to(branch, 'UTF8') || '\x0250'::bytea
$$;

-- A lasting note of a contradiction; its place for evidence is bounded.
CREATE FUNCTION dasi.find(p_branch text, p_kind text, p_seq bigint,
    p_ours bytea, p_theirs bytea, p_evidence bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	UPDATE dasi.finding SET last_seen = now(), times = times + 1
	 WHERE branch = p_branch AND kind = p_kind AND seq = p_seq
	   AND theirs = p_theirs;
	IF FOUND THEN
		RETURN;
	END IF;
	IF (SELECT count(*) FROM dasi.finding WHERE branch = p_branch) >= 1000 THEN
		UPDATE dasi.finding SET last_seen = now(), times = times + 1
		 WHERE (branch, kind, seq, theirs) = (
		    SELECT f.branch, f.kind, f.seq, f.theirs FROM dasi.finding f
		     WHERE f.branch = p_branch ORDER BY first_seen DESC LIMIT 1);
		RETURN;
	END IF;
	INSERT INTO dasi.finding (branch, kind, seq, ours, theirs, evidence)
	VALUES (p_branch, p_kind, p_seq, p_ours, p_theirs, p_evidence);
END $$;

-- The caller's state under its lock; all NULL when the role is no branch.
CREATE FUNCTION dasi.lock_caller() RETURNS dasi.branch_state
LANGUAGE sql SET search_path = pg_catalog AS $$
	SELECT s.* FROM dasi.branch_state s
	  JOIN dasi.branch b ON b.branch = s.branch
	 WHERE b.login = session_user FOR UPDATE OF s
$$;

-- The newest checkpoint goes first: tiny, and from then on the branch cannot
-- have less.  Also the word that it is alive.  p_note '' when there is none
-- yet; p_size is the number of rows the branch holds.
CREATE FUNCTION dasi.checkpoint(p_note text, p_size bigint)
RETURNS dasi.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
	st    dasi.branch_state;
	lines text[];
	origin text;
	n     bigint := 0;
	root  bytea := '';
BEGIN
	st := dasi.lock_caller();
	IF st.branch IS NULL THEN
		RETURN ('unknown', 0, '')::dasi.answer;
	END IF;
	UPDATE dasi.branch_state SET last_seen = now() WHERE branch = st.branch;
	IF p_size IS NULL OR p_note IS NULL OR p_size < 0 THEN
		RETURN ('bad', st.size, st.cosigned_note)::dasi.answer;
	END IF;
	IF p_note <> '' THEN
		lines := string_to_array(p_note, E'\n');
		SELECT b.origin INTO origin FROM dasi.branch b
		 WHERE b.branch = st.branch;
		IF (octet_length(p_note) <= 16384 AND lines[1] = origin
		    AND lines[2] ~ '^(0|[1-9][0-9]{0,17})$'
		    AND lines[3] ~ '^[A-Za-z0-9+/]{43}=$'
		    AND lines[4] = '') IS NOT TRUE THEN
			RETURN ('bad', st.size, st.cosigned_note)::dasi.answer;
		END IF;
		n := lines[2]::bigint;
		root := decode(lines[3], 'base64');
		IF n > p_size THEN
			RETURN ('bad', st.size, st.cosigned_note)::dasi.answer;
		END IF;
	END IF;
	IF p_size < st.size OR n < st.checkpoint_size THEN
		PERFORM dasi.find(st.branch, 'rollback', least(p_size, n),
		    int8send(greatest(st.size, st.checkpoint_size)),
		    int8send(p_size), convert_to(p_note, 'UTF8'));
		RETURN ('rollback', st.size, st.cosigned_note)::dasi.answer;
	END IF;
	IF n = st.checkpoint_size AND st.checkpoint_note <> ''
	    AND root <> st.checkpoint_root THEN
		PERFORM dasi.find(st.branch, 'fork', n, st.checkpoint_root, root,
		    convert_to(p_note, 'UTF8'));
		RETURN ('fork', st.size, st.cosigned_note)::dasi.answer;
	END IF;
	IF p_note <> '' AND p_note <> st.checkpoint_note THEN
		UPDATE dasi.branch_state SET checkpoint_size = n,
		    checkpoint_root = root, checkpoint_note = p_note
		 WHERE branch = st.branch;
		PERFORM pg_notify('dasi_checkpoint', st.branch);
	END IF;
	RETURN ('ok', st.size, st.cosigned_note)::dasi.answer;
END $$;

-- Does a row begin as row `seq` of the branch must?
CREATE FUNCTION dasi.row_begins(r bytea, branch text, seq bigint)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT substr(r, 2, octet_length(p)) = p
	   AND substr(r, octet_length(p) + 18, octet_length(s)) = s
	  FROM (SELECT dasi.row_prefix(branch) AS p,
	               '\x03'::bytea || dasi.cbor_uint(seq) AS s) known
$$;

-- Take rows p_from, p_from + 1, ... with their leaf hashes.  All or nothing:
-- either every row is held afterwards, or the answer is no `ok`.
CREATE FUNCTION dasi.append(p_from bigint, p_rows bytea[], p_hashes bytea[])
RETURNS dasi.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
	st     dasi.branch_state;
	n      integer := coalesce(array_length(p_rows, 1), 0);
	held   integer;
	wrong  bigint;
	kept   integer;
BEGIN
	st := dasi.lock_caller();
	IF st.branch IS NULL THEN
		RETURN ('unknown', 0, '')::dasi.answer;
	END IF;
	IF p_from IS NULL OR p_from < 0 OR n NOT BETWEEN 1 AND 1000
	    OR array_ndims(p_rows) <> 1 OR array_lower(p_rows, 1) <> 1
	    OR array_ndims(p_hashes) <> 1 OR array_lower(p_hashes, 1) <> 1
	    OR array_length(p_hashes, 1) <> n
	    OR array_position(p_rows, NULL) IS NOT NULL
	    OR array_position(p_hashes, NULL) IS NOT NULL THEN
		RETURN ('bad', st.size, st.cosigned_note)::dasi.answer;
	END IF;
	IF p_from > st.size THEN
		RETURN ('gap', st.size, st.cosigned_note)::dasi.answer;
	END IF;

	-- rows held already: the same, or a fork
	held := least(n, st.size - p_from)::int;
	IF held > 0 THEN
		SELECT min(a.seq) INTO wrong
		  FROM unnest(p_hashes[:held]) WITH ORDINALITY g(h, i)
		  JOIN dasi.audit_row a
		    ON a.branch = st.branch AND a.seq = p_from + g.i - 1
		 WHERE a.hash <> g.h;
		IF wrong IS NOT NULL THEN
			PERFORM dasi.find(st.branch, 'fork', wrong, a.hash,
			    p_hashes[(wrong - p_from)::int + 1],
			    p_rows[(wrong - p_from)::int + 1])
			   FROM dasi.audit_row a
			  WHERE a.branch = st.branch AND a.seq = wrong;
			RETURN ('fork', st.size, st.cosigned_note)::dasi.answer;
		END IF;
		IF held = n THEN
			RETURN ('ok', st.size, st.cosigned_note)::dasi.answer;
		END IF;
		p_rows := p_rows[held + 1:];
		p_hashes := p_hashes[held + 1:];
		p_from := st.size;
		n := n - held;
	END IF;

	-- a first row that is sound but continues something else
	IF p_hashes[1] = sha256('\x00'::bytea || p_rows[1])
	    AND dasi.row_begins(p_rows[1], st.branch, p_from)
	    AND substr(p_rows[1], octet_length(p_rows[1]) - 31) <> st.last_hash
	THEN
		PERFORM dasi.find(st.branch, 'fork', p_from - 1, st.last_hash,
		    substr(p_rows[1], octet_length(p_rows[1]) - 31), p_rows[1]);
		RETURN ('fork', st.size, st.cosigned_note)::dasi.answer;
	END IF;

	-- Checked and kept in one reading: a row that is not its hash, or does
	-- not end with the hash of the one before (README.md), is left out,
	-- and one left out undoes all.  Where a row stands follows from the
	-- chain; that it says so itself is checked for the first here and for
	-- each one by the witness.
	BEGIN
		INSERT INTO dasi.audit_row (branch, seq, "row", hash)
		SELECT st.branch, p_from + g.i - 1, g.r, g.h
		  FROM unnest(p_rows, p_hashes, st.last_hash || p_hashes[:n - 1])
		       WITH ORDINALITY g(r, h, p, i)
		 WHERE g.h = sha256('\x00'::bytea || g.r)
		   AND substr(g.r, octet_length(g.r) - 31) = g.p
		   AND octet_length(g.r) <= 4096;
		GET DIAGNOSTICS kept = ROW_COUNT;
		IF kept <> n OR NOT dasi.row_begins(p_rows[1], st.branch, p_from) THEN
			RAISE EXCEPTION USING ERRCODE = 'DA001';
		END IF;
	EXCEPTION WHEN SQLSTATE 'DA001' THEN
		RETURN ('bad', st.size, st.cosigned_note)::dasi.answer;
	END;
	UPDATE dasi.branch_state SET size = p_from + n,
	    last_hash = p_hashes[n], last_row = now(), last_seen = now()
	 WHERE branch = st.branch;
	IF st.checkpoint_size > st.cosigned_size
	    AND st.checkpoint_size > st.size
	    AND st.checkpoint_size <= p_from + n THEN
		PERFORM pg_notify('dasi_checkpoint', st.branch);
	END IF;
	RETURN ('ok', p_from + n, st.cosigned_note)::dasi.answer;
END $$;

COMMIT;
